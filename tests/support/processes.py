"""The processes below one, by their command lines."""

from __future__ import annotations

import contextlib
from pathlib import Path


def descendants(pid: int) -> dict[int, str]:
    """The processes below one, with their commands; zygotes and their children are among them."""
    found = {}
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found[int(child)] = command_of(int(child))
            found |= descendants(int(child))
    return found


def still_there(family: dict[int, str]) -> dict[int, str]:
    """Those that still run, ignoring process ids that another program has now."""
    return {pid: command for pid, command in family.items() if command_of(pid) == command != ""}


def command_of(pid: int) -> str:
    """The command line; empty for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def slots_of(pid: int) -> list[int]:
    """The processes below one that hold a sandbox: the parents of zygotes."""
    found = descendants(pid)
    zygotes = {pid for pid, command in found.items() if "zygote.py" in command}
    # A zygote's children have its command.
    return sorted({parent_of(zygote) for zygote in zygotes} & found.keys() - zygotes)


def named(pid: int, part: str) -> list[int]:
    """The processes below one whose command has this part, the oldest first."""
    return [found for found, command in descendants(pid).items() if part in command]


def parent_of(pid: int) -> int:
    """The parent's process id; 0 for a process that has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
