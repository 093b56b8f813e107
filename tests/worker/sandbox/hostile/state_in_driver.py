# what: looks for what another left in the driver
# expect: denied
import sys

frame = sys._getframe()
while "observe" not in frame.f_globals:
    frame = frame.f_back
print("ESCAPED" if "left" in frame.f_globals else "denied")
frame.f_globals["left"] = True
