# what: a huge text
# expect: memory_limit
"x" * 10**10
