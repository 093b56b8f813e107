# what: makes links and changes rights
# expect: denied
import os

attempt(lambda: os.symlink("/etc/passwd", "/tmp/link"))
attempt(lambda: os.link("/etc/passwd", "/tmp/link"))
attempt(lambda: os.chmod("/tmp", 0o777))
attempt(lambda: os.mkdir("/tmp/folder"))
attempt(lambda: os.unlink("/tmp/link"))
