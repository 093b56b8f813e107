"""The stack of docker-compose.yml, started from a fresh copy of the sources."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.compose.engine import CACHE, Docker, run
from tests.compose.images import ROOT
from tests.support.http_client import Client
from tests.support.ports import free_port, wait_for

OURS = ("web", "worker", "scheduler")
FOREIGN = ("db", "redis")
PATIENCE = 180.0  # seconds for containers to come up on a busy machine


@dataclass(frozen=True, slots=True)
class Stack:
    """A running installation, with methods to use and disturb it."""

    docker: Docker
    folder: Path
    project: str
    url: str

    def compose(self, *arguments: str) -> str:
        """Run a Compose command to its end; its output."""
        command = [*self.docker.compose(), "--project-name", self.project, *arguments]
        return run([*command], cwd=self.folder, env=self.docker.environ())

    def up(self, *options: str) -> None:
        """Start it, and wait until every service with a health check is healthy."""
        self.compose("up", "--detach", *options)
        for service in (*OURS, *FOREIGN):
            wait_for(partial(self.is_healthy, service), seconds=PATIENCE, what=service)

    def containers(self, service: str) -> list[str]:
        """The ids of a service's containers, also of those that have ended."""
        labels = {"project": self.project, "service": service}
        wanted = [f"--filter=label=com.docker.compose.{key}={text}" for key, text in labels.items()]
        return self.docker.run("ps", "--all", "--quiet", *wanted).split()

    def inspect(self, service: str) -> list[dict[str, Any]]:
        """What `docker inspect` says about a service's containers."""
        found: list[dict[str, Any]] = json.loads(
            self.docker.run("inspect", *self.containers(service))
        )
        return found

    def is_healthy(self, service: str) -> bool:
        """Whether each container of a service is healthy."""
        states = [each["State"] for each in self.inspect(service)]
        return all(state.get("Health", {}).get("Status") == "healthy" for state in states)

    def inside(self, service: str, *command: str, **options: object) -> str:
        """Run a command in a service's first container; its output."""
        return self.docker.run("exec", "-i", self.containers(service)[0], *command, **options)

    def python(self, service: str, program: str) -> str:
        """Run a Python program in a service's first container; its output."""
        return self.inside(service, "python3", "-", input=program).strip()

    def chainrule(self, *command: str) -> str:
        """Run a `chainrule` command as an administrator does; its output."""
        return self.inside("web", "chainrule", *command)

    def student(self) -> Client:
        """A new student of the course, with a token."""
        email = f"student-{os.urandom(4).hex()}@example.edu"
        self.chainrule("user", "add", email, "--name", "A Student", "--course", "ml")
        return Client(self.url, self.chainrule("token", "new", email).strip())


def copy_sources(folder: Path) -> None:
    """A copy of the sources as they are in the repository, without local files."""

    def grown(_: str, names: list[str]) -> list[str]:
        hidden = {name for name in names if name.startswith(".")} - {".dockerignore"}
        return [*hidden, *({"var", "tests", "__pycache__"} & set(names))]

    shutil.copytree(ROOT, folder, ignore=grown)


def write_settings(folder: Path, settings: dict[str, str]) -> None:
    """Generate the secrets with `make env`, and add settings to them."""
    run(["make", "env"], cwd=folder)
    with (folder / ".env").open("a") as file:
        file.writelines(f"{name}={text}\n" for name, text in settings.items())


@contextlib.contextmanager
def brought_up(docker: Docker, folder: Path, images: dict[str, str]) -> Iterator[Stack]:
    """Build and start the stack and add a course; in the end remove it with its volumes."""
    port = free_port()
    stack = Stack(docker, folder, f"chainrule-{os.getpid()}", f"http://127.0.0.1:{port}")
    chosen = {
        "CHAINRULE_IMAGE": "chainrule-test/service",
        "CHAINRULE_PUBLISH": f"127.0.0.1:{port}",
        "CHAINRULE_LEASE_SECONDS": "5",
        "CHAINRULE_REAP_SECONDS": "1",
        "CHAINRULE_SUBMISSIONS_PER_MINUTE": "1000",
    }
    copy_sources(folder)
    write_settings(folder, images | chosen)
    stack.compose("build")
    try:
        stack.up()
        stack.chainrule("course", "add", "ml", "--title", "Machine learning")
        stack.chainrule("assignment", "add", "ml", "engine", "--title", "An engine")
        yield stack
    finally:
        (CACHE / "stack.log").write_text(stack.compose("logs", "--no-color", "--timestamps"))
        stack.compose("down", "--volumes")
