# what: answers with a verdict of its own
# expect: invalid_output
import os

body = b'{"id":1,"failure":{"verdict":"passed","message":""}}'
os.write(4, len(body).to_bytes(4, "big") + body)
os._exit(0)
