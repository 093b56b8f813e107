# what: answers with a member too many
# expect: invalid_output
import os

body = b'{"id":1,"class":"Value","score":100}'
os.write(4, len(body).to_bytes(4, "big") + body)
os._exit(0)
