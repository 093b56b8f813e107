# what: a giant list
# expect: memory_limit
[0] * 10**9
