# what: writes to stderr without end
# expect: output_limit
import sys

while True:
    print("flood" * 100, file=sys.stderr)
