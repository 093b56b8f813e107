# what: computes for ever
# expect: timeout
sum(iter(int, 1))
