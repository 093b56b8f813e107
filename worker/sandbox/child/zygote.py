"""The process that forks a child for each session.

It is run by path: `zygote.py CONTROL_FD PARENT_PID NUMPY_FOLDER`. The folder is empty if there is
no numpy.

It starts without `site`, with no environment but a fixed hash seed, and with no open descriptor but
its control socket. It has no secret, no submission and one thread. It never runs student code: its
children do, behind all layers.

Messages on the control socket (SEQPACKET):

- The parent first sends the compiled policy.
- `fork` asks for a child. The answer is {"forked": pid} with five descriptors: pidfd, requests,
  answers, stdout and stderr.
- {"ended": pid, "status": wait status, "cpu_seconds": CPU time} reports that a child has ended.
- {"failed": reason} reports that the zygote itself has failed.
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
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from socket import SCM_RIGHTS, SOL_SOCKET, socket
from types import ModuleType
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]  # the package `worker`
OWN_BUILTINS = dict(vars(builtins))
REQUESTS, ANSWERS = 3, 4
CHILD_DESCRIPTORS = (REQUESTS, ANSWERS, 1, 2)
FIRST_FREE_DESCRIPTOR = 10  # lower numbers are for the children's pipes


def main() -> None:
    """Starts the zygote and serves until the parent ends."""
    control_descriptor, parent, numpy_folder = sys.argv[1:]
    os.environ.pop("PYTHONHASHSEED", None)  # Python has read it
    sys.orig_argv.clear()  # students needn't see how it was started
    with contextlib.suppress(OSError):  # each child reports whether it has a session
        os.setsid()  # so that Ctrl-C in a terminal doesn't end it
    control = take_control(int(control_descriptor))
    try:
        Zygote(control, parent=int(parent), numpy_folder=numpy_folder).serve()
    except Exception as error:  # nobody reads a zygote's stderr
        control.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
        raise


def take_control(descriptor: int) -> socket:
    """Moves the socket to a descriptor that children don't use, and fills the lower ones."""
    control = socket(fileno=fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST_FREE_DESCRIPTOR))
    os.close(descriptor)
    while (filler := os.open(os.devnull, os.O_RDONLY)) < FIRST_FREE_DESCRIPTOR:
        pass
    os.close(filler)
    return control


class Zygote:
    """Forks children on request, reports how they end, and ends with its parent."""

    def __init__(self, control: socket, parent: int, numpy_folder: str) -> None:
        self._control = control
        self._parent = os.pidfd_open(parent)
        if os.getppid() != parent:
            raise ProcessLookupError("the parent has ended")
        self._children: dict[int, int] = {}  # pidfd -> pid
        policy = control.recv(2**20)
        load("worker.sandbox.child.preloading").preload(numpy_folder)
        self._driver, layers = load("worker.driver.child"), load("worker.sandbox.child.layers")
        self._driver.rehearse()
        self._layers, self._layer_error = layers.Layers(policy), layers.LayerError
        gc.collect()
        gc.freeze()

    def serve(self) -> None:
        """Answers until the parent closes the socket or ends. Then ends all children."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._parent, select.POLLIN)
        try:
            while True:
                for descriptor, _ in poll.poll():
                    if descriptor in self._children:
                        poll.unregister(descriptor)
                        self._report_end(descriptor)
                    elif descriptor == self._parent or not self._control.recv(100):
                        return
                    else:
                        poll.register(self._fork(), select.POLLIN)
        except ConnectionError:  # the parent closed it while we were sending
            return
        finally:
            for pidfd, pid in self._children.items():
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                os.waitpid(pid, 0)

    def _fork(self) -> int:
        """Forks a child and sends its pipes to the parent. Returns the child's pidfd."""
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
        """Runs the child. It ends here, and never returns to the zygote's loop."""
        try:
            for descriptor, number in zip(inner, CHILD_DESCRIPTORS, strict=True):
                os.dup2(descriptor, number, inheritable=False)
            self._driver.start_ticks()
            self._put_on_layers()
            self._driver.serve(REQUESTS, ANSWERS)
        finally:
            os._exit(1)

    def _put_on_layers(self) -> None:
        """Puts on all layers and reports them.

        Waits for the session's limits as late as possible, so that a spare child is nearly ready.
        """
        driver = self._driver
        try:
            self._layers.prepare()
            limits = driver.receive(REQUESTS)
            held = self._layers.lock(limits["cpu_seconds"], limits["memory_bytes"])
        except self._layer_error as error:
            failure = {"layer": error.layer, "reason": str(error), "layers": error.held}
            driver.send(ANSWERS, {"id": 0} | failure)
            os._exit(1)
        driver.send(ANSWERS, {"id": 0, "layers": held})

    def _report_end(self, pidfd: int) -> None:
        pid = self._children.pop(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        end = (pid, status, usage.ru_utime + usage.ru_stime)
        self._control.send(b'{"ended": %d, "status": %d, "cpu_seconds": %f}' % end)


class OwnLoader(SourceFileLoader):
    """Runs a module of ours with its own builtins, which students can't patch."""

    def exec_module(self, module: ModuleType) -> None:
        """Executes the module."""
        module.__dict__["__builtins__"] = OWN_BUILTINS
        super().exec_module(module)


class OwnFinder:
    """Finds modules of `worker` by their path."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> Any:
        """Returns the spec of a module of ours; None for any other module."""
        if name.partition(".")[0] != ROOT.name:
            return None
        path = ROOT.parent.joinpath(*name.split("."))
        if name == "worker.sandbox":  # without its __init__, which imports the host
            return ModuleSpec(name, None, is_package=True)
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        folders = [str(path)] if path.is_dir() else None
        return importlib.util.spec_from_file_location(
            name, file, loader=OwnLoader(name, str(file)), submodule_search_locations=folders
        )


def load(name: str) -> ModuleType:
    """Returns a module of ours. Students can't import it: it isn't left in `sys.modules`."""
    finder: Any = OwnFinder()
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module(name)
    finally:
        sys.meta_path.remove(finder)
        for loaded in [n for n in sys.modules if n.partition(".")[0] == ROOT.name]:
            del sys.modules[loaded]


if __name__ == "__main__":
    main()
