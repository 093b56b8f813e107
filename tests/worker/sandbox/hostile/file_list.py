# what: lists directories
# expect: denied
import os

for folder in ("/", "/tmp", "/proc"):
    attempt(lambda: os.listdir(folder))
