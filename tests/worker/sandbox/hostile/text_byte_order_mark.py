# what: a file that begins with a byte order mark
# expect: passed
# made: "\ufeff" + honest
