"""The parent's side of a zygote: asks it for children, and hears from it how they ended."""

from __future__ import annotations

import array
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from worker.sandbox.errors import SandboxError

PATIENCE_SECONDS = 30.0  # a zygote that is silent for so long is broken, not slow
PROGRAM = Path(__file__).resolve().parents[1] / "child" / "zygote.py"
STACK_BYTES = 512 * 2**20  # address space only: a recursive engine on a deep graph needs it
MOST_DESCRIPTORS = 5
CLOSED = -1
NO_ROOM = (
    "{} cannot be had: the worker has no room for more descriptors. This is no fault of the "
    "submission; it can be graded again. If it happens often, raise `ulimit -n` (LimitNOFILE= of a "
    "systemd unit)."
)


@dataclass(frozen=True, slots=True)
class Exit:
    """How a child ended: its wait status, and the CPU seconds that it used."""

    status: int
    cpu_seconds: float


@dataclass(slots=True)
class Child:
    """A process behind the layers, and this end of its pipes. All are open descriptors."""

    pid: int
    pidfd: int
    requests: int
    answers: int
    stdout: int
    stderr: int

    def kill(self) -> None:
        """Ends it now. A child that has ended already is no error."""
        try:
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        except ProcessLookupError:
            return

    def close_requests(self) -> None:
        """Tells a driver that still listens that nothing more will be asked."""
        if self.requests != CLOSED:
            os.close(self.requests)
            self.requests = CLOSED

    def close(self) -> None:
        """Closes this end of everything."""
        self.close_requests()
        for descriptor in (self.pidfd, self.answers, self.stdout, self.stderr):
            os.close(descriptor)


class Zygote:
    """One zygote process. It has a spare child in the making, so that no session need wait."""

    def __init__(self, policy: bytes) -> None:
        self._control, self._process = _start()
        self._ready: list[Child] = []
        self._exits: dict[int, Exit] = {}
        self.forks = 0
        self.usable = True
        try:
            self._tell(policy)
            self._ask_for_child()
        except SandboxError:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """Of the zygote itself."""
        return self._process.pid

    def take_child(self) -> Child:
        """The spare child; the next one is made meanwhile."""
        while not self._ready:
            self._listen()
        self._ask_for_child()
        return self._ready.pop()

    def exit_of(self, child: Child) -> Exit:
        """How a child that was killed or has ended came to its end. Waits until it is reaped."""
        while child.pid not in self._exits:
            self._listen()
        return self._exits.pop(child.pid)

    def close(self) -> None:
        """Ends the zygote, and by it every child. Nothing is left behind."""
        self._disconnect()
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def retire(self) -> None:
        """Lets it end by itself, and by it every child; `is_gone` says when it has."""
        self._disconnect()

    def is_gone(self) -> bool:
        """Whether the process has ended. It is reaped then."""
        return self._process.poll() is not None

    def disown(self) -> None:
        """What a forked copy of the owner does: lets go of a zygote that is not its own child."""
        self._disconnect()
        self._process.returncode = 0  # nothing here to wait for

    def _disconnect(self) -> None:
        self.usable = False
        self._control.close()
        while self._ready:
            self._ready.pop().close()

    def _ask_for_child(self) -> None:
        self._tell(b"fork")
        self.forks += 1

    def _tell(self, message: bytes) -> None:
        try:
            self._control.send(message)
        except OSError:
            self._hear_out()

    def _hear_out(self) -> NoReturn:
        """Raises what it says last: why it ended, or that nothing more comes."""
        while True:
            self._listen()

    def _listen(self) -> None:
        """Takes the zygote's next message, whatever it is about."""
        message, descriptors = self._receive()
        if "forked" in message:
            if len(descriptors) != MOST_DESCRIPTORS:
                raise self._cut_short(descriptors)
            self._ready.append(Child(message["forked"], *descriptors))
        elif "ended" in message:
            exit_ = Exit(status=message["status"], cpu_seconds=message["cpu_seconds"])
            self._exits[message["ended"]] = exit_
        else:
            self.usable = False
            raise SandboxError(f"The process that makes sandboxes failed: {message['failed']}.")

    def _receive(self) -> tuple[dict[str, Any], list[int]]:
        descriptors = array.array("i")
        space = socket.CMSG_SPACE(MOST_DESCRIPTORS * descriptors.itemsize)
        try:
            body, ancillary, _, _ = self._control.recvmsg(2**16, space, socket.MSG_CMSG_CLOEXEC)
        except ConnectionResetError:  # told once, before what the zygote said last
            return self._receive()
        except OSError:
            raise self._gone() from None
        for _, _, data in ancillary:
            descriptors.frombytes(data)
        if not body:
            raise self._gone()
        return json.loads(body), descriptors.tolist()

    def _cut_short(self, descriptors: list[int]) -> SandboxError:
        """The kernel hands over as many descriptors as there is room for."""
        self.usable = False
        for descriptor in descriptors:
            os.close(descriptor)
        return SandboxError(NO_ROOM.format("The pipes of a sandbox"))

    def _gone(self) -> SandboxError:
        self.usable = False
        return SandboxError(
            "The process that makes sandboxes has ended or does not answer. This is no fault of "
            "the submission; it can be graded again. If it happens often, look for a memory limit "
            "of the machine or the container."
        )


def find_numpy() -> str:
    """The folder in which the service's numpy lies; empty where there is none."""
    spec = importlib.util.find_spec("numpy")
    return str(Path(spec.origin).parents[1]) if spec and spec.origin else ""


def _start() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Starts a zygote with nothing of ours: no environment, no site, no file but its socket."""
    try:
        control, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    except OSError as error:
        raise SandboxError(NO_ROOM.format("A sandbox")) from error
    control.settimeout(PATIENCE_SECONDS)
    try:
        with inner, _large_stack():
            arguments = [str(PROGRAM), str(inner.fileno()), str(os.getpid()), find_numpy()]
            return control, subprocess.Popen(
                [sys.executable, "-I", "-S", "-B", *arguments],
                env={},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[inner.fileno()],
            )
    except OSError as error:
        control.close()
        raise SandboxError(f"Python ({sys.executable}) could not be started: {error}.") from error


@contextmanager
def _large_stack() -> Iterator[None]:
    """Lets a program that is started meanwhile have one: room is left for it when it starts."""
    import resource  # not there on systems that are told elsewhere that they have no sandbox

    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    most = STACK_BYTES if hard == resource.RLIM_INFINITY else min(STACK_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))
