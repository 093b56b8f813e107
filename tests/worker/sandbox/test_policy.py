"""The compiled filter says what the policy says, call by call, on both kinds of machine."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import mmap
import platform
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.worker.sandbox.bpf import decide
from worker.sandbox import SandboxError
from worker.sandbox.doctor.examination import examine
from worker.sandbox.policy import libseccomp, system_calls
from worker.sandbox.policy.libseccomp import (
    ACT_ALLOW,
    ACT_EPERM,
    ACT_ERROR,
    ACT_KILL_PROCESS,
    ARCHITECTURES,
    compile_policy,
)

FOREIGN = {"i386": 0x40000003, "arm": 0x40000028, "riscv64": 0xC00000F3}
ACT_TIMED_OUT = ACT_ERROR | errno.ETIMEDOUT
TIMED = """
    nanosleep clock_nanosleep pause alarm setitimer timer_create timer_settime timerfd_create select
    pselect6 poll ppoll epoll_create epoll_create1 epoll_wait epoll_pwait epoll_pwait2 rt_sigsuspend
    rt_sigtimedwait futex_waitv futex_wait wait4 waitid flock semtimedop mq_timedreceive
    io_getevents io_pgetevents restart_syscall
"""
X32_BIT = 0x40000000
MOST_NUMBERS = 1000
UPROBES = (335, 336)  # uretprobe and uprobe; libseccomp may be too old for the names
ROOT = Path(__file__).resolve().parents[3]
CALL = """
import ctypes, os, sys
from worker.sandbox.child import kernel
from worker.sandbox.policy.libseccomp import compile_policy
libc, number = ctypes.CDLL(None, use_errno=True), int(sys.argv[1])
policy = compile_policy()
program = kernel.Program(len(policy) // 8, policy)
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
kernel.prctl(kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.addressof(program))
assert os.getppid() == -1
result = libc.syscall(number)
os._exit(ctypes.get_errno() if result == -1 else 0)
"""

machines = pytest.mark.parametrize("machine", ARCHITECTURES)


def number_of(machine: str, name: str) -> int:
    library = ctypes.CDLL("libseccomp.so.2")
    architecture = ctypes.c_uint32(ARCHITECTURES[machine])
    return int(library.seccomp_syscall_resolve_name_arch(architecture, name.encode()))


def answer(machine: str, name: str, *arguments: int) -> int:
    number = number_of(machine, name)
    return decide(compile_policy(machine), ARCHITECTURES[machine], number, arguments)


@machines
def test_every_number_gets_what_the_policy_says(machine: str) -> None:
    free = {call.name for call in system_calls.ALLOWED if not call.conditions}
    allowed = {number_of(machine, name) for name in free}
    # With all arguments 0, only the conditions of two do not hold.
    others = {call.name for call in system_calls.ALLOWED} - {"fcntl", "madvise"}
    allowed |= {number_of(machine, name) for name in others}
    killed = {number_of(machine, name) for name in system_calls.killed_names()}
    program = compile_policy(machine)
    for number in range(MOST_NUMBERS):
        expected = (
            ACT_ALLOW if number in allowed else ACT_KILL_PROCESS if number in killed else ACT_EPERM
        )
        assert decide(program, ARCHITECTURES[machine], number) == expected, number


@machines
def test_memory_is_never_executable(machine: str) -> None:
    readable, writable, executable = mmap.PROT_READ, mmap.PROT_WRITE, mmap.PROT_EXEC
    for call in ("mmap", "mprotect"):
        assert answer(machine, call, 0, 4096, readable | writable) == ACT_ALLOW
        assert answer(machine, call, 0, 4096, readable | executable) == ACT_EPERM
        assert answer(machine, call, 0, 4096, readable | writable | executable) == ACT_EPERM
        assert answer(machine, call, 0, 4096, executable | 1 << 40) == ACT_EPERM


@machines
def test_fcntl_only_reads_flags(machine: str) -> None:
    for command in range(2000):
        harmless = command in (fcntl.F_GETFD, fcntl.F_GETFL)
        assert answer(machine, "fcntl", 1, command) == (ACT_ALLOW if harmless else ACT_EPERM)


@machines
def test_only_the_memory_advice_of_malloc_and_numpy_is_allowed(machine: str) -> None:
    # As in <asm-generic/mman-common.h>.
    due = {mmap.MADV_DONTNEED, mmap.MADV_FREE, mmap.MADV_HUGEPAGE, mmap.MADV_NOHUGEPAGE}
    for advice in range(300):
        result = answer(machine, "madvise", 4096, 4096, advice)
        assert result == (ACT_ALLOW if advice in due else ACT_EPERM), advice


@machines
def test_a_futex_can_only_be_waited_for_without_a_time_and_woken(machine: str) -> None:
    waits, wakes = {0, 9}, {1, 10}  # WAIT, WAIT_BITSET, WAKE, WAKE_BITSET in <linux/futex.h>
    private, by_the_clock = 128, 256
    for operation in range(1024):
        plain = operation & ~(private | by_the_clock)
        due = ACT_ALLOW if plain in waits | wakes else ACT_EPERM
        assert answer(machine, "futex", 4096, operation) == due, operation
        timed = ACT_TIMED_OUT if plain in waits else due
        for pointer in (4096, 1 << 31, 1 << 40, 2**64 - 1):
            assert answer(machine, "futex", 4096, operation, 1, pointer) == timed, operation


@machines
@pytest.mark.parametrize("name", TIMED.split())
def test_no_call_that_sleeps_for_a_time_is_allowed(machine: str, name: str) -> None:
    number = number_of(machine, name)
    if number >= 0:  # this machine has the call, and this libseccomp knows it
        for arguments in ((), (1, 1, 1, 1, 1, 1), (2**64 - 1,) * 6):
            result = decide(compile_policy(machine), ARCHITECTURES[machine], number, arguments)
            assert result == ACT_EPERM


@machines
def test_the_clocks_of_other_processes_cannot_be_read(machine: str) -> None:
    for call in ("clock_gettime", "clock_getres"):
        assert answer(machine, call, 1) == ACT_ALLOW
        assert answer(machine, call, (~1 << 3 | 2) & 0xFFFFFFFF) == ACT_EPERM
        assert answer(machine, call, (~1 << 3 | 2) & 0xFFFFFFFFFFFFFFFF) == ACT_EPERM


@machines
@pytest.mark.parametrize(
    "name", ["clone", "clone3", "prctl", "execve", "openat", "socket", "nanosleep"]
)
def test_processes_privileges_paths_sockets_and_sleep_are_refused(machine: str, name: str) -> None:
    for arguments in ((), (17,), (0x10000000,), (2**64 - 1,) * 6):
        assert answer(machine, name, *arguments) == ACT_EPERM


@pytest.mark.parametrize("number", UPROBES)
def test_the_calls_that_the_kernel_makes_for_probes_are_refused(number: int) -> None:
    assert decide(compile_policy("x86_64"), ARCHITECTURES["x86_64"], number) == ACT_EPERM


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only x86_64 has these calls")
@pytest.mark.parametrize("number", UPROBES)
def test_a_program_that_calls_a_probe_itself_gets_nothing(number: int) -> None:
    command = [sys.executable, "-B", "-c", CALL, str(number)]
    ended = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, check=False)
    refused = {errno.EPERM, errno.ENXIO, errno.ENOSYS}
    # Newer kernels ask no filter about these calls. They look at who makes them.
    assert ended.returncode in refused | {-signal.SIGILL}, ended.stderr


@machines
def test_a_foreign_architecture_is_killed(machine: str) -> None:
    others = [*FOREIGN.values(), *(set(ARCHITECTURES.values()) - {ARCHITECTURES[machine]})]
    for architecture in others:
        for number in range(MOST_NUMBERS):
            assert decide(compile_policy(machine), architecture, number) == ACT_KILL_PROCESS


def test_x32_numbers_are_killed() -> None:
    architecture = ARCHITECTURES["x86_64"]
    for number in range(MOST_NUMBERS):
        program = compile_policy("x86_64")
        assert decide(program, architecture, number | X32_BIT) == ACT_KILL_PROCESS


def test_each_call_is_listed_once_and_with_a_reason() -> None:
    free = [call.name for call in system_calls.ALLOWED if not call.conditions]
    killed = list(system_calls.killed_names())
    assert len(set(free)) == len(free)
    assert len(set(killed)) == len(killed)
    assert not {call.name for call in system_calls.ALLOWED} & set(killed)
    assert all(call.reason for call in system_calls.ALLOWED)
    assert all(call.reason for call in system_calls.ANSWERED)


def test_the_documented_number_of_calls_is_right() -> None:
    page = ROOT / "docs" / "security.md"
    result = re.search(r"by at most (\d+)\s+system calls", page.read_text())
    assert result is not None
    assert int(result[1]) == len({call.name for call in system_calls.ALLOWED})


@pytest.mark.parametrize(("system", "machine"), [("Darwin", "arm64"), ("Linux", "s390x")])
def test_another_system_or_machine_is_named_and_rejected(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    compile_policy.cache_clear()
    needs = "The sandbox needs Linux (x86_64 or aarch64)."
    assert examine().error == f"{needs} This is {system} on {machine}."


def test_a_missing_libseccomp_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_nothing(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    libseccomp.load_library.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", find_nothing)
    with pytest.raises(SandboxError, match="install the package libseccomp2"):
        libseccomp.find_number("read")
    monkeypatch.undo()
    assert libseccomp.find_number("read") >= 0


def test_an_unknown_call_has_no_number() -> None:
    with pytest.raises(SandboxError, match="does not know the system call nonsense"):
        libseccomp.find_number("nonsense")


def test_a_failure_of_libseccomp_says_what_failed() -> None:
    with pytest.raises(SandboxError, match="could not compile the policy: Invalid argument"):
        libseccomp.check(-22, "compile the policy")


def test_a_filter_that_cannot_be_created_is_an_error() -> None:
    failing = SimpleNamespace(seccomp_init=lambda _: None)
    with (
        pytest.raises(SandboxError, match="out of memory"),
        libseccomp.new_filter(failing, ARCHITECTURES["x86_64"]),  # type: ignore[arg-type]
    ):
        pass
