# what: a file that indents without end
# expect: syntax_error
# made: "".join(" " * depth + "if 1:\n" for depth in range(200))
