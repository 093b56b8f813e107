"""The layers that a child puts on, one after the other, before it runs any student code.

Each layer is read back after it is put on, because a call can report success and do nothing. Runs
in the children of the zygote, so it uses the standard library only, and little memory.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
from collections.abc import Callable

from worker.sandbox.child import kernel

LAST_DESCRIPTOR = 4  # stdin, stdout, stderr, requests, answers
MOST_DESCRIPTORS = 2**20  # the kernel's own limit, fs.nr_open

CLONE_NEWUTS, CLONE_NEWIPC = 0x0400_0000, 0x0800_0000
CLONE_NEWUSER, CLONE_NEWNET = 0x1000_0000, 0x4000_0000

LIMITS = {
    resource.RLIMIT_NOFILE: LAST_DESCRIPTOR + 2,  # one more, for the Landlock ruleset
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_MEMLOCK: 0,
    resource.RLIMIT_NPROC: 0,
    resource.RLIMIT_MSGQUEUE: 0,
    resource.RLIMIT_NICE: 0,
    resource.RLIMIT_RTPRIO: 0,
}
UNLIMITED = 2**64
NO_EFFECT = "{} reports success, but changes nothing"
TOO_LOW = "the worker's own hard limit of {} is {} {}, and a submission needs {}"

# The users of root's children. A container maps at least 65,536 ids.
FIRST_USER, USERS = 32_000, 32_768

Step = Callable[[], str | None]  # puts a layer on; returns a detail, or None if not available


class LayerError(Exception):
    """A layer couldn't be put on. `layer` is its name; `held` are the layers that are on."""

    def __init__(self, layer: str, reason: str, held: dict[str, str]) -> None:
        super().__init__(reason)
        self.layer, self.held = layer, held


class Layers:
    """The layers of every child. The zygote creates this once, with all that children share."""

    def __init__(self, policy: bytes) -> None:
        self._zygote = os.getpid()
        self._held = leave_namespaces()
        self._as_root = os.geteuid() == 0
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        self._most_descriptors = most if 0 < most < MOST_DESCRIPTORS else MOST_DESCRIPTORS
        self._limits = {kind: min(value, read_hard_limit(kind)) for kind, value in LIMITS.items()}
        self._memory = measure_own_memory()
        self._landlock_abi = kernel.landlock_abi()
        self._rights = kernel.list_rights(self._landlock_abi)
        self._program = kernel.Program(len(policy) // 8, policy)

    def prepare(self) -> None:
        """Puts on the layers that don't depend on a session's limits."""
        self._put_on("session", lead_session)
        self._put_on("descriptors", self._close_descriptors)
        self._put_on("oom_score", raise_oom_score)
        self._put_on("own_user", self._drop_user)
        self._put_on("no_capabilities", drop_capabilities)
        self._put_on("parent_death", self._die_with_zygote)  # a change of user would clear it

    def lock(self, cpu_seconds: int, memory_bytes: int) -> dict[str, str]:
        """Puts on the remaining layers. After the last one, seccomp, no layer can change.

        Returns the name and a detail of each layer, in the order in which they were put on.
        """
        self._put_on("rlimits", lambda: self._limit(cpu_seconds, self._memory + memory_bytes))
        self._put_on("no_new_privs", refuse_privileges)
        self._put_on("undumpable", hide_memory)
        self._put_on("landlock", self._refuse_files)
        self._put_on("seccomp", self._filter_calls)
        return self._held

    def _put_on(self, layer: str, step: Step) -> None:
        try:
            detail = step()
        except (OSError, ValueError) as error:
            raise LayerError(layer, str(error), self._held) from None
        if detail is not None:
            self._held[layer] = detail

    def _close_descriptors(self) -> str:
        first = LAST_DESCRIPTOR + 1
        os.dup(0)  # now `first` is in use, and a later copy gets it only if it was closed
        os.closerange(first, self._most_descriptors)
        require_effect(os.dup(0) == first, "close_range")
        os.close(first)
        return f"0 to {LAST_DESCRIPTOR}"

    def _drop_user(self) -> str | None:
        """Gives each child of root a user of its own, if root is allowed to change users."""
        if not self._as_root:
            return None
        user = FIRST_USER + os.getpid() % USERS
        try:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EINVAL):
                raise
            return None
        changed = os.getresuid() == os.getresgid() == (user, user, user)
        return str(user) if changed and not kernel.count_groups() else None

    def _die_with_zygote(self) -> str:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        require_effect(kernel.read_death_signal() == signal.SIGKILL, "PR_SET_PDEATHSIG")
        if os.getppid() != self._zygote:
            raise OSError(errno.ESRCH, "the zygote has ended")
        return "SIGKILL"

    def _limit(self, cpu_seconds: int, memory_bytes: int) -> str:
        require_room(resource.RLIMIT_CPU, cpu_seconds, 1, "CPU time", "s")
        require_room(resource.RLIMIT_AS, memory_bytes, 1024, "address space", "KiB")
        own = {resource.RLIMIT_CPU: cpu_seconds, resource.RLIMIT_AS: memory_bytes}
        for kind, most in (self._limits | own).items():
            resource.setrlimit(kind, (most, most))
            require_effect(resource.getrlimit(kind) == (most, most), "setrlimit")
        return f"{cpu_seconds} s CPU, {memory_bytes >> 20} MiB of addresses"

    def _refuse_files(self) -> str | None:
        if not self._landlock_abi:
            return None
        kernel.give_up(self._rights)
        try:
            os.close(os.open("/", os.O_RDONLY))
        except OSError as refused:
            if refused.errno != errno.EACCES:
                raise
        else:
            raise OSError(NO_EFFECT.format("landlock_restrict_self"))
        return f"ABI {self._landlock_abi}"

    def _filter_calls(self) -> str:
        program = ctypes.addressof(self._program)
        kernel.prctl(kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, program)
        require_effect(os.getppid() == -1, "PR_SET_SECCOMP")  # the policy has no such call
        return f"{self._program.length} instructions"


