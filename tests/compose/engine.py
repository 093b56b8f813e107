"""A Docker engine: the one that runs here, or else a temporary one of our own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE

from tests.support.ports import wait_for

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chainrule-compose"
TABLES = ("filter", "nat")  # of the firewall that an engine changes


class UnavailableError(Exception):
    """The stack can't run on this machine; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Docker:
    """A running engine, used through its command line."""

    host: str | None  # None: the one that `docker` finds by itself

    def run(self, *arguments: str | Path, **options: object) -> str:
        """Run a `docker` command to its end; its output. Raises AssertionError when it fails."""
        return run(["docker", *arguments], env=self.environ(), **options)

    def environ(self) -> dict[str, str]:
        """Our environment without variables that would change the stack's settings."""
        secret = ("CHAINRULE_", "COMPOSE_", "POSTGRES_", "REDIS_", "BASE_IMAGE")
        kept = {name: text for name, text in os.environ.items() if not name.startswith(secret)}
        return kept | {"DOCKER_HOST": self.host} if self.host else kept

    def compose(self) -> list[str]:
        """The command for Compose: a plug-in of `docker`, or the older `docker-compose`."""
        return ["docker", "compose"] if _has_plugin() else ["docker-compose"]


def run(command: list[str | Path], **options: object) -> str:
    """Run a command to its end; its output. Raises AssertionError with what it said if it fails."""
    options = {"stdout": PIPE, "stderr": PIPE, "text": True, "timeout": 900, **options}
    done = subprocess.run(command, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    output: str = done.stdout
    return output


@contextlib.contextmanager
def engine() -> Iterator[Docker]:
    """An engine that answers. Raises UnavailableError."""
    CACHE.mkdir(parents=True, exist_ok=True)
    _require_programs(compose=_has_plugin(), engine=_answers(None))
    if _answers(None):
        yield Docker(None)
    else:
        with _own_engine() as host:
            yield Docker(host)


def install(*packages: str) -> None:
    """Install Debian packages. Raises UnavailableError if we may not."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise UnavailableError(f"it needs these system packages: {' '.join(packages)}")
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run(["apt-get", "update", "-qq"])
        run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=environ)
    except AssertionError as failed:
        raise UnavailableError(f"system packages cannot be installed: {failed}") from failed


def _require_programs(*, compose: bool, engine: bool) -> None:
    missing = set()
    if not engine and not shutil.which("dockerd"):
        missing.add("docker.io")
    if not shutil.which("docker"):
        missing.add("docker.io")
    if not compose and not shutil.which("docker-compose"):
        missing.add("docker-compose")
    if missing:
        install(*sorted(missing))


def _has_plugin() -> bool:
    return _succeeds("docker", "compose", "version")


def _answers(host: str | None) -> bool:
    return _succeeds("docker", *(("--host", host) if host else ()), "version")


def _succeeds(*command: str) -> bool:
    if not shutil.which(command[0]):
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def _own_engine() -> Iterator[str]:
    """Start dockerd; its address. Its images stay in the cache; everything else is removed."""
    if os.geteuid() != 0:
        raise UnavailableError("no Docker engine answers, and only root can start one")
    with tempfile.TemporaryDirectory(prefix="chainrule-docker-") as folder, _firewall_restored():
        host, log = f"unix://{folder}/docker.sock", Path(folder) / "log"
        places = [f"--data-root={CACHE}/engine", f"--exec-root={folder}/exec"]
        options = [*places, f"--pidfile={folder}/pid", f"--host={host}", "--bridge=none"]
        with log.open("wb") as output:
            process = subprocess.Popen(["dockerd", *options], stdout=output, stderr=output)
        try:
            wait_for(
                lambda: _answers(host) or process.poll() is not None, what="the engine to answer"
            )
            if process.poll() is not None:
                raise UnavailableError(f"dockerd does not start:\n{_end_of(log)}")
            _tidy(Docker(host))
            yield host
        finally:
            process.terminate()
            process.wait(60)
            _unmount(Path(folder))


def _tidy(docker: Docker) -> None:
    """Remove leftovers of killed runs from the cache, and images without a name."""
    left = docker.run("ps", "--all", "--quiet").split()
    if left:
        docker.run("rm", "--force", *left)
    docker.run("system", "prune", "--force", "--volumes")


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:])


@contextlib.contextmanager
def _firewall_restored() -> Iterator[None]:
    """Restores the firewall: an engine leaves its chains and a policy that drops packets."""
    kept = [run(["iptables-save", "-t", table]) for table in TABLES]
    try:
        yield
    finally:
        run(["iptables-restore"], input="".join(kept))


def _unmount(folder: Path) -> None:
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    for mount in reversed(mounts):
        if Path(mount).is_relative_to(folder):
            run(["umount", mount])
