# what: answers in the middle of a case, with wrong numbers
# expect: invalid_output
import os


def backward(self):
    body = b'{"id":2,"numbers":[' + b",".join([b"0"] * 14) + b"]}"
    os.write(4, 2 * (len(body).to_bytes(4, "big") + body))


Value.backward = backward
