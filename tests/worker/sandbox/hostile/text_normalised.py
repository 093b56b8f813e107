# what: an identifier that becomes Value
# expect: passed
# made: honest.replace("class Value", "class \uff36alue")
# A full-width letter, which Python reads as the plain one.
