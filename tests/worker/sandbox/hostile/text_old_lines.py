# what: lines as on old machines
# expect: passed
# made: honest.replace("\n", "\r")