def leave_namespaces() -> dict[str, str]:
    """Gives the zygote its own network, IPC and host name, if the kernel allows it.

    No other layer depends on this one. In each child it would cost a millisecond per session.
    """

    def name_namespaces() -> set[str]:
        return {os.readlink(f"/proc/self/ns/{kind}") for kind in ("net", "ipc", "uts")}  # noqa: PTH115

    kinds = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    as_root = os.geteuid() == 0
    try:
        before = name_namespaces()
        kernel.unshare(kinds if as_root else kinds | CLONE_NEWUSER)
    except OSError:
        return {}
    if not as_root:
        kernel.drop_capabilities()  # those of the new user namespace
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # the change cleared it; OOM scores need it
    left = before.isdisjoint(name_namespaces())
    return {"namespaces": "network, IPC and host name"} if left else {}


def measure_own_memory() -> int:
    """Returns the bytes of address space in use, as RLIMIT_AS counts them."""
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(descriptor, 100).split()[0]) * resource.getpagesize()
    finally:
        os.close(descriptor)


def read_hard_limit(kind: int) -> int:
    """Returns this process's hard limit, which it can't raise."""
    hard = resource.getrlimit(kind)[1]
    return UNLIMITED if hard == resource.RLIM_INFINITY else hard


def require_room(kind: int, needed: int, unit: int, what: str, unit_name: str) -> None:
    """Raises OSError if our hard limit is lower than the limit promised to a submission.

    Otherwise the submission would fail because of our limit.
    """
    if (hard := read_hard_limit(kind)) < needed:
        raise OSError(TOO_LOW.format(what, hard // unit, unit_name, needed // unit))


def require_effect(holds: bool, call: str) -> None:
    """Raises OSError if a call that reported success had no effect."""
    if not holds:
        raise OSError(NO_EFFECT.format(call))


def lead_session() -> str:
    """Moves the child out of the service's session and its terminal."""
    os.setsid()
    require_effect(os.getsid(0) == os.getpid(), "setsid")
    return "own"


def raise_oom_score() -> str | None:
    """Makes the kernel end this process first, and not the service, when memory runs out."""
    try:
        descriptor = os.open("/proc/self/oom_score_adj", os.O_RDWR)
        try:
            os.write(descriptor, b"1000")
            raised = os.pread(descriptor, 10, 0) == b"1000\n"
        finally:
            os.close(descriptor)
    except OSError:  # no /proc, or a read-only one
        return None
    return "1000" if raised else None


def drop_capabilities() -> str:
    """Drops the capabilities of root, which may not be allowed to change its user."""
    require_effect(kernel.drop_capabilities(), "capset")
    return "none left"


def refuse_privileges() -> str:
    """Sets no_new_privs: a program that this process starts gains no rights."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    require_effect(kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS) == 1, "PR_SET_NO_NEW_PRIVS")
    return "on"


def hide_memory() -> str:
    """Stops other processes from reading this one's memory, and core files."""
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    require_effect(kernel.prctl(kernel.PR_GET_DUMPABLE) == 0, "PR_SET_DUMPABLE")
    return "on"
