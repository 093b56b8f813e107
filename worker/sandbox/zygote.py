"""The process that forks a child for each session. Run by path: `zygote.py CONTROL_FD PARENT_PID
NUMPY_FOLDER`, the last of which is empty where there is no numpy.

It starts clean (no site, no environment, nothing open but its control socket), holds no secret and
no submission, has one thread, and never runs student code: its children do, behind every layer.

Messages on the control socket (SEQPACKET): first the compiled policy comes in. Then `fork` asks for
a child; the answer is {"forked": pid} with its descriptors: pidfd, requests, answers, stdout and
stderr. A child that has ended is told as {"ended": pid, "status": its wait status, "cpu_seconds":
its CPU time}.
"""

from __future__ import annotations

import array
import builtins
import fcntl
import gc
import importlib.util
import io
import json
import os
import resource
import select
import signal
import socket
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]  # the package of ours that this file is in
OWN_BUILTINS = dict(vars(builtins))
STACK_BYTES = 512 * 2**20  # address space only: a recursive engine on a deep graph needs it
REQUESTS, ANSWERS = 3, 4
CHILD_DESCRIPTORS = (REQUESTS, ANSWERS, 1, 2)
FIRST_FREE_DESCRIPTOR = 10  # the numbers below are kept for the children's pipes

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


def main() -> None:
    """Sets itself up, then serves until its parent goes away."""
    _enlarge_stack()
    control = _take_control(int(sys.argv[1]))
    try:
        Zygote(control, parent=int(sys.argv[2]), numpy_folder=sys.argv[3]).serve()
    except Exception as error:  # the parent reports it: nobody reads a zygote's stderr
        control.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
        raise


def _enlarge_stack() -> None:
    """A stack can only grow into room that was left for it at exec: so exec again, with more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = STACK_BYTES if hard == resource.RLIM_INFINITY else min(STACK_BYTES, hard)
    if soft != wanted:
        resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))
        os.execve(sys.executable, [sys.executable, "-I", "-S", "-B", *sys.argv], {})


def _take_control(descriptor: int) -> socket.socket:
    """Moves the socket out of the way of the children's numbers, and fills those."""
    control = socket.socket(
        fileno=fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST_FREE_DESCRIPTOR)
    )
    os.close(descriptor)
    while (filler := os.open(os.devnull, os.O_RDONLY)) < FIRST_FREE_DESCRIPTOR:
        pass
    os.close(filler)
    return control


class Zygote:
    """Forks on request, reaps, and ends with its parent."""

    def __init__(self, control: socket.socket, parent: int, numpy_folder: str) -> None:
        self._control, self._pid = control, os.getpid()
        self._parent = os.pidfd_open(parent)
        if os.getppid() != parent:
            raise ProcessLookupError("the parent has ended")
        self._children: dict[int, int] = {}  # pidfd -> pid
        self._policy = control.recv(2**20)
        sys.modules["_hashlib"] = None  # type: ignore[assignment] # OpenSSL: 4 MB to fork, no use
        for name in PRELOADED.split():
            importlib.import_module(name)
        if numpy_folder:
            _preload_numpy(numpy_folder)
        self._driver, self._layers = _load("worker.driver"), _load("worker.sandbox.layers")
        self._held = self._layers.leave_namespaces()
        gc.collect()
        gc.freeze()

    def serve(self) -> None:
        """Answers until the parent closes the socket or ends; leaves no child behind."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._parent, select.POLLIN)
        try:
            while True:
                ready = {descriptor for descriptor, _ in poll.poll()}
                for pidfd in ready & self._children.keys():
                    poll.unregister(pidfd)
                    self._tell_end(pidfd)
                if self._parent in ready:
                    return
                if self._control.fileno() in ready:
                    if not self._control.recv(100):
                        return
                    poll.register(self._fork(), select.POLLIN)
        except ConnectionError:  # the parent closed it while something was being told
            return
        finally:
            self._end_children()

    def _fork(self) -> int:
        """Makes a child and hands its pipes to the parent. Returns the child's pidfd."""
        pipes = [os.pipe() for _ in range(4)]
        (requests, to_requests), *outputs = pipes
        inner = [requests, *(write for _, write in outputs)]
        pid = os.fork()
        if pid == 0:
            self._be_child(inner)
        pidfd = os.pidfd_open(pid)
        self._children[pidfd] = pid
        outer = [to_requests, *(read for read, _ in outputs)]
        self._send({"forked": pid}, [pidfd, *outer])
        for descriptor in (*inner, *outer):
            os.close(descriptor)
        return pidfd

    def _be_child(self, inner: list[int]) -> NoReturn:
        """The child's whole life. Whatever happens, it never returns into the zygote's loop."""
        try:
            for descriptor, number in zip(inner, CHILD_DESCRIPTORS, strict=True):
                os.dup2(descriptor, number, inheritable=False)
            self._put_on_layers()
            self._driver.serve(REQUESTS, ANSWERS)
        finally:
            os._exit(1)

    def _put_on_layers(self) -> None:
        """Waits for its limits between the layers, so that a spare child is nearly ready."""
        driver, layers = self._driver, self._layers
        try:
            held = self._held | layers.prepare(zygote=self._pid)
            _open_streams()
            limits = driver.receive(REQUESTS)
            held |= layers.lock(self._policy, limits["cpu_seconds"], limits["memory_bytes"])
        except layers.LayerError as error:
            driver.send(ANSWERS, {"id": 0, "layer": error.layer, "reason": str(error)})
            os._exit(1)
        driver.send(ANSWERS, {"id": 0, "layers": held})

    def _tell_end(self, pidfd: int) -> None:
        pid = self._children.pop(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        seconds = usage.ru_utime + usage.ru_stime
        self._send({"ended": pid, "status": status, "cpu_seconds": seconds})

    def _send(self, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
        rights = array.array("i", descriptors or [])
        self._control.sendmsg(
            [json.dumps(message).encode()],
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)] if descriptors else [],
        )

    def _end_children(self) -> None:
        for pidfd, pid in self._children.items():
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            os.waitpid(pid, 0)


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
    """Text streams on the child's own pipes; each line is written as it ends."""
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        raw = io.BufferedWriter(io.FileIO(descriptor, "w", closefd=False), 2**13)
        stream = io.TextIOWrapper(raw, "utf-8", "backslashreplace", line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


class _OwnLoader(SourceFileLoader):
    """Runs a module of ours with builtins of its own, which no student can patch."""

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__builtins__"] = OWN_BUILTINS
        super().exec_module(module)


class _OwnFinder:
    """Finds modules of ours by their path, whatever else can be imported."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> Any:
        if name.partition(".")[0] != ROOT.name:
            return None
        path = ROOT.parent.joinpath(*name.split("."))
        if name == "worker.sandbox":  # of which one file is wanted here, and not what it imports
            return ModuleSpec(name, None, is_package=True)
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        folders = [str(path)] if path.is_dir() else None
        return importlib.util.spec_from_file_location(
            name, file, loader=_OwnLoader(name, str(file)), submodule_search_locations=folders
        )


def _load(name: str) -> ModuleType:
    """A module or package of ours, which can be imported by nobody afterwards."""
    finder: Any = _OwnFinder()
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module(name)
    finally:
        sys.meta_path.remove(finder)
        for loaded in [n for n in sys.modules if n.partition(".")[0] == ROOT.name]:
            del sys.modules[loaded]


if __name__ == "__main__":
    main()
