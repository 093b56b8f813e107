# what: collects what never ends
# expect: memory_limit
import itertools

list(itertools.count())
