# what: answers with an integer of 20,000 digits
# expect: invalid_output
import os

body = b'{"id":1,"class":' + b'9' * 20_000 + b'}'
os.write(4, len(body).to_bytes(4, "big") + body)
os._exit(0)
