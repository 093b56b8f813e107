"""What the zygote holds before it forks, so that no child has to make it: modules and streams.

Runs in the zygote: the standard library alone.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

STREAMS = (("stdout", 1), ("stderr", 2))

# What students import, and what those modules would import later, when no file can be opened.
PRELOADED = """
    __future__ abc argparse array bisect cmath collections collections.abc contextlib
    contextvars copy copyreg csv ctypes dataclasses datetime decimal enum fractions functools
    graphlib hashlib heapq inspect io itertools json keyword linecache locale logging math
    numbers operator os pathlib pickle pprint queue random re reprlib secrets statistics string
    struct sys textwrap threading time timeit token tokenize traceback types typing unicodedata
    uuid warnings weakref _strptime encodings.ascii encodings.cp1252 encodings.latin_1
    encodings.utf_16 encodings.utf_8_sig
"""
NUMPY = """
    numpy numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random numpy.typing
"""
ONE_THREAD = dict.fromkeys(
    ("BLIS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"
)


def preload(numpy_folder: str) -> None:
    """Imports all modules, numpy where it has a folder, and makes the streams."""
    sys.modules["_hashlib"] = None  # type: ignore[assignment] # OpenSSL: 4 MB to fork, no use
    with _without_fork_hooks():
        for name in PRELOADED.split():
            importlib.import_module(name)
        if numpy_folder:
            _preload_numpy(numpy_folder)
    _open_streams()


@contextmanager
def _without_fork_hooks() -> Iterator[None]:
    """Keeps modules from running code after each fork, which would take a tenth of a session.

    `threading` and `logging` make new what other threads may have left locked, and there is no
    other thread. `random` draws a seed: the child does so itself.
    """
    register = os.register_at_fork
    os.register_at_fork = lambda **_: None
    try:
        yield
    finally:
        os.register_at_fork = register


def _preload_numpy(folder: str) -> None:
    """Imports numpy with one thread, from a folder that is searched for nothing else."""
    os.environ.update(ONE_THREAD)
    sys.path.append(folder)
    try:
        for name in NUMPY.split():
            importlib.import_module(name)
    finally:
        sys.path.remove(folder)
        for variable in ONE_THREAD:
            del os.environ[variable]
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208 - a child would fork half of it
        raise RuntimeError("numpy started threads, beside which no child can be forked")


def _open_streams() -> None:
    """Text streams on what will be the child's own pipes; each line is written as it ends."""
    ends = os.pipe()
    for name, descriptor in STREAMS:
        kept = os.dup(descriptor)
        os.dup2(ends[1], descriptor)  # a stream finds out once whether it can seek
        raw = io.BufferedWriter(io.FileIO(descriptor, "w", closefd=False), 2**13)
        stream = io.TextIOWrapper(raw, "utf-8", "backslashreplace", line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
        os.dup2(kept, descriptor)
        os.close(kept)
    for end in ends:
        os.close(end)
