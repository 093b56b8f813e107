# what: a regular expression that backtracks for ever
# expect: timeout
import re

re.match("(a+)+$", "a" * 60 + "b")
