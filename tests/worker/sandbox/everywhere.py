"""Runs the corpus, and repeats gradings, on every Python here, as root and as an ordinary user.

`make corpus`, or `python -m tests.worker.sandbox.everywhere`. An ordinary user runs it as that
user alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NOBODY = 65534
PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")
CORPUS, REPEATED = "tests.worker.sandbox.corpus", "tests.worker.grading.repeated"
COPIED = (
    *("tests/students", "tests/worker/sandbox", "tests/worker/grading/repeated.py"),
    *("tests/support/engines/clocked.py", "tests/support/engines/lucky.py"),
)
# Shows a folder to all users, though another one above it is closed to them; then gives up root.
SHOW = """
mount --bind "$1" "$2" && mount -t tmpfs -o mode=755 tmpfs "$3" && mkdir -p "$1" \
    && mount --bind "$2" "$1" && shift 3 && exec setpriv \
    --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all "$@"
"""


def main() -> None:
    """Prints a line for each run; ends with 1 where one went wrong."""
    wrong = False
    with readable() as folder:
        for python in find_pythons():
            for user in (0, NOBODY) if os.geteuid() == 0 else (os.geteuid(),):
                for program in (CORPUS, REPEATED):
                    done = run_program(program, python, user, folder)
                    wrong |= done.returncode != 0
                    said = done.stdout.strip() or "nothing was run"
                    sys.stdout.write(f"{python}, user {user}: {said}\n{done.stderr}")
                    sys.stdout.flush()
    sys.exit(wrong)


@contextmanager
def readable() -> Iterator[Path]:
    """A copy of the sandbox and its tests that every user can read."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        copy.chmod(0o755)
        shutil.copytree(ROOT / "worker", copy / "worker")
        for each in COPIED:
            copy_part(ROOT / each, copy / each)
        yield copy


def copy_part(source: Path, target: Path) -> None:
    """Copies a file or a folder."""
    if source.is_dir():
        shutil.copytree(source, target)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def find_pythons() -> list[str]:
    """The interpreters that can be run, one of each version; pyenv may keep some to itself."""
    kept = sorted(Path("~/.pyenv/versions").expanduser().glob("*/bin"), reverse=True)
    folders = [*map(Path, os.get_exec_path()), *kept]
    candidates = [[folder / name for folder in folders] for name in PYTHONS]
    first = (next(filter(can_run, paths), None) for paths in candidates)
    return [_ask(python, "executable") for python in first if python is not None]


def can_run(python: Path | str, user: int | None = None) -> bool:
    """Whether this user, or another one, can run the interpreter."""
    try:
        command = [python, "-I", "-c", ""]
        return not subprocess.run(command, capture_output=True, user=user, group=user).returncode
    except OSError:
        return False


def run_program(
    program: str, python: str, user: int, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """One of the programs, by this interpreter and user."""
    command = [python, "-B", "-m", program, *arguments]
    other = None if user == os.geteuid() else user
    if other is not None and not can_run(python, other):
        command, other = _shown(command), None
    return subprocess.run(
        command,
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        user=other,
        group=other,
        extra_groups=None if other is None else [],
    )


def _shown(command: list[str]) -> list[str]:
    """The command as an ordinary user who sees the interpreter, though it is in root's own home."""
    prefix = Path(_ask(command[0], "base_prefix"))
    closed = next(p for p in reversed(prefix.parents) if not p.stat().st_mode & 0o001)
    empty = "/mnt"
    return ["unshare", "--mount", "sh", "-c", SHOW, "sh", str(prefix), empty, str(closed), *command]


def _ask(python: Path | str, name: str) -> str:
    """What the interpreter knows of itself."""
    command = [python, "-I", "-c", f"import sys; print(sys.{name})"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
