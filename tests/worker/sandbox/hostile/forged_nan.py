# what: answers with NaN as JSON does not know it
# expect: invalid_output
import os

body = b'{"id":1,"class":NaN}'
os.write(4, len(body).to_bytes(4, "big") + body)
os._exit(0)
