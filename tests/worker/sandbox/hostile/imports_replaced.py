# what: puts itself in the place of the modules
# expect: passed
import builtins
import sys

builtins.__import__ = lambda *_, **__: None
for name in list(sys.modules):
    if name != "student":
        sys.modules[name] = None
