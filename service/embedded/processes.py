"""Everything on one machine: web, worker and scheduler started, watched and stopped together."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from service.embedded.data_folder import EmbeddedError
from service.settings import Settings
from service.supervision.supervisor import Supervisor
from service.supervision.watched import Command, Report, Watched
from service.telemetry import metrics

START_SECONDS = 60.0
STOP_SECONDS = 15.0


@contextlib.contextmanager
def running(settings: Settings, report: Report) -> Iterator[Supervisor]:
    """Web, worker and scheduler, ready for use; all are stopped at the end, whatever happens.

    `report` gets a sentence when one of them has ended and starts again. Raises GaveUp if one of
    them ends before all are ready.
    """
    require_free_port(settings)
    ready, worker_end = os.pipe()

    def count(process: str) -> Report:
        def report_restart(message: str) -> None:
            metrics.RESTARTS.labels(process).inc()
            report(message)

        return report_restart

    parts = [
        Watched(_command(settings, "worker", ready_fd=worker_end), count("worker")),
        Watched(_command(settings, "serve"), count("web")),
        # The worker serves the metrics of all processes, if there is a port for them.
        Watched(_command(settings, "scheduler", CHAINRULE_METRICS_PORT="0"), count("scheduler")),
    ]
    supervisor = Supervisor(parts)
    try:
        supervisor.start()
        _wait_until_ready(settings, parts, ready)
        yield supervisor
    finally:
        supervisor.stop(STOP_SECONDS)
        os.close(ready)
        os.close(worker_end)


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


def _command(settings: Settings, name: str, ready_fd: int | None = None, **environ: str) -> Command:
    options = () if ready_fd is None else ("--ready-fd", str(ready_fd))
    return Command(
        name=name,
        arguments=(name, *options),
        log=settings.data_dir / "log" / f"{name}.log",
        environ={"CHAINRULE_DATA_DIR": str(settings.data_dir), **environ},
        keep=() if ready_fd is None else (ready_fd,),
    )


def _wait_until_ready(settings: Settings, parts: list[Watched], ready: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    os.set_blocking(ready, False)
    web_answers = worker_ready = False
    while not (web_answers and worker_ready):
        for part in parts:
            part.require_alive()
        if time.monotonic() > deadline:
            logs = ", ".join(str(part.command.log) for part in parts)
            raise EmbeddedError(f"Not ready after {START_SECONDS:.0f} seconds. See {logs}.")
        web_answers = web_answers or _answers(settings)
        with contextlib.suppress(BlockingIOError):
            worker_ready = worker_ready or bool(os.read(ready, 1))
        time.sleep(0.05)


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
