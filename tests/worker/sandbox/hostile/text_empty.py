# what: nothing at all
# expect: no_class
# made: ""
