# what: half a character
# expect: syntax_error
# made: honest + "# \ud800"
