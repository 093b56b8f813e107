# what: a file that says it is latin-1
# expect: passed
# made: "# -*- coding: latin-1 -*-\n" + honest + "# caf\xe9\n"
