# what: gives advice on memory that tells of others, or harms them
# expect: denied
page = syscall("mmap", 0, 4096, 3, 0x22, -1, 0)
MERGEABLE, POISON, WIPE_ON_FORK, COLD, PAGE_OUT, POPULATE = 12, 100, 18, 20, 21, 22
for advice in (MERGEABLE, POISON, WIPE_ON_FORK, COLD, PAGE_OUT, POPULATE, 0, 9, 10, 11, 16, 102):
    attempt(lambda: syscall("madvise", page, 4096, advice))
