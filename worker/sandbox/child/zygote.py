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
import contextlib
import fcntl
import gc
import importlib.util
import json
import os
import select
import signal
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from socket import SCM_RIGHTS, SOL_SOCKET, socket
from types import ModuleType
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]  # the package of ours that this file is in
OWN_BUILTINS = dict(vars(builtins))
REQUESTS, ANSWERS = 3, 4
CHILD_DESCRIPTORS = (REQUESTS, ANSWERS, 1, 2)
FIRST_FREE_DESCRIPTOR = 10  # the numbers below are kept for the children's pipes


def main() -> None:
    """Sets itself up, then serves until its parent goes away."""
    control_descriptor, parent, numpy_folder = sys.argv[1:]
    sys.orig_argv.clear()  # no student need know who started it, and from where
    with contextlib.suppress(OSError):  # a child that cannot have a session says so
        os.setsid()  # Ctrl-C in a terminal is not for it
    control = _take_control(int(control_descriptor))
    try:
        Zygote(control, parent=int(parent), numpy_folder=numpy_folder).serve()
    except Exception as error:  # the parent reports it: nobody reads a zygote's stderr
        control.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
        raise


def _take_control(descriptor: int) -> socket:
    """Moves the socket out of the way of the children's numbers, and fills those."""
    control = socket(fileno=fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST_FREE_DESCRIPTOR))
    os.close(descriptor)
    while (filler := os.open(os.devnull, os.O_RDONLY)) < FIRST_FREE_DESCRIPTOR:
        pass
    os.close(filler)
    return control


class Zygote:
    """Forks on request, reaps, and ends with its parent."""

    def __init__(self, control: socket, parent: int, numpy_folder: str) -> None:
        self._control = control
        self._parent = os.pidfd_open(parent)
        if os.getppid() != parent:
            raise ProcessLookupError("the parent has ended")
        self._children: dict[int, int] = {}  # pidfd -> pid
        policy = control.recv(2**20)
        _load("worker.sandbox.child.preloading").preload(numpy_folder)
        self._draw_seed = _find_seeding()
        self._driver, layers = _load("worker.driver.child"), _load("worker.sandbox.child.layers")
        self._driver.rehearse()
        self._layers, self._layer_error = layers.Layers(policy), layers.LayerError
        gc.collect()
        gc.freeze()

    def serve(self) -> None:
        """Answers until the parent closes the socket or ends; leaves no child behind."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._parent, select.POLLIN)
        try:
            while True:
                for descriptor, _ in poll.poll():
                    if descriptor in self._children:
                        poll.unregister(descriptor)
                        self._tell_end(descriptor)
                    elif descriptor == self._parent or not self._control.recv(100):
                        return
                    else:
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
        rights = array.array("i", [pidfd, *outer])
        self._control.sendmsg([b'{"forked": %d}' % pid], [(SOL_SOCKET, SCM_RIGHTS, rights)])
        for descriptor in (*inner, *outer):
            os.close(descriptor)
        return pidfd

    def _be_child(self, inner: list[int]) -> NoReturn:
        """The child's whole life. Whatever happens, it never returns into the zygote's loop."""
        try:
            for descriptor, number in zip(inner, CHILD_DESCRIPTORS, strict=True):
                os.dup2(descriptor, number, inheritable=False)
            self._draw_seed()
            self._put_on_layers()
            self._driver.serve(REQUESTS, ANSWERS)
        finally:
            os._exit(1)

    def _put_on_layers(self) -> None:
        """Waits for its limits between the layers, so that a spare child is nearly ready."""
        driver = self._driver
        try:
            self._layers.prepare()
            limits = driver.receive(REQUESTS)
            held = self._layers.lock(limits["cpu_seconds"], limits["memory_bytes"])
        except self._layer_error as error:
            told = {"layer": error.layer, "reason": str(error), "layers": error.held}
            driver.send(ANSWERS, {"id": 0} | told)
            os._exit(1)
        driver.send(ANSWERS, {"id": 0, "layers": held})

    def _tell_end(self, pidfd: int) -> None:
        pid = self._children.pop(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        told = (pid, status, usage.ru_utime + usage.ru_stime)
        self._control.send(b'{"ended": %d, "status": %d, "cpu_seconds": %f}' % told)

    def _end_children(self) -> None:
        for pidfd, pid in self._children.items():
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            os.waitpid(pid, 0)


def _find_seeding() -> Callable[[], None]:
    """What gives `random` another seed: the part in C alone, which runs no Python in each child."""
    random = sys.modules["random"]
    return super(random.Random, random.seed.__self__).seed  # type: ignore[no-any-return]


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
