"""The parent's side of a zygote: starts it, asks for children and learns how they ended."""

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
from typing import Any

from worker.sandbox.errors import SandboxError

PATIENCE_SECONDS = 30.0  # a zygote that is silent for longer is broken, not slow
PROGRAM = Path(__file__).resolve().parents[1] / "child" / "zygote.py"
STACK_BYTES = 512 * 2**20  # address space only: a recursive engine on a deep graph needs it
MOST_DESCRIPTORS = 5
CLOSED = -1
NO_ROOM = (
    "{} could not be created: the worker has no room for more descriptors. This is no fault of the "
    "submission; it can be graded again. If it happens often, raise `ulimit -n` (LimitNOFILE= of a "
    "systemd unit)."
)


@dataclass(frozen=True, slots=True)
class Exit:
    """A child's wait status and the CPU seconds that it used."""

    status: int
    cpu_seconds: float


@dataclass(slots=True)
class Child:
    """A child and our ends of its pipes, as open descriptors."""

    pid: int
    pidfd: int
    requests: int
    answers: int
    stdout: int
    stderr: int

    def kill(self) -> None:
        """Kills the child. Does nothing if it has ended."""
        try:
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        except ProcessLookupError:
            return

    def close_requests(self) -> None:
        """Closes the requests, so that a driver that still reads them ends."""
        if self.requests != CLOSED:
            os.close(self.requests)
            self.requests = CLOSED

    def close(self) -> None:
        """Closes all descriptors."""
        self.close_requests()
        for descriptor in (self.pidfd, self.answers, self.stdout, self.stderr):
            os.close(descriptor)


class Zygote:
    """A zygote process. It always prepares a spare child, so that no session has to wait."""

    def __init__(self, policy: bytes) -> None:
        self._control, self._process = start()
        self._ready: list[Child] = []
        self._exits: dict[int, Exit] = {}
        self.forks = 0
        self.usable = True
        try:
            self._send(policy)
            self._ask_for_child()
        except SandboxError:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """The process id of the zygote."""
        return self._process.pid

    def take_child(self) -> Child:
        """Returns the spare child, and asks for the next one."""
        while not self._ready:
            self._listen()
        self._ask_for_child()
        return self._ready.pop()

    def exit_of(self, child: Child) -> Exit:
        """Waits until a child has ended, and returns how."""
        while child.pid not in self._exits:
            self._listen()
        return self._exits.pop(child.pid)

    def close(self) -> None:
        """Ends the zygote and all its children, and waits for it."""
        self._disconnect()
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def retire(self) -> None:
        """Ends the zygote and all its children, without waiting. See `is_gone`."""
        self._disconnect()

    def is_gone(self) -> bool:
        """Whether the process has ended. Reaps it."""
        return self._process.poll() is not None

    def disown(self) -> None:
        """Releases the zygote in a forked copy of its owner, which isn't its parent."""
        self._disconnect()
        self._process.returncode = 0  # it isn't ours to wait for

    def _disconnect(self) -> None:
        self.usable = False
        self._control.close()
        while self._ready:
            self._ready.pop().close()

    def _ask_for_child(self) -> None:
        self._send(b"fork")
        self.forks += 1

    def _send(self, message: bytes) -> None:
        try:
            self._control.send(message)
        except OSError:
            while True:  # its last message raises why it ended
                self._listen()

    def _listen(self) -> None:
        """Reads the zygote's next message. Raises SandboxError if the zygote failed or ended."""
        message, descriptors = self._receive()
        if "forked" in message:
            if len(descriptors) != MOST_DESCRIPTORS:  # the kernel had no room for all of them
                self.usable = False
                for descriptor in descriptors:
                    os.close(descriptor)
                raise SandboxError(NO_ROOM.format("The pipes of a sandbox"))
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
        except ConnectionResetError:  # raised once; the last message is still there
            return self._receive()
        except OSError:
            raise self._gone() from None
        for _, _, data in ancillary:
            descriptors.frombytes(data)
        if not body:
            raise self._gone()
        return json.loads(body), descriptors.tolist()

    def _gone(self) -> SandboxError:
        self.usable = False
        return SandboxError(
            "The process that makes sandboxes has ended or does not answer. This is no fault of "
            "the submission; it can be graded again. If it happens often, look for a memory limit "
            "of the machine or the container."
        )


def find_numpy() -> str:
    """Returns the folder that has the service's numpy; empty if there is no numpy."""
    spec = importlib.util.find_spec("numpy")
    return str(Path(spec.origin).parents[1]) if spec and spec.origin else ""


def start() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Starts a zygote with fixed hashes of texts, without `site`, with no file but its socket."""
    try:
        control, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    except OSError as error:
        raise SandboxError(NO_ROOM.format("A sandbox")) from error
    control.settimeout(PATIENCE_SECONDS)
    try:
        with inner, large_stack():
            arguments = [str(PROGRAM), str(inner.fileno()), str(os.getpid()), find_numpy()]
            return control, subprocess.Popen(
                [sys.executable, "-s", "-P", "-S", "-B", *arguments],
                env={"PYTHONHASHSEED": "0"},  # which -I would ignore
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
def large_stack() -> Iterator[None]:
    """Gives programs that are started meanwhile a large stack."""
    import resource  # only on Unix; elsewhere, compiling the policy says what is needed

    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    most = STACK_BYTES if hard == resource.RLIM_INFINITY else min(STACK_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))
