"""Suites with their numbers, kept beside the code like Python's own compiled files.

Numbers are computed once for a version of a suite and of the code that computes them. A file that
is stale, broken or cannot be written costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from worker.suites.cases import Suite

FOLDER = Path(__file__).parent / "__pycache__"
ROOT = Path(__file__).parents[2]
READER = "worker.suites.format.reader"  # makes a suite with its numbers from a text
IMPORT = re.compile(r"^[ \t]*from (worker[\w.]*) import (\([^)]*\)|[^\n]*)", re.MULTILINE)


def fetch(name: str, text: str, compute: Callable[[], Suite]) -> Suite:
    """The suite as it was kept for this text and this code, or as it is computed now."""
    file = FOLDER / f"{name}.{sys.implementation.cache_tag}.suite"
    key = hashlib.sha256(_hash_code() + text.encode()).digest()
    kept = _read(file, key)
    if kept is None:
        kept = compute()
        for case in kept.cases:
            case.question.body  # noqa: B018 - kept with the case, once it has been asked for
        _write(file, key + pickle.dumps(kept, protocol=5))
    return kept


@cache
def _hash_code() -> bytes:
    """Of all the code that computes the numbers: a change there may change every number."""
    digest = hashlib.sha256()
    for file in sorted(find_sources(ROOT, READER)):
        digest.update(file.read_bytes())
    return digest.digest()


def find_sources(root: Path, module: str) -> frozenset[Path]:
    """The files below `root` that a module is made of: its own, and what it imports from there.

    Read from the text of the imports, so that nothing has to be listed by hand. An import inside a
    function counts as well.
    """
    found: set[Path] = set()
    seen: set[str] = set()
    pending = [module]
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        if parent := name.rpartition(".")[0]:  # importing a.b.c runs a and a.b first
            pending.append(parent)
        file = _find_file(root, name)
        if file is not None:
            found.add(file)
            pending += _find_imported(file.read_text(encoding="utf-8"))
    return frozenset(found)


def _find_file(root: Path, module: str) -> Path | None:
    path = root.joinpath(*module.split("."))
    files = (path / "__init__.py", path.with_suffix(".py"))
    return next((file for file in files if file.is_file()), None)


def _find_imported(text: str) -> Iterator[str]:
    """The modules that a text imports: `from a import b` may mean the name b or the module a.b."""
    for module, names in IMPORT.findall(text):
        yield module
        yield from (f"{module}.{name}" for name in re.findall(r"\w+", names))


def _read(file: Path, key: bytes) -> Suite | None:
    """What is kept, where its key is right. Whoever could write it could as well write our code."""
    try:
        content = file.read_bytes()
        if content[: len(key)] != key:
            return None
        suite = pickle.loads(content[len(key) :])
    except Exception:  # no file, or one that was cut short: pickle raises whatever it meets
        return None
    return suite if isinstance(suite, Suite) else None


def _write(file: Path, content: bytes) -> None:
    """Appears whole or not at all; a folder that is read-only goes without."""
    try:
        file.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as made:
            try:
                made.write(content)
                made.flush()
                os.fchmod(made.fileno(), 0o644)  # who builds an image is not who runs it
                os.replace(made.name, file)  # noqa: PTH105 - both are names already
            except OSError:  # a full disk must not fill with what was begun
                os.unlink(made.name)  # noqa: PTH108
    except OSError:
        return
