# what: a file of a megabyte
# expect: passed
# made: honest + "# padding\n" * 100_000
