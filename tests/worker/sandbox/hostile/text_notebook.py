# what: a notebook that nests without end
# expect: syntax_error
# made: '{"cells": ' + "[" * 100_000
