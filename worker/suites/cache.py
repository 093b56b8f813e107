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

from worker.suites.cases import Suite

FOLDER = Path(__file__).parent / "__pycache__"
ROOT = Path(__file__).parents[2]
READER = "worker.suites.format.reader"  # turns the text of a suite's file into a suite
IMPORT = re.compile(rb"from (worker[\w.]*) import (\([^)]*\)|[^\n]*)")
NAME = re.compile(rb"\w+")


def fetch(name: str, text: str, compute: Callable[[], Suite]) -> Suite:
    """Returns the suite from its file, or computes it if the text or the code has changed."""
    file = FOLDER / f"{name}.{sys.implementation.cache_tag}.suite"
    key = hashlib.sha256(hash_code() + text.encode()).digest()
    suite = _read(file, key)
    if suite is None:
        suite = compute()
        for case in suite.cases:
            case.question.body  # noqa: B018 - computed on first access, and then stored as well
        _write(file, key + pickle.dumps(suite, protocol=5))
    return suite


@cache
def hash_code() -> bytes:
    """Returns a hash of all code that computes the numbers."""
    digest = hashlib.sha256()
    for _, content in sorted(find_sources(str(ROOT), READER).items()):
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


def _read(file: Path, key: bytes) -> Suite | None:
    """Returns the suite in a file; None if there is none with this key.

    Unpickling is safe: only those who can change our code can change this file.
    """
    try:
        content = file.read_bytes()
        if content[: len(key)] != key:
            return None
        suite = pickle.loads(content[len(key) :])
    except Exception:  # no file, or a damaged one, on which pickle can raise any exception
        return None
    return suite if isinstance(suite, Suite) else None


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
