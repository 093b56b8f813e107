# what: tells again which layers hold
# expect: invalid_output
import os

body = b'{"id":0,"layers":{}}'
os.write(4, len(body).to_bytes(4, "big") + body)
os._exit(0)
