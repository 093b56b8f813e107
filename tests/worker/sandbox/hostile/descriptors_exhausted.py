# what: uses up the descriptors
# expect: denied
import os

attempt(lambda: os.dup(1))
attempt(lambda: os.dup2(1, 4))
attempt(os.pipe)
