"""Prepares what every child needs before the zygote forks: modules and text streams.

Runs in the zygote, so it uses the standard library only.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

SEED = 0  # of random numbers, so that all children have the same
STREAMS = (("stdout", 1), ("stderr", 2))

# Modules that students import, and modules that those import later. A child can't open files.
PRELOADED = """
    __future__ abc argparse array bisect cmath collections collections.abc contextlib
    contextvars copy copyreg csv ctypes dataclasses datetime decimal enum fractions functools
    graphlib hashlib heapq inspect io itertools json keyword linecache locale logging math
    numbers operator os pathlib pickle pprint queue random re reprlib secrets statistics string
    struct sys textwrap threading time timeit token tokenize traceback types typing unicodedata
    uuid warnings weakref _strptime encodings.ascii encodings.cp1252 encodings.latin_1
    encodings.utf_16 encodings.utf_8_sig
"""
# numpy imports these only when they are first used. `numpy.testing` would add 5 MB to each fork.
NUMPY = """
    numpy numpy.char numpy.ctypeslib numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random
    numpy.rec numpy.strings numpy.typing
"""
THREADS = ("BLIS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
PLAINEST_CORES = {"x86_64": "Prescott", "aarch64": "ARMV8"}
NUMPY_SETTINGS = dict.fromkeys(THREADS, "1") | {
    # The machine's own instructions would round in another way. No such feature is none of them.
    "NPY_ENABLE_CPU_FEATURES": "NONE",
    "OPENBLAS_CORETYPE": PLAINEST_CORES.get(os.uname().machine, ""),
}


def preload(numpy_folder: str) -> None:
    """Imports all modules, and numpy if its folder is given, and opens the streams.

    Local time is UTC, so that it's the same on every machine.
    """
    os.putenv("TZ", "UTC0")  # for the C library; `os.environ` doesn't show it
    time.tzset()
    sys.modules["_hashlib"] = None  # type: ignore[assignment] # without OpenSSL, 4 MB less to fork
    with without_fork_hooks():
        for name in PRELOADED.split():
            importlib.import_module(name)
        sys.modules["random"].seed(SEED)
        if numpy_folder:
            preload_numpy(numpy_folder)
            sys.modules["numpy.random"].seed(SEED)
    open_streams()


@contextmanager
def without_fork_hooks() -> Iterator[None]:
    """Keeps modules from running code after each fork, which would take a tenth of a session.

    `threading` and `logging` would replace locks that another thread may hold, but there is only
    one thread. `random` would choose a new seed, but numbers must not change.
    """
    register = os.register_at_fork
    os.register_at_fork = lambda **_: None
    try:
        yield
    finally:
        os.register_at_fork = register


def preload_numpy(folder: str) -> None:
    """Imports numpy with one thread and the same arithmetic on any machine.

    Nothing else is imported from its folder.
    """
    os.environ.update(NUMPY_SETTINGS)
    sys.path.append(folder)
    try:
        for name in NUMPY.split():
            importlib.import_module(name)
    finally:
        sys.path.remove(folder)
        for variable in NUMPY_SETTINGS:
            del os.environ[variable]
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
        raise RuntimeError("numpy started threads, and a process with threads cannot fork safely")


def open_streams() -> None:
    """Opens stdout and stderr on descriptors 1 and 2, which will be a child's pipes.

    The streams are line-buffered.
    """
    ends = os.pipe()
    for name, descriptor in STREAMS:
        kept = os.dup(descriptor)
        os.dup2(ends[1], descriptor)  # when it opens, a stream checks whether it can seek
        raw = io.BufferedWriter(io.FileIO(descriptor, "w", closefd=False), 2**13)
        stream = io.TextIOWrapper(raw, "utf-8", "backslashreplace", line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
        os.dup2(kept, descriptor)
        os.close(kept)
    for end in ends:
        os.close(end)
