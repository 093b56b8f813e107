"""Runs counterexamples outside the service, and compares their numbers with those of mpmath."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from service.submissions.runnable import About, Loader
from service.web.view.counterexample import make_graph
from tests.students import engine, names
from tests.support.oracles.exact import find_truth
from worker.report.model import ABSOLUTE, RELATIVE, Counterexample, Interface, Report
from worker.sandbox import Sandbox
from worker.sandbox.host.outcome import Limits, Loaded

FILE = "engine.py"
TEMPLATE = "right/closures"  # a right engine with the usual names


Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What became of a counterexample outside the service.

    `passes` is whether a right engine with the same names passes; None if there is none.
    """

    name: str
    operations: int
    mistakes: int
    fails: bool
    passes: bool | None
    exact: bool

    @property
    def holds(self) -> bool:
        """Whether it shows the mistake and nothing else."""
        return self.fails and self.passes is not False and self.exact


def find_right(sandbox: Sandbox) -> dict[Parts, str]:
    """The sources of right engines by the names of their parts."""
    found = dict[Parts, str]()
    for name in [*names("right"), *names("spellings")]:
        source = engine(name)
        with sandbox.session(source, Limits()) as session:
            loaded = session.load()
        if isinstance(loaded, Loaded) and not name.endswith(".ipynb"):
            found.setdefault(_parts(loaded.interface), source)
    return found


def prove_all(
    reports: Mapping[str, Report], sources: Mapping[str, str], right: Mapping[Parts, str]
) -> list[Proof]:
    """Runs the counterexample of each report with its own engine and with a right one."""
    return [
        prove(name, report, sources[name], right)
        for name, report in reports.items()
        if report.counterexample is not None
    ]


def prove(name: str, report: Report, source: str, right: Mapping[Parts, str]) -> Proof:
    """Runs the counterexample of a report outside the service."""
    found, interface = report.counterexample, report.interface
    assert found is not None
    assert interface is not None
    fixed = right.get(_parts(interface)) or _rename(interface)
    return Proof(
        name=name,
        operations=sum(node.operation != "leaf" for node in found.graph.nodes),
        mistakes=len(report.diagnoses),
        fails="    assert " in run_outside(source, found),  # a gradient may be no number
        passes=None if fixed is None else run_outside(fixed, found) == "",
        exact=is_exact(found),
    )


def run_outside(source: str, found: Counterexample) -> str:
    """What a Python of its own says about the program next to an engine; empty if it passes."""
    with TemporaryDirectory() as folder:
        program = Loader.of(FILE, source).make_runnable(found.program, About.SMALL_GRAPH)
        (Path(folder) / FILE).write_text(source, encoding="utf-8")
        (Path(folder) / "counterexample.py").write_text(program, encoding="utf-8")
        command = [sys.executable, "counterexample.py"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def is_exact(found: Counterexample) -> bool:
    """Whether the expected numbers of all nodes are those of mpmath."""
    nodes = found.graph.nodes
    truth = find_truth(make_graph(nodes))
    return all(
        abs(right - expected) <= max(RELATIVE * abs(right), ABSOLUTE)
        for node, data, grad in zip(nodes, truth.data, truth.grad, strict=True)
        for right, expected in ((data, node.expected.data), (grad, node.expected.grad))
    )


def write_proofs(proofs: Iterable[Proof], wrong: int) -> list[str]:
    """The lines that print what became of the counterexamples of so many wrong engines."""
    proofs = list(proofs)
    single = [one.operations for one in proofs if one.mistakes == 1]
    by_size = ", ".join(f"{single.count(n)} with {n}" for n in sorted(set(single)))
    tried = [one.passes for one in proofs if one.passes is not None]
    return [
        f"Counterexamples: {len(proofs)} of {wrong} engines with wrong numbers",
        f"  operations, of single mistakes: {by_size}",
        f"  fail with the engine's own file: {sum(one.fails for one in proofs)}",
        f"  pass with a right engine of the same names: {sum(tried)} of {len(tried)}",
        f"  have the numbers of mpmath: {sum(one.exact for one in proofs)}",
        *(f"  doesn't hold: {one}" for one in proofs if not one.holds),
    ]


def _parts(interface: Interface) -> Parts:
    """What a program needs of an engine: the names of its parts, and how functions are called."""
    calls = tuple(sorted(interface.functions.items()))
    leaf, adapt = interface.leaf or "", interface.adapt
    names = (interface.class_name, interface.data, interface.grad, interface.backward)
    return (*(name or "" for name in (*names, interface.seed)), leaf, adapt, str(calls))


def _rename(interface: Interface) -> str | None:
    """The right engine with the usual names, in these names; None if it takes more than that."""
    own = _parts(interface)
    names = [own[0], own[1], own[2], own[3].removesuffix("()")]
    if any(own[4:7]) or interface.functions or not all(map(str.isidentifier, names)):
        return None
    source = engine(TEMPLATE)
    for old, new in zip(("Value", "data", "grad", "backward"), names, strict=True):
        source = re.sub(rf"\b{old}\b(?!\0)", f"{new}\0", source)
    return source.replace("\0", "")
