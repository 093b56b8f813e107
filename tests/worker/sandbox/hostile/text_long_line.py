# what: a line of a megabyte
# expect: passed
# made: honest + "x = " + "1 + " * 250 + "1; y = " + repr("x" * 1_000_000)
