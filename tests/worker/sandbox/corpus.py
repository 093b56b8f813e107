"""The hostile programs, and whether the sandbox does with each exactly what its header says.

Header lines: `# expect:` the verdict or the kind of problem that a grading ends with, or `denied`:
each of its attempts is refused and the rest of it is graded, or `killed`: it crashed by a system
call that is forbidden, and by nothing else. `# alone: yes` leaves out the correct engine
before it, `# made:` is an expression that makes the source instead, `# wall:` is its wall-clock
limit in seconds, `# memory:` its limit in MiB, `# machine:` the only one where it makes sense. Run
as a program it runs them all, or each third with the argument 3, and prints what went wrong.
"""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.worker.sandbox.leftovers import adopting, count_leftovers
from tests.worker.sandbox.programs import HONEST, WORKED_EXAMPLE, tools
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import ProblemKind, Report
from worker.sandbox import Limits, Sandbox
from worker.sandbox.host.exit_reasons import FORBIDDEN
from worker.suites.format.reader import read_suite

FOLDER = Path(__file__).parent / "hostile"
CPU_SECONDS, PATIENT_CPU_SECONDS = 0.2, 10.0  # where time must run out, and where it must not
SECRET = "SECRET-OF-THE-SERVICE"
ANOTHERS = HONEST + "another = 'SUBMISSION-OF-ANOTHER'\n"
SUITE = read_suite(
    "# suite: corpus\n# title: T\n# version: 1\n# about: A.\n# weight: 1\n# case: c\n# title: T\n"
    + WORKED_EXAMPLE.program,
    "corpus.suite",
)


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
    with adopting(sandbox) as strangers:
        before = count_leftovers(sandbox, strangers)
        found = _complaints_of(sandbox, hostile)
        if (after := count_leftovers(sandbox, strangers)) != before:
            found.append(f"{after} are left instead of {before}")
    return found


def _complaints_of(sandbox: Sandbox, hostile: Hostile) -> list[str]:
    """What was wrong with the outcome, or with that of a correct program after it."""
    report = _grade(sandbox, hostile.source, hostile.limits)
    came, said = _outcome(report), report.stdout.splitlines()
    found = [line for line in said if line.startswith("ESCAPED")]
    if hostile.expect == "denied" and set(said) != {"denied"}:
        found.append(f"said {said}, {came}")
    expected = "passed" if hostile.expect == "denied" else hostile.expect
    if came != expected:
        found.append(f"{came} instead of {expected}")
    if hostile.expect == "denied" and report.interface and report.interface.notes:
        found.append(f"not all of it ran: {report.interface.notes}")
    if hostile.expect == "killed" and said:
        found.append(f"said {said}")
    if report.score != (expected == "passed"):
        found.append(f"{report.score} points")
    if _outcome(_grade(sandbox, ANOTHERS, Limits())) != "passed":
        found.append("a correct program after it does not pass")
    return found


def _grade(sandbox: Sandbox, source: str, limits: Limits) -> Report:
    return grade(source, [Selection(suite=SUITE, weight=1)], sandbox, seed=1, limits=limits)


def _outcome(report: Report) -> str:
    """The problem with the file where there is one, or else what became of the one case."""
    problem, case = report.problem, report.suites[0].cases[0]
    if problem is not None and problem.kind is not ProblemKind.STOPPED:
        return problem.kind
    return "killed" if FORBIDDEN in case.message else case.verdict


def _header(text: str) -> dict[str, str]:
    lines = [line[2:] for line in text.splitlines() if line.startswith("# ") and ": " in line]
    return dict(line.split(": ", 1) for line in lines)


def _make(name: str, text: str) -> Hostile:
    header = _header(text)
    expect = header["expect"]
    seconds = CPU_SECONDS if expect == "timeout" else PATIENT_CPU_SECONDS
    return Hostile(
        name=name,
        source=_source(text, header),
        limits=Limits(
            load_cpu_seconds=seconds,
            case_cpu_seconds=seconds,
            grading_cpu_seconds=10 * seconds,
            failure_cpu_seconds=10 * seconds,
            waiting_seconds=float(header.get("waits", 60)),
            memory_bytes=int(header.get("memory", 256)) * 2**20,
        ),
        expect=expect,
    )


def _source(text: str, header: dict[str, str]) -> str:
    if "made" in header:
        return str(eval(header["made"], {"honest": HONEST}))
    return text if "alone" in header else HONEST + tools(text) + text


if __name__ == "__main__":
    os.environ["CHAINRULE_SECRET_KEY"] = SECRET
    programs = list_hostile()[:: int(sys.argv[1]) if sys.argv[1:] else 1]
    with Sandbox() as made:
        wrong = {hostile.name: complaints(made, hostile) for hostile in programs}
    sys.stdout.write(f"{len(programs)} programs, user {os.getuid()}\n")
    sys.exit("\n".join(f"{name}: {found}" for name, found in wrong.items() if found) or 0)
