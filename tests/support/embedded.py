"""`chainrule up`, as `make up` runs it: real processes on their own data folder."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.http_client import Client
from tests.support.ports import free_port, wait_for
from tests.support.processes import descendants, still_there


class Service:
    """A running `chainrule up`, and the demo.json of its first start."""

    def __init__(self, data_dir: Path, **environ: str) -> None:
        self.data_dir = data_dir
        self.environ = {
            **{name: text for name, text in os.environ.items() if "CHAINRULE" not in name},
            "CHAINRULE_DATA_DIR": str(data_dir),
            "CHAINRULE_PORT": str(free_port()),
            "CHAINRULE_REAP_SECONDS": "1",
            **environ,
        }
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start and wait until web and worker are ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "up"],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "Stop with Ctrl-C" in line:
                return
        raise AssertionError(f"did not start: exit code {self.process.wait()}")

    def interrupt(self) -> str:
        """Press Ctrl-C; returns what was printed after it."""
        assert self.process is not None
        family: dict[int, str] = {}

        def has_zygote() -> bool:  # the kernel's list leaves out siblings while one of them ends
            family.update(descendants(self.process.pid) if self.process else {})
            return any("zygote.py" in command for command in family.values())

        wait_for(has_zygote, what="a zygote")
        self.process.send_signal(signal.SIGINT)
        output, _ = self.process.communicate(timeout=60)
        wait_for(lambda: not still_there(family), what="every process to end")
        return output

    def kill(self) -> None:
        """Kill all processes of the service at once."""
        assert self.process is not None
        family = descendants(self.process.pid)
        self.process.kill()
        self.process.communicate(timeout=60)
        wait_for(lambda: not still_there(family), what="every process to end")

    @property
    def demo(self) -> dict[str, Any]:
        """The demo accounts."""
        known: dict[str, Any] = json.loads((self.data_dir / "demo.json").read_text())
        return known

    def client(self, student: int = 0) -> Client:
        """A demo student's client."""
        return Client(self.demo["url"], self.demo["students"][student]["token"])


@contextlib.contextmanager
def started(data_dir: Path, **environ: str) -> Iterator[Service]:
    """A service; whatever still runs in the end is stopped."""
    service = Service(data_dir, **environ)
    service.start()
    yield service
    if service.process is not None and service.process.poll() is None:
        service.interrupt()
