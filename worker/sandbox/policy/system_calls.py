"""The system calls that a student's program may make, and why. Everything else is refused.

This file is the whole policy. `libseccomp` compiles it.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass

PROT_EXEC = 4
F_GETFD, F_GETFL = 1, 3
LOW_WORD, ALL_BITS = 0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when `argument & mask == equals`; arguments count from 0.

    With `differs`, it holds when the whole argument isn't `equals`.
    """

    argument: int
    mask: int
    equals: int
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """A call that is allowed, if all conditions hold."""

    name: str
    reason: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """A call that fails with an error of its own, if all conditions hold."""

    name: str
    reason: str
    error: int
    conditions: tuple[Condition, ...]


NOT_EXECUTABLE = (Condition(2, PROT_EXEC, 0),)
OWN_CLOCK = (Condition(0, LOW_WORD & ~0xF, 0),)  # a negative id is another process's clock

# The advice that malloc and numpy give. Advice that affects other processes is refused.
ADVICE = (
    (4, "lets malloc return pages: DONTNEED"),
    (8, "lets malloc return pages: FREE"),
    (14, "numpy asks for large pages: HUGEPAGE"),
    (15, "numpy asks for no large pages, if so configured: NOHUGEPAGE"),
)
# A futex's operation without its flags (private, and which clock).
PLAIN_FUTEX = LOW_WORD & ~(128 | 256)
FUTEX_WAITS = (
    (0, "Python's locks, though there is one thread: WAIT"),
    (9, "the C library's semaphores: WAIT_BITSET"),
)
FUTEX_WAKES = (
    (1, "Python's locks: WAKE"),
    (10, "the C library's semaphores: WAKE_BITSET"),
)
WITHOUT_TIME = Condition(3, ALL_BITS, 0)
WITH_TIME = Condition(3, ALL_BITS, 0, differs=True)

ALLOWED = (
    # Pipes that are open already: requests in, answers and output out.
    Allowed("read", "takes graphs from the request pipe"),
    Allowed("write", "puts answers, stdout and stderr on their pipes"),
    Allowed("close", "closes a descriptor; none can be opened again"),
    Allowed("fstat", "asks for the kind of an open descriptor"),
    Allowed("lseek", "text streams ask whether they can seek"),
    Allowed("fcntl", "reads a descriptor's own flag", (Condition(1, LOW_WORD, F_GETFD),)),
    Allowed("fcntl", "reads a descriptor's status flags", (Condition(1, LOW_WORD, F_GETFL),)),
    # Memory: counted by RLIMIT_AS, never executable.
    Allowed("brk", "grows the heap"),
    Allowed("mmap", "takes memory that is not executable", NOT_EXECUTABLE),
    Allowed("mprotect", "changes memory that stays not executable", NOT_EXECUTABLE),
    Allowed("munmap", "gives memory back"),
    Allowed("mremap", "lets realloc move large blocks"),
    *(Allowed("madvise", why, (Condition(2, LOW_WORD, advice),)) for advice, why in ADVICE),
    # Signals to itself: Python sets handlers, and the kernel returns from them.
    Allowed("rt_sigaction", "Python sets and restores its handlers"),
    Allowed("rt_sigprocmask", "the C library masks signals around its own work"),
    Allowed("rt_sigreturn", "returns from a handler"),
    Allowed("sigaltstack", "Python takes its alternate stack down when it ends"),
    # Time: its own clocks. Sleeping is replaced in Python, and refused here. No allowed call ends
    # by itself after a time. So a program that is asleep stays asleep, unless we wake it.
    Allowed("clock_gettime", "reads the time and its own CPU time", OWN_CLOCK),
    Allowed("clock_getres", "reads a clock's resolution", OWN_CLOCK),
    Allowed("gettimeofday", "reads the time where there is no vDSO"),
    Allowed("time", "reads the time where there is no vDSO"),
    Allowed("getrusage", "time.process_time in older C libraries"),
    Allowed("times", "os.times"),
    # Itself.
    Allowed("getpid", "os.getpid, and seeds that use it"),
    Allowed("gettid", "the C library names its only thread"),
    Allowed("getuid", "os.getuid"),
    Allowed("geteuid", "os.geteuid"),
    Allowed("getgid", "os.getgid"),
    Allowed("getegid", "os.getegid"),
    Allowed("getrandom", "seeds random"),
    *(
        Allowed("futex", why, (Condition(1, PLAIN_FUTEX, kind), WITHOUT_TIME))
        for kind, why in FUTEX_WAITS
    ),
    *(Allowed("futex", why, (Condition(1, PLAIN_FUTEX, kind),)) for kind, why in FUTEX_WAKES),
    Allowed("sched_yield", "a lock that waits"),
    Allowed("exit", "ends"),
    Allowed("exit_group", "ends"),
)

# The C library ends a program whose wait for a lock gets an error that it doesn't know.
ANSWERED = tuple(
    Answered(
        "futex",
        "a lock with a time: nobody else could release it, so its time is over at once",
        errno.ETIMEDOUT,
        (Condition(1, PLAIN_FUTEX, kind), WITH_TIME),
    )
    for kind, _ in FUTEX_WAITS
)

# No correct program needs these. A program that makes one of these calls is stopped and reported.
KILLED: dict[str, tuple[str, ...]] = {
    "reaches into another process": (
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "process_madvise",
        "pidfd_getfd",
        "kcmp",
    ),
    "makes or enters a namespace": ("unshare", "setns"),
    "changes what is mounted": (
        "mount",
        "umount2",
        "mount_setattr",
        "move_mount",
        "open_tree",
        "fsopen",
        "fsconfig",
        "fsmount",
        "fspick",
        "pivot_root",
        "chroot",
    ),
    "gives the kernel a program or work to do": (
        "bpf",
        "io_uring_setup",
        "io_uring_enter",
        "io_uring_register",
        "userfaultfd",
        "perf_event_open",
    ),
    "holds the kernel's keys": ("keyctl", "add_key", "request_key"),
    "changes the kernel or the machine": (
        "kexec_load",
        "kexec_file_load",
        "init_module",
        "finit_module",
        "delete_module",
        "reboot",
        "swapon",
        "swapoff",
        "acct",
        "quotactl",
        "syslog",
        "settimeofday",
        "clock_settime",
        "clock_adjtime",
        "adjtimex",
        "sethostname",
        "setdomainname",
        "iopl",
        "ioperm",
        "modify_ldt",
        "personality",
    ),
}


def killed_names() -> Iterator[str]:
    """Yields the names of all calls that end the process."""
    for names in KILLED.values():
        yield from names
