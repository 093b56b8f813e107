# what: a giant integer
# expect: memory_limit
1 << 10**11
