"""Suites with their numbers, kept beside the code like Python's own compiled files.

Numbers are computed once for a version of a suite and of the code that computes them. A file that
is stale, broken or cannot be written costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from worker.suites.cases import Suite

FOLDER = Path(__file__).parent / "__pycache__"
CODE = Path(__file__).parents[1]
# What a suite's numbers depend on, beside its text.
COMPUTED_BY = ("*.py", "graph/*.py", "suites/*.py")


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
    """Of the core's code: a change there may change every number."""
    digest = hashlib.sha256()
    for pattern in COMPUTED_BY:
        for file in sorted(CODE.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.digest()


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
