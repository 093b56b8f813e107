# what: gives itself more
# expect: denied
import resource

for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE):
    attempt(lambda: resource.setrlimit(kind, (2**30, 2**30)), ValueError)
    attempt(lambda: resource.prlimit(0, kind))
