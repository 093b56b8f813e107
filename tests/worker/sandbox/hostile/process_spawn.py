# what: spawns a program
# expect: denied
import os

attempt(lambda: os.posix_spawn("/bin/true", ["true"], {}))
attempt(lambda: os.posix_spawnp("true", ["true"], {}))
attempt(lambda: os.spawnv(os.P_NOWAIT, "/bin/true", ["true"]))
