"""Everything on one machine: web, worker and scheduler started and stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from service.embedded.data_folder import EmbeddedError
from service.settings import Settings

START_SECONDS = 60.0
STOP_SECONDS = 15.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A running process of the service and the file that it logs to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[list[Part]]:
    """Web and worker, ready for use; both are stopped at the end, whatever happens."""
    require_free_port(settings)
    parts: list[Part] = []
    try:
        ready, worker_end = os.pipe()
        options = ["--with-scheduler", "--ready-fd", str(worker_end)]
        parts.append(_start("worker", settings, options, keep=worker_end))
        os.close(worker_end)
        parts.append(_start("serve", settings, []))
        _wait_until_ready(settings, parts, ready)
        yield parts
    finally:
        _stop(parts)


def require_free_port(settings: Settings) -> None:
    """Raise EmbeddedError early if another program uses the port."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise EmbeddedError(
                f"Port {settings.port} on {settings.host} can't be used ({error.strerror}). "
                "Choose another one, for example: CHAINRULE_PORT=8001 make up"
            ) from None


def watch(parts: list[Part]) -> None:
    """Wait until Ctrl-C (KeyboardInterrupt), or until a part has ended (EmbeddedError)."""
    while True:
        _require_alive(parts)
        time.sleep(0.5)


def _start(command: str, settings: Settings, options: list[str], keep: int | None = None) -> Part:
    log = settings.data_dir / "log" / f"{command}.log"
    environ = {**os.environ, "CHAINRULE_DATA_DIR": str(settings.data_dir)}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", command, *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environ,
            pass_fds=() if keep is None else (keep,),
            start_new_session=True,  # Ctrl-C in the terminal reaches only this process
            preexec_fn=_die_with_parent,
        )
    return Part(command, process, log)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_until_ready(settings: Settings, parts: list[Part], ready: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    os.set_blocking(ready, False)
    web_answers = worker_ready = False
    while not (web_answers and worker_ready):
        _require_alive(parts)
        if time.monotonic() > deadline:
            logs = " and ".join(str(part.log) for part in parts)
            raise EmbeddedError(f"Not ready after {START_SECONDS:.0f} seconds. See {logs}.")
        web_answers = web_answers or _answers(settings)
        with contextlib.suppress(BlockingIOError):
            worker_ready = worker_ready or bool(os.read(ready, 1))
        time.sleep(0.05)
    os.close(ready)


def _answers(settings: Settings) -> bool:
    # Not urllib: it would use a proxy from the environment.
    connection = HTTPConnection(urlsplit(settings.url).netloc, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _require_alive(parts: list[Part]) -> None:
    for part in parts:
        if part.process.poll() is not None:
            last_lines = part.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
            shown = "\n    ".join(last_lines)
            raise EmbeddedError(
                f"`chainrule {part.name}` has stopped. The end of {part.log}:\n    {shown}"
            )


def _stop(parts: list[Part]) -> None:
    for part in parts:
        if part.process.poll() is None:
            part.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for part in parts:
        try:
            part.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(part.process.pid, signal.SIGKILL)
            part.process.wait()
