# what: patches what the driver could use
# expect: passed
import json
import math
import operator
import os
import struct

json.encoder.encode_basestring_ascii = None
for module in (json, math, operator, struct):
    for name in list(vars(module)):
        if not name.startswith("__"):
            setattr(module, name, None)
os.read = os.write = None
