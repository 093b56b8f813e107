# what: keeps something for the next submission
# expect: denied
import sys

print("ESCAPED" if hasattr(sys, "left") else "denied")
sys.left = True
