# what: forks without end
# expect: denied
import os

for _ in range(1000):
    try:
        os.fork()
    except OSError:
        continue
    print("ESCAPED")
print("denied")
