# what: a NUL byte
# expect: syntax_error
# made: honest + "\0"
