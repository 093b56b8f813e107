"""Counts what a session could leave behind."""

from __future__ import annotations

from pathlib import Path

from worker.sandbox import Sandbox


def count_leftovers(sandbox: Sandbox) -> dict[str, int]:
    """Our descriptors, the zygote's children beside its spare, and files where all may write."""
    zygote = sandbox.zygote_pid
    children = Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split()
    zygotes = [z for z in sandbox._all_zygotes() if z.usable]
    theirs = sum(1 + 5 * len(z._ready) for z in zygotes)  # a socket, and a reported spare child's
    return {
        "descriptors": len(list(Path("/proc/self/fd").iterdir())) - theirs,
        "files": sum(1 for folder in ("/tmp", "/dev/shm") for _ in Path(folder).glob("left*")),
        "children": max(len(children) - 1, 0),
    }
