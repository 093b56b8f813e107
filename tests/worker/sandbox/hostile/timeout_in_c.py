# what: computes for ever inside one operation
# expect: timeout
9**9**9
