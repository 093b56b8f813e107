"""Keeps suites with their expected numbers in files, as Python keeps compiled modules.

Numbers are computed once for each version of a suite and of the code that computes them. If a file
is outdated, damaged or can't be written, the numbers are computed again.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from worker.suites.cases import Suite

FOLDER = Path(__file__).parent / "__pycache__"
ROOT = Path(__file__).parents[2]
Kept = TypeVar("Kept")
READER = "worker.suites.format.reader"  # turns the text of a suite's file into a suite
IMPORT = re.compile(rb"from (worker[\w.]*) import (\([^)]*\)|[^\n]*)")
NAME = re.compile(rb"\w+")


def fetch(name: str, text: str, compute: Callable[[], Suite]) -> Suite:
    """Returns the suite from its file, or computes it if the text or the code has changed."""

    def compute_all() -> Suite:
        suite = compute()
        for case in suite.cases:
            case.question.body  # noqa: B018 - computed on first access, and then stored as well
        return suite

    key = hashlib.sha256(hash_code() + text.encode()).digest()
    return fetch_object(f"{name}.{sys.implementation.cache_tag}.suite", key, Suite, compute_all)


def fetch_object(name: str, key: bytes, kind: type[Kept], compute: Callable[[], Kept]) -> Kept:
    """Returns the object in a file, or computes it if the file has another key or kind."""
    file = FOLDER / name
    kept = _read(file, key)
    if not isinstance(kept, kind):
        kept = compute()
        _write(file, key + pickle.dumps(kept, protocol=5))
    return kept


@cache
def hash_code() -> bytes:
    """Returns a hash of all code that computes the numbers of suites."""
    return hash_sources(READER)


@cache
def hash_sources(module: str) -> bytes:
    """Returns a hash of a module and of all that it imports."""
    digest = hashlib.sha256()
    for _, content in sorted(find_sources(str(ROOT), module).items()):
        digest.update(content)
    return digest.digest()


def find_sources(root: str, module: str) -> dict[str, bytes]:
    """Maps the files that a module imports from `root`, and its own file, to their contents.

    Imports are found in the text of each file, including imports inside functions. So there is no
    list of files to maintain. Runs whenever suites are loaded: strings are faster than Paths.
    """
    sources: dict[str, bytes] = {}
    seen: set[str] = set()
    pending = [module]
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        if parent := name.rpartition(".")[0]:  # importing a.b.c also runs a and a.b
            pending.append(parent)
        path = f"{root}/{name.replace('.', '/')}"
        file = next(filter(os.path.isfile, (f"{path}.py", f"{path}/__init__.py")), None)
        if file is None:
            continue
        with open(file, "rb") as source:  # noqa: PTH123
            sources[file] = source.read()
        for package, names in IMPORT.findall(sources[file]):
            # `from a import b` imports a name of the module a, or the module a.b.
            pending.append(package.decode())
            pending += [f"{package.decode()}.{one.decode()}" for one in NAME.findall(names)]
    return sources


def _read(file: Path, key: bytes) -> object:
    """Returns the object in a file; None if there is none with this key.

    Unpickling is safe: only those who can change our code can change this file.
    """
    try:
        content = file.read_bytes()
        if content[: len(key)] != key:
            return None
        return pickle.loads(content[len(key) :])
    except Exception:  # no file, or a damaged one, on which pickle can raise any exception
        return None


def _write(file: Path, content: bytes) -> None:
    """Writes a whole file or nothing. Does nothing in a read-only folder."""
    try:
        file.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as made:
            try:
                made.write(content)
                made.flush()
                os.fchmod(made.fileno(), 0o644)  # an image is built by one user and run by another
                os.replace(made.name, file)  # noqa: PTH105 - both are names already
            except OSError:  # don't leave a partial file on a full disk
                os.unlink(made.name)  # noqa: PTH108
    except OSError:
        return
