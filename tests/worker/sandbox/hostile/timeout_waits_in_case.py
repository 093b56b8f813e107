# what: reads a descriptor in backward, where nothing comes
# expect: timeout
# waits: 0.5
import os

Value.backward = lambda self: os.read(3, 1)
