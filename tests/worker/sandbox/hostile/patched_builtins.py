# what: patches builtins
# expect: passed
import builtins

for name in ("float", "len", "isinstance", "getattr", "vars", "dict", "issubclass", "abs"):
    setattr(builtins, name, None)
