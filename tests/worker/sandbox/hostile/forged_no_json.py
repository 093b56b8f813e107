# what: answers with bytes that are no text
# expect: invalid_output
import os

body = b"\xff\xfe" * 100
os.write(4, len(body).to_bytes(4, "big") + body)
os._exit(0)
