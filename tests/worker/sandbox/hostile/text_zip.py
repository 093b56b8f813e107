# what: a packed notebook
# expect: syntax_error
# made: "PK\3\4" + "\0" * 100_000
