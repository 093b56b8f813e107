"""Two whole installations whose processes a storm kills: embedded, and with its own servers."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.settings import Settings
from tests.storm.family import Process, below, is_there
from tests.support.ports import free_port, wait_for
from tests.support.servers import Server, postgres_server, redis_server

SLOTS = 2
LOOK_SECONDS = 0.1
RESTART_SECONDS = 0.5  # before a killed process is started again, as Docker does
_straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(slots=True)
class Outage:
    """A component that is down, from a kill until it works again."""

    kind: str
    since: float
    until: float | None = None


class Installation(ABC):
    """The commands of an installation, kept running in a folder until `stop`."""

    kinds: tuple[str, ...]

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder = folder
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        inherited = {name: text for name, text in os.environ.items() if "CHAINRULE" not in name}
        self.environ = {
            **inherited,
            "CHAINRULE_DATA_DIR": str(folder / "var"),
            "CHAINRULE_SECRET_KEY": "for-tests-only-" + "x" * 32,
            "CHAINRULE_PORT": str(port),
            "CHAINRULE_WORKER_CONCURRENCY": str(SLOTS),
            "CHAINRULE_SUBMISSIONS_PER_MINUTE": "1000000",
            **environ,
        }
        self.settings = Settings.from_env(self.environ)
        self.outages: list[Outage] = []
        self.seen: set[Process] = set()
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper")

    def find(self, kind: str) -> list[Process]:
        """The running processes of a kind."""
        found = below(process.pid for process in self._started.values())
        self.seen.update(found)
        if kind == "zygote":
            # Not those of a worker, which has its own for a moment, when it examines the sandbox.
            slots = {process.pid for process in _find_main(found, "service.cli slot")}
            return [process for process in found if process.is_zygote and process.parent in slots]
        return _find_main(found, "service.cli serve" if kind == "web" else f"service.cli {kind}")

    def family_of(self, process: Process) -> list[Process]:
        """A process with its descendants."""
        return below([process.pid])

    def kill(self, kind: str, process: Process) -> None:
        """Kill one process at once. From now on its component is down."""
        self.note_outage(kind)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)

    def note_outage(self, kind: str) -> None:
        """Remember that a component is down from now on."""
        self.outages.append(Outage(kind, time.time()))

    def is_up(self, kind: str) -> bool:
        """Whether a component works. An idle slot without a zygote does."""
        if kind == "web":
            return self.answers("/healthz")
        if kind in {"slot", "zygote", "worker"}:
            return len(self.find("slot")) >= SLOTS and self._count_ready() >= SLOTS
        return bool(self.find(kind))

    def answers(self, path: str) -> bool:
        """Whether the web process answers a GET with 200."""
        try:
            with _straight.open(self.url + path, timeout=2) as response:
                return bool(response.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def _count_ready(self) -> int:
        """How many slots say that they are ready to grade."""
        try:
            with _straight.open(self.metrics_url, timeout=2) as response:
                text = response.read().decode()
        except (OSError, urllib.error.URLError):
            return 0
        ready = re.search(r"^chainrule_slots (\d+)", text, re.MULTILINE)
        return int(ready[1]) if ready else 0

    @property
    def metrics_url(self) -> str:
        """Where the metrics of the slots are."""
        return f"{self.url}/metrics"

    @property
    def is_whole(self) -> bool:
        """Whether every component works."""
        return all(map(self.is_up, self.kinds))

    def run(self, *command: str) -> None:
        """Run a `chainrule` command to its end."""
        subprocess.run(
            [sys.executable, "-m", "service.cli", *command], env=self.environ, check=True
        )

    def launch(self, command: str, **environ: str) -> None:
        """Start a `chainrule` command that goes on."""
        with (self.folder / f"{command}.log").open("ab") as log:
            self._started[command] = subprocess.Popen(
                [sys.executable, "-m", "service.cli", command],
                env=self.environ | environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @abstractmethod
    def keep_running(self) -> None:
        """Start what has ended and isn't started again by another process."""

    def open(self) -> None:
        """Start watching, and wait until everything works."""
        self._keeper.start()
        wait_for(lambda: self.is_whole, what="the installation to be whole", seconds=90)

    def stop(self) -> list[Process]:
        """Let every process end in order; returns those that are left."""
        self._stopping.set()
        if self._keeper.ident is not None:
            self._keeper.join()
        self.find("slot")
        for process in self._started.values():
            process.terminate()
        for process in self._started.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
        deadline = time.monotonic() + 10
        while (left := [p for p in self.seen if is_there(p)]) and time.monotonic() < deadline:
            time.sleep(0.1)
        for survivor in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(survivor.pid, signal.SIGKILL)
        for process in self._started.values():
            process.kill()
            process.wait()
        return left

    def _keep(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            self.keep_running()
            self.find("slot")  # notes all processes
            for outage in self.outages:
                if outage.until is None and self.is_up(outage.kind):
                    outage.until = time.time()


class Embedded(Installation):
    """`chainrule up`, which restarts its own processes."""

    kinds: tuple[str, ...] = ("slot", "zygote", "web", "scheduler", "worker")

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.launch("up")

    def keep_running(self) -> None:
        """Nobody restarts `chainrule up`, which isn't killed."""

    def wipe_messages(self) -> None:
        """Lose every message of the broker."""
        for message in (self.folder / "var/broker").glob("*/*.msg"):
            message.unlink(missing_ok=True)


class Production(Installation):
    """`serve`, `worker` and `scheduler` with a PostgreSQL and a Redis of their own."""

    kinds: tuple[str, ...] = ("slot", "zygote", "web", "scheduler", "worker", "redis", "postgres")
    commands = ("serve", "worker", "scheduler")

    def __init__(self, folder: Path, servers: dict[str, Server], **environ: str) -> None:
        super().__init__(folder, **environ)
        self.servers = servers
        self._ended: dict[str, float] = {}
        self._metrics_port = free_port()
        self.run("db", "upgrade")
        for command in self.commands:
            self._start(command)

    @property
    def metrics_url(self) -> str:
        """Where the worker has the metrics of its slots."""
        return f"http://127.0.0.1:{self._metrics_port}/metrics"

    def find(self, kind: str) -> list[Process]:
        """The running processes of a kind."""
        if server := self.servers.get(kind):
            return [] if server.has_ended() else below([server.pid])[:1]
        return super().find(kind)

    def is_up(self, kind: str) -> bool:
        """Whether a component works."""
        if server := self.servers.get(kind):
            return not server.has_ended() and server.answers()
        return super().is_up(kind)

    def kill(self, kind: str, process: Process) -> None:
        """Kill a process; a database with all its backends, so that it can start again."""
        family = self.family_of(process) if kind in self.servers else []
        super().kill(kind, process)
        for member in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(member.pid, signal.SIGKILL)

    def keep_running(self) -> None:
        """Start again what has ended, after a pause."""
        for name, server in self.servers.items():
            if server.has_ended() and self._is_due(name):
                server.launch()
        for command in self.commands:
            if self._started[command].poll() is not None and self._is_due(command):
                self._start(command)

    def _start(self, command: str) -> None:
        port = {"CHAINRULE_METRICS_PORT": str(self._metrics_port)} if command == "worker" else {}
        self.launch(command, **port)

    def _is_due(self, name: str) -> bool:
        since = self._ended.setdefault(name, time.monotonic())
        due = time.monotonic() - since >= RESTART_SECONDS
        if due:
            del self._ended[name]
        return due


def _find_main(processes: list[Process], command: str) -> list[Process]:
    """The processes of a command that no other process of the command has started."""
    matching = {process.pid: process for process in processes if command in process.command}
    return [process for process in matching.values() if process.parent not in matching]


@contextlib.contextmanager
def opened(form: str, folder: Path, kinds: tuple[str, ...]) -> Iterator[Installation]:
    """A whole installation of a form; nothing of it runs after the block."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        installation: Installation
        if form == "embedded":
            installation = Embedded(folder)
        else:
            database, database_url = stack.enter_context(postgres_server())
            broker, broker_url = stack.enter_context(redis_server())
            installation = Production(
                folder,
                {"postgres": database, "redis": broker},
                CHAINRULE_DATABASE_URL=database_url,
                CHAINRULE_BROKER_URL=broker_url,
            )
        installation.kinds = kinds or installation.kinds
        try:
            installation.open()
            yield installation
        finally:
            installation.stop()
