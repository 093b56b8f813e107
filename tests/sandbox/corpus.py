"""The hostile programs, and whether the sandbox does with each exactly what its header says.

Header lines: `# expect:` an outcome (see `programs.outcome`), or `denied`: each of its attempts
fails and the rest of it is graded. `# alone: yes` leaves out the honest engine before it, `# wall:`
is its wall-clock limit in seconds, `# memory:` its limit in MiB, `# machine:` the only one where
it makes sense. Run as a program it runs those that need no waiting, and prints what went wrong.
"""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.sandbox.programs import HONEST, grade, outcome, tools
from worker.sandbox import Limits, Sandbox

FOLDER = Path(__file__).parent / "hostile"
CPU_SECONDS, PATIENT_CPU_SECONDS = 0.4, 10.0  # where time must run out, and where it must not
SECRET = "SECRET-OF-THE-SERVICE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """A program, how it is run, and what must come of it."""

    name: str
    source: str
    limits: Limits
    expect: str


def list_hostile() -> list[Hostile]:
    """The programs that make sense on this machine."""
    found = [(path, path.read_text()) for path in sorted(FOLDER.glob("*.py"))]
    machine = platform.machine()
    return [
        _make(path.stem, text)
        for path, text in found
        if _header(text).get("machine", machine) == machine
    ]


def complaints(sandbox: Sandbox, hostile: Hostile) -> list[str]:
    """What was not as it must be; nothing, when the sandbox held."""
    with sandbox.session(hostile.source, hostile.limits) as session:
        came = outcome(session)
        said = session.stdout.splitlines()
    found = [line for line in said if line.startswith("ESCAPED")]
    if hostile.expect == "denied" and set(said) != {"denied"}:
        found.append(f"said {said}")
    expected = "passed" if hostile.expect == "denied" else hostile.expect
    if came != expected:
        found.append(f"{came} instead of {expected}")
    if grade(sandbox, HONEST) != "passed":
        found.append("an honest program after it does not pass")
    return found


def _header(text: str) -> dict[str, str]:
    lines = [line[2:] for line in text.splitlines() if line.startswith("# ") and ": " in line]
    return dict(line.split(": ", 1) for line in lines)


def _make(name: str, text: str) -> Hostile:
    header = _header(text)
    expect = header["expect"]
    return Hostile(
        name=name,
        source=text if "alone" in header else HONEST + tools(text) + text,
        limits=Limits(
            case_cpu_seconds=CPU_SECONDS if expect == "timeout" else PATIENT_CPU_SECONDS,
            case_wall_seconds=float(header.get("wall", 60)),
            memory_bytes=int(header.get("memory", 256)) * 2**20,
        ),
        expect=expect,
    )


if __name__ == "__main__":
    os.environ["CHAINRULE_SECRET_KEY"] = SECRET
    quick = [hostile for hostile in list_hostile() if hostile.expect != "timeout"]
    with Sandbox() as made:
        wrong = {hostile.name: complaints(made, hostile) for hostile in quick}
    sys.stdout.write(f"{len(quick)} programs, user {os.getuid()}\n")
    sys.exit("\n".join(f"{name}: {found}" for name, found in wrong.items() if found) or 0)
