# what: nothing but blanks
# expect: no_class
# made: "\n \t\f\n" * 1000
