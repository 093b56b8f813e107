# what: lines as on Windows
# expect: passed
# made: honest.replace("\n", "\r\n")
