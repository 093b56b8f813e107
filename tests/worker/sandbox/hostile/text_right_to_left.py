# what: text that reads otherwise than it runs
# expect: passed
# made: honest + "x = 1  # \u202e\u2066 return\n"
