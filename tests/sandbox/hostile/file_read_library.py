# what: reads the standard library
# expect: denied
import os

attempt(lambda: open(os.__file__).read())
attempt(lambda: os.listdir(os.path.dirname(os.__file__)))
