# what: prints without end in the middle of a case
# expect: output_limit
def backward(self):
    while True:
        print("flood" * 100)


Value.backward = backward
