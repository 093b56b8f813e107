"""Processes by their parents, as /proc lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """A process. The moment when it started tells it from a later one with the same id."""

    pid: int
    parent: int
    started: str
    command: str

    @property
    def is_zygote(self) -> bool:
        """Whether it is a zygote, or one of its children, which have its command."""
        return "zygote.py" in self.command


def list_processes() -> dict[int, Process]:
    """All processes of this machine that haven't ended, by id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if (process := read(int(folder.name))) is not None:
            found[process.pid] = process
    return found


def read(pid: int) -> Process | None:
    """The process with an id; None if it has ended."""
    try:
        state, parent, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (OSError, ValueError):
        return None
    return None if state in "ZX" else Process(pid, int(parent), fields[17], command)


def below(roots: Iterable[int]) -> list[Process]:
    """The processes of some ids and all their descendants."""
    everyone = list_processes()
    children: dict[int, list[Process]] = {}
    for process in everyone.values():
        children.setdefault(process.parent, []).append(process)
    found = [everyone[pid] for pid in roots if pid in everyone]
    for process in found:  # grows meanwhile
        found += children.get(process.pid, [])
    return found


def is_there(process: Process) -> bool:
    """Whether it hasn't ended."""
    return read(process.pid) == process
