"""Prints whether the stack can run on this machine, and fetches what it needs."""

from __future__ import annotations

import sys

from tests.compose.engine import UnavailableError, engine
from tests.compose.images import fetch

try:
    with engine() as docker:
        pulled = fetch(docker)
        version = docker.run("version", "--format", "{{.Server.Version}}").strip()
except UnavailableError as why:
    sys.exit(f"The stack cannot be brought up here: {why}")
sys.stdout.write(f"Docker {version}, {'images pulled' if pulled else 'stand-in images'}\n")
