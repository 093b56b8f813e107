"""The layers that a child puts on, one after the other, before it sees a line of student code.

Each is read back once it is on: a call that reports success and does nothing puts nothing on.
Runs in the child of the zygote: the standard library alone, and nothing that is not needed.
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
MOST_DESCRIPTORS = 2**20  # the kernel's own bound, fs.nr_open

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

# Own users for children of root, inside the 65,536 ids that a container's map has at least.
FIRST_USER, USERS = 32_000, 32_768

Step = Callable[[], str | None]  # puts a layer on; a detail of it, or None where it cannot be had


class LayerError(Exception):
    """A layer could not be put on. `layer` is its name; `held` are those that are on."""

    def __init__(self, layer: str, reason: str, held: dict[str, str]) -> None:
        super().__init__(reason)
        self.layer, self.held = layer, held


class Layers:
    """What every child puts on. Made once, by the zygote, which finds out what is alike for all."""

    def __init__(self, policy: bytes) -> None:
        self._zygote = os.getpid()
        self._held = _leave_namespaces()
        self._as_root = os.geteuid() == 0
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        self._most_descriptors = most if 0 < most < MOST_DESCRIPTORS else MOST_DESCRIPTORS
        self._limits = {kind: min(value, _hard_limit(kind)) for kind, value in LIMITS.items()}
        self._memory = _own_memory()
        self._landlock_abi = kernel.landlock_abi()
        self._rights = kernel.spell_rights(self._landlock_abi)
        self._program = kernel.Program(len(policy) // 8, policy)

    def prepare(self) -> None:
        """A child's layers that depend on no limit."""
        self._put_on("session", _lead_session)
        self._put_on("descriptors", self._close_descriptors)
        self._put_on("oom_score", _raise_oom_score)
        self._put_on("own_user", self._drop_user)
        self._put_on("no_capabilities", _drop_capabilities)
        self._put_on("parent_death", self._die_with_zygote)  # which a change of user would clear

    def lock(self, cpu_seconds: int, memory_bytes: int) -> dict[str, str]:
        """The layers from the limits to seccomp, which comes last: after it no layer can change.

        Returns the name and a detail of each that holds, in the order in which they were put on.
        """
        self._put_on("rlimits", lambda: self._limit(cpu_seconds, self._memory + memory_bytes))
        self._put_on("no_new_privs", _refuse_privileges)
        self._put_on("undumpable", _hide_memory)
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
        os.dup(0)  # now at least the first is in use, and another copy gets it once it is free
        os.closerange(first, self._most_descriptors)
        _believe(os.dup(0) == first, "close_range")
        os.close(first)
        return f"0 to {LAST_DESCRIPTOR}"

    def _drop_user(self) -> str | None:
        """Root's children become users of their own; a root that may not stays as it is."""
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
        _believe(kernel.read_death_signal() == signal.SIGKILL, "PR_SET_PDEATHSIG")
        if os.getppid() != self._zygote:
            raise OSError(errno.ESRCH, "the zygote has ended")
        return "SIGKILL"

    def _limit(self, cpu_seconds: int, memory_bytes: int) -> str:
        _require_room(resource.RLIMIT_CPU, cpu_seconds, 1, "CPU time", "s")
        _require_room(resource.RLIMIT_AS, memory_bytes, 1024, "address space", "KiB")
        own = {resource.RLIMIT_CPU: cpu_seconds, resource.RLIMIT_AS: memory_bytes}
        for kind, most in (self._limits | own).items():
            resource.setrlimit(kind, (most, most))
            _believe(resource.getrlimit(kind) == (most, most), "setrlimit")
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
        _believe(os.getppid() == -1, "PR_SET_SECCOMP")  # the policy has no such call
        return f"{self._program.length} instructions"


def _leave_namespaces() -> dict[str, str]:
    """For the zygote, once: its own network, IPC and host name, where the kernel grants them.

    Nothing else rests on it. To do it in each child would cost a millisecond a session.
    """
    kinds = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    as_root = os.geteuid() == 0
    try:
        before = _name_namespaces()
        kernel.unshare(kinds if as_root else kinds | CLONE_NEWUSER)
    except OSError:
        return {}
    if not as_root:
        # The capabilities of the new user namespace, and what was lost with the change: a child
        # could not set its OOM score.
        kernel.drop_capabilities()
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
    left = before.isdisjoint(_name_namespaces())
    return {"namespaces": "network, IPC and host name"} if left else {}


def _name_namespaces() -> set[str]:
    return {os.readlink(f"/proc/self/ns/{kind}") for kind in ("net", "ipc", "uts")}  # noqa: PTH115


def _own_memory() -> int:
    """Bytes of address space in use now, which is what RLIMIT_AS counts."""
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(descriptor, 100).split()[0]) * resource.getpagesize()
    finally:
        os.close(descriptor)


def _hard_limit(kind: int) -> int:
    """This process's own, which it cannot raise."""
    hard = resource.getrlimit(kind)[1]
    return UNLIMITED if hard == resource.RLIM_INFINITY else hard


def _require_room(kind: int, needed: int, unit: int, what: str, unit_name: str) -> None:
    """A lower limit than a submission was promised would be laid to its charge."""
    if (hard := _hard_limit(kind)) < needed:
        raise OSError(TOO_LOW.format(what, hard // unit, unit_name, needed // unit))


def _believe(holds: bool, call: str) -> None:
    if not holds:
        raise OSError(NO_EFFECT.format(call))


def _lead_session() -> str:
    os.setsid()
    _believe(os.getsid(0) == os.getpid(), "setsid")
    return "own"


def _raise_oom_score() -> str | None:
    """When memory runs out the kernel should end a student's program, not the service."""
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


def _drop_capabilities() -> str:
    """Also those of a root that may not become another user."""
    _believe(kernel.drop_capabilities(), "capset")
    return "none left"


def _refuse_privileges() -> str:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    _believe(kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS) == 1, "PR_SET_NO_NEW_PRIVS")
    return "on"


def _hide_memory() -> str:
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    _believe(kernel.prctl(kernel.PR_GET_DUMPABLE) == 0, "PR_SET_DUMPABLE")
    return "on"
