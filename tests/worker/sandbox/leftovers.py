"""Counts what a session could leave behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from worker.sandbox import Sandbox

PR_SET_CHILD_SUBREAPER, CLONE_NEWIPC = 36, 0x0800_0000
PATIENCE_SECONDS = 1.0
OF_A_WAITING_ZYGOTE = 12  # what fills the numbers up to 9, its socket, and its parent's pidfd

_libc = ctypes.CDLL(None, use_errno=True)


def count_leftovers(sandbox: Sandbox, strangers: Set[int] | None = None) -> dict[str, int]:
    """Descriptors, processes other than zygotes and their spares, shared memory, and files.

    `strangers` are children of ours that were there before; then those who came to us count too.
    """
    zygotes = [zygote for zygote in sandbox._all_zygotes() if zygote.usable]
    for zygote in zygotes:
        while not zygote._ready:  # so that its spare is there, and known
            zygote._listen()
    pids = {zygote.pid for zygote in sandbox._all_zygotes()}
    known = pids.union(child.pid for zygote in zygotes for child in zygote._ready)
    theirs = sum(1 + 5 * len(z._ready) for z in zygotes)  # a socket, and a spare child's
    return {
        "descriptors": len(list(Path("/proc/self/fd").iterdir())) - theirs,
        "descriptors of the zygote": _settle(lambda: _count_more_descriptors(sandbox)),
        "processes": _settle(lambda: len(_list_processes(pids, strangers) - known)),
        "shared memory": _count_shared(sandbox.zygote_pid),
        "files": len(list(_list_files())),
    }


@contextmanager
def adopting(sandbox: Sandbox) -> Iterator[Set[int]]:
    """Gets the orphans, however they left their parents, and ends them afterwards.

    Gives the children that were there before.
    """
    before = _children_of(os.getpid())
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield before
    finally:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        zygotes = {zygote.pid for zygote in sandbox._all_zygotes()}
        for orphan in _children_of(os.getpid()) - before - zygotes:
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)


def _settle(count: Callable[[], int]) -> int:
    """What is still there after a while: a zygote may be at work, and a worn one may be ending."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := count()) and time.monotonic() < deadline:
        time.sleep(0.001)
    return left


def _count_more_descriptors(sandbox: Sandbox) -> int:
    """Of the zygote in use: those beyond what it needs for itself, and to wait for its children."""
    zygote = sandbox.zygote_pid
    found = len(list(Path(f"/proc/{zygote}/fd").iterdir()))
    return found - OF_A_WAITING_ZYGOTE - len(_children_of(zygote))


def _list_processes(zygotes: Set[int], strangers: Set[int] | None) -> set[int]:
    """All that come from zygotes, and from who became our child though nobody of ours made it."""
    adopted = set() if strangers is None else _children_of(os.getpid()) - strangers
    found: set[int] = set()
    new = zygotes | adopted
    while new:
        found |= new
        new = set().union(*map(_children_of, new)) - found
    return found


def _children_of(pid: int) -> set[int]:
    """By whichever of its threads; none where it has gone."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found |= set(map(int, (thread / "children").read_text().split()))
    return found


def _count_shared(zygote: int) -> int:
    """Shared memory, queues and semaphores where the sessions are; 0 where we may not look."""
    seen: list[int] = []

    def look() -> None:  # in a thread of its own, which alone goes there
        with contextlib.suppress(OSError), Path(f"/proc/{zygote}/ns/ipc").open() as place:
            if _libc.setns(place.fileno(), CLONE_NEWIPC) == 0:
                tables = Path("/proc/sysvipc").iterdir()
                seen.extend(len(table.read_text().splitlines()) - 1 for table in tables)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return sum(seen)


def _list_files() -> Iterator[Path]:
    """Files of the names that the programs try, and the queues that can be seen."""
    for folder, pattern in (("/tmp", "left*"), ("/dev/shm", "left*"), ("/dev/mqueue", "*")):
        yield from Path(folder).glob(pattern)
