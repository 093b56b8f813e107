# what: finds a descriptor that was left open
# expect: denied
import fcntl

for descriptor in range(5, 3000):
    try:
        fcntl.fcntl(descriptor, fcntl.F_GETFD)
    except OSError:
        continue
    print("ESCAPED", descriptor)
print("denied")
