# what: answers with JSON 60,000 deep
# expect: invalid_output
import os

body = b"[" * 60_000
os.write(4, len(body).to_bytes(4, "big") + body)
os._exit(0)
