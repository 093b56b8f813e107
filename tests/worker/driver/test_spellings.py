"""Each way to write an engine is recognised, and the report says what was found and left out."""

from __future__ import annotations

import re

import pytest

from tests.students import engine, names
from tests.worker.driver.in_process import found, observe
from tests.worker.sandbox.programs import WORKED_EXAMPLE
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import Report, Verdict
from worker.sandbox import Names, Sandbox
from worker.suites import catalogue

EXAMPLE = catalogue.load("worked-example")


def lines(name: str, key: str) -> tuple[str, ...]:
    """What follows a key in the comments at an engine's head, a line each time."""
    return tuple(re.findall(rf"^# {key}: (.*)$", engine(name), re.MULTILINE))


@pytest.mark.parametrize("name", names("spellings"))
def test_an_engine_is_recognised_however_it_is_written(sandbox: Sandbox, name: str) -> None:
    report = grade(engine(name), [Selection(suite=EXAMPLE, weight=10)], sandbox, seed=1)
    assert report.problem is None
    told = {c.id: c.message for c in report.suites[0].cases if c.verdict != "passed"}
    assert told.keys() <= ({"inner"} if "in_order" in name else set()), told
    interface = report.interface
    assert interface is not None
    account = [
        interface.class_name or "-",
        interface.data,
        interface.grad,
        interface.backward or "-",
    ]
    assert (" | ".join(account),) == lines(name, "account")
    assert interface.notes == lines(name, "note")


@pytest.mark.parametrize("name", names("spellings"))
def test_the_driver_alone_finds_the_same_parts_and_numbers(name: str) -> None:
    account = found(engine(name))
    told = [account["class"] or "-", account["data"], account["grad"], account["backward"]]
    assert (" | ".join(told),) == lines(name, "account")
    answer = observe(engine(name), WORKED_EXAMPLE.program, "x1", "x2", "x4", "x6")
    assert answer == {"numbers": [3, 4, 5, 2, 8, 6, 2, 17]}


def test_fixed_names_arrive_in_the_sandbox(sandbox: Sandbox) -> None:
    def graded(names: Names) -> Report:
        selections = [Selection(suite=EXAMPLE, weight=10)]
        return grade(engine("spellings/back_prop"), selections, sandbox, seed=1, names=names)

    other = graded(Names(class_name="Value"))
    assert other.problem is not None
    assert other.problem.message == (
        "The assignment asks for a class Value; this file has a class Variable."
    )
    named = graded(Names(class_name="Variable", data="value", backward="backward"))
    assert {case.verdict for case in named.suites[0].cases} == {Verdict.UNSUPPORTED}
    assert named.interface is not None
    assert named.interface.notes == (
        "The assignment asks for the name backward; this class has back_prop().",
    )
