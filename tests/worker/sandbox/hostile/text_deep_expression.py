# what: an expression of 100,000 parentheses
# expect: syntax_error
# made: "(" * 100_000 + ")" * 100_000
