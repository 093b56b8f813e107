"""A student's file goes in, a report comes out: in the real sandbox."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from typing import Any

import pytest

from tests.students import engine
from tests.worker.grading.touchy import RIGHT, TOUCHY, run, suite_of, verdicts
from worker.grading.budget import MOST_LOST
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.reference.engine import ENGINE_VERSION
from worker.report.model import CaseReport, ProblemKind, Verdict
from worker.sandbox import Limits, Names, Sandbox, Session
from worker.suites.catalogue import load, names, outline
from worker.suites.format.reader import read_suite

WORKED, RULES, REUSE, ORDER = map(load, ("worked-example", "rules", "reuse", "order"))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def test_a_correct_engine_gets_all_points_and_a_report_with_provenance(
    sandbox: Sandbox,
) -> None:
    report = run(sandbox, RIGHT, WORKED)
    assert set(verdicts(report)) == {"passed"}
    assert (report.score, report.max_score, report.problem) == (10, 10, None)
    numbers = [
        check.actual
        for case in report.suites[0].cases
        for check in case.checks
        if check.quantity == "grad"
    ]
    assert numbers == [8, 6, 2, 17, *(8, 2, 2, 1)]
    made_with = report.provenance
    assert made_with.suite_versions == {"worked-example": WORKED.version}
    assert (made_with.seed, made_with.engine_version) == (7, ENGINE_VERSION)
    assert made_with.python == platform.python_version()
    assert made_with.sandbox_layers == sandbox.layer_names
    assert made_with.seconds > 0


def test_an_engine_that_assigns_its_gradients_passes_the_worked_example_and_fails_by_reuse(
    sandbox: Sandbox,
) -> None:
    report = run(sandbox, engine("wrong/assigns_gradients"), WORKED, RULES, REUSE)
    example, rules, reuse = report.suites
    assert example.score == 10
    assert 9 < rules.score < 10  # a power is used again there
    assert reuse.score == 0
    assert report.score == example.score + rules.score + reuse.score
    wrong = {case.id: case for case in reuse.cases if case.verdict is not Verdict.PASSED}
    assert Verdict.WRONG_GRADIENT in {case.verdict for case in wrong.values()}
    assert wrong["sum-twice@1"].message == "x.grad is 1, expected 2."


def test_cases_are_equal_within_a_suite_and_the_weight_is_its_maximum(sandbox: Sandbox) -> None:
    suite = suite_of(1, 2, 666, 3)
    report = run(sandbox, TOUCHY, suite)
    assert (report.score, report.max_score) == (7.5, 10)


@pytest.mark.parametrize("name", [name for name in names() if outline(name).weight])
def test_an_assignment_with_one_suite_alone_gives_all_its_points(
    name: str, sandbox: Sandbox
) -> None:
    report = run(sandbox, RIGHT, load(name))
    assert (report.score, report.max_score) == (10, 10)
    assert report.ledger == ()


def test_each_case_is_reported_as_it_ends(sandbox: Sandbox) -> None:
    reported: list[CaseReport] = []
    selection = Selection(suite=WORKED, weight=1)
    report = grade(RIGHT, [selection], sandbox, seed=1, on_case=reported.append)
    assert tuple(reported) == report.suites[0].cases


def test_second_runs_are_progress_but_each_case_is_reported_once(sandbox: Sandbox) -> None:
    reported: list[CaseReport] = []
    steps: list[int] = []
    selection = Selection(suite=load("random", 1), weight=1)
    grade(
        RIGHT + "\nimport random\n",
        [selection],
        sandbox,
        seed=1,
        on_case=reported.append,
        on_progress=lambda: steps.append(len(reported)),
    )
    cases = len(selection.suite.cases)
    assert len(reported) == cases
    assert steps == [*range(1, cases + 1), *[cases] * cases]


def test_a_case_that_ends_its_session_costs_that_case_only(sandbox: Sandbox) -> None:
    report = run(sandbox, TOUCHY, suite_of(1, 666, 2), suite_of(3))
    assert verdicts(report) == ["passed", "timeout", "passed", "passed"]
    assert report.problem is None


def test_after_too_many_ended_sessions_the_other_cases_say_why_they_were_not_run(
    sandbox: Sandbox,
) -> None:
    deadly = [777] * (MOST_LOST)
    report = run(sandbox, TOUCHY, suite_of(1, *deadly, 2), suite_of(3, 4))
    assert verdicts(report) == ["passed", *["invalid_output"] * (len(deadly) + 3)]
    last = report.suites[1].cases[-1]
    assert last.message.startswith(f"Not run, because {len(deadly)} tests before it ended the")
    assert last.program.startswith("x = Value(4)")


def test_a_program_that_exits_costs_that_case_only(sandbox: Sandbox) -> None:
    report = run(sandbox, TOUCHY, suite_of(1, 777, 2))
    first, left, last = report.suites[0].cases
    assert (first.verdict, last.verdict) == (Verdict.PASSED, Verdict.PASSED)
    assert left.verdict is Verdict.INVALID_OUTPUT


def test_a_file_that_is_not_python_is_a_problem_with_its_position(sandbox: Sandbox) -> None:
    report = run(
        sandbox, "class Value:\n    def __add__(self, other)\n        pass\n", WORKED, RULES
    )
    assert report.problem is not None
    assert report.problem.kind is ProblemKind.SYNTAX_ERROR
    assert report.problem.line == 2
    assert set(verdicts(report)) == {"error"}
    assert len(verdicts(report)) == len(WORKED.cases) + len(RULES.cases)
    assert {case.message for case in report.suites[0].cases} == {report.problem.message}
    assert (report.score, report.max_score) == (0, 20)
    assert report.provenance.python == platform.python_version()


@pytest.mark.parametrize(
    "head",
    ["from base import Node\n\n\nclass Value(Node):", "from utils import size\n\n\nclass Value:"],
)
def test_every_case_of_a_class_in_need_of_another_file_is_unsupported(
    sandbox: Sandbox, head: str
) -> None:
    source = f"{head}\n    def __init__(self, data):\n        self.data = size(data) + 0\n"
    report = run(sandbox, source + "    def __add__(self, other): ...\n", WORKED)
    assert report.problem is not None
    assert "Put it into this file" in report.problem.message
    assert set(verdicts(report)) == {"unsupported"}


def test_a_file_that_never_ends_loading_is_stopped_and_every_case_with_it(sandbox: Sandbox) -> None:
    report = run(sandbox, "sum(iter(int, 1))\n", WORKED)
    assert report.problem is not None
    assert report.problem.kind is ProblemKind.STOPPED
    assert set(verdicts(report)) == {"timeout"}


class Moody(Sandbox):
    """Its first session is given the file, and every later one another."""

    later: str
    opened = 0

    def session(
        self, source: str, limits: Limits, *, names: Names | None = None, reverse: bool = False
    ) -> Session:
        self.opened += 1
        return super().session(
            source if self.opened == 1 else self.later, limits, names=names, reverse=reverse
        )


@pytest.mark.parametrize(
    ("later", "verdict", "words"),
    [
        ("1 / 0", Verdict.ERROR, "ZeroDivisionError"),
        ("sum(iter(int, 1))", Verdict.TIMEOUT, "of computing"),
    ],
)
def test_a_file_that_loads_only_once_keeps_its_points(
    later: str, verdict: Verdict, words: str
) -> None:
    with Moody() as moody:
        moody.later = later
        report = run(moody, TOUCHY, suite_of(1, 777, 2), suite_of(3))
    assert verdicts(report) == ["passed", "invalid_output", verdict, verdict]
    assert report.problem is None
    assert report.score == 3.33
    message = report.suites[1].cases[0].message
    assert message.startswith("Not run, because the file could not be loaded again: ")
    assert words in message


def test_the_output_of_the_file_is_kept(sandbox: Sandbox) -> None:
    report = run(sandbox, "import sys\nprint('hello', file=sys.stderr)\n" + TOUCHY, suite_of(5))
    assert report.stdout.startswith("made 5\n")
    assert report.stderr == "hello\n"


def test_the_output_of_cases_is_kept_and_that_of_loading_only_once(
    sandbox: Sandbox,
) -> None:
    chatty = RIGHT + "\nprint('loaded')\nplain = Value.backward\n"
    chatty += "def loud(self):\n    print('backward')\n    plain(self)\nValue.backward = loud\n"

    report = run(sandbox, chatty, suite_of(1, 2), suite_of(3))

    assert report.stdout == "loaded\n" + "backward\n" * 3


# Prints as much for a case as its number says.
LOUD = (
    RIGHT
    + """

plain = Value.__init__

def loud(self, data, _children=()):
    plain(self, data, _children)
    if data > 100 and not _children:
        print("x" * (int(data) - 1))

Value.__init__ = loud
"""
)


def test_cases_that_print_much_together_all_pass(sandbox: Sandbox) -> None:
    report = run(sandbox, LOUD, suite_of(*[20_000] * 12))

    assert verdicts(report) == ["passed"] * 12
    assert report.stdout == ("x" * 19_999 + "\n") * 3 + "x" * (65_536 - 60_000)


def test_a_flood_costs_only_the_case_that_prints_it(sandbox: Sandbox) -> None:
    for flood in (262_145, 400_000, 1_000_000):
        report = run(sandbox, LOUD, suite_of(5, 60_000, flood, 60_000, 262_144, flood, 7))

        flooded = "output_limit"
        assert verdicts(report) == ["passed", "passed", flooded, *["passed"] * 2, flooded, "passed"]
        message = report.suites[0].cases[2].message
        assert message == "The program wrote more than 256 KiB to stdout, and was stopped."


def test_a_file_that_takes_too_long_to_load_gets_advice(sandbox: Sandbox) -> None:
    limits = Limits(load_cpu_seconds=0.3)
    report = run(sandbox, RIGHT + "\nsum(iter(int, 1))\n", suite_of(1), limits=limits)

    assert report.problem is not None
    assert report.problem.message.startswith("While the file was loaded: No answer")
    assert "__name__ == '__main__'" in report.problem.message


def test_assigning_in_the_power_is_caught_where_its_operand_is_used_again(
    sandbox: Sandbox,
) -> None:
    report = run(sandbox, engine("wrong/assigns_in_power"), load("power"))

    wrong = {case.id for case in report.suites[0].cases if case.verdict is Verdict.WRONG_GRADIENT}
    assert {"again-power@1", "before-and-after-power@1", "two-powers"} <= wrong
    words = "power", "quotient", "divide"  # it spells a / b as a * b ** -1
    assert all(any(word in case for word in words) for case in wrong)


def test_a_rule_whose_case_ends_the_program_keeps_others_from_ending_it_too(
    sandbox: Sandbox,
) -> None:
    head = "# suite: touch\n# title: T\n# version: 3\n# about: A.\n# weight: 1\n"
    loop = RIGHT + "\ndef stuck(a, b):\n    while True: pass\nValue.__mul__ = stuck\n"
    rule = "# case: rule\n# title: R\n# rule: multiplication\nx = Value(2)\ny = Value(3)\n"
    rule += "L = x * y\nL.backward()\n"
    more = "".join(
        f"# case: c{n}\n# title: T\n# equal: yes\nx = Value({n})\nL = x * x + x\nL.backward()\n"
        for n in range(9)
    )
    report = run(sandbox, loop, read_suite(head + rule + more, "touch.suite"), suite_of(1))
    first, *others = report.suites[0].cases
    assert (first.verdict, first.blocked_by) == (Verdict.TIMEOUT, ())
    assert {case.blocked_by for case in others} == {("multiplication",)}
    assert "Not run, because multiplication ended the program before" in others[0].message
    assert report.suites[1].score == 10


def test_reuse_that_ends_the_program_in_one_function_keeps_no_other_graph_from_running(
    sandbox: Sandbox,
) -> None:
    slope = "self.grad += (1 if self.data > 0 else -1) * out.grad"
    hangs = RIGHT.replace(slope, f"while self.grad: pass\n            {slope}")
    report = run(sandbox, hangs, load("functions"), load("composite"))
    cases = [case for suite in report.suites for case in suite.cases]
    assert hangs != RIGHT
    failed = [case for case in cases if case.verdict is not Verdict.PASSED]
    assert failed[0].id == "chain-again-abs@1"
    assert all("abs(" in case.program for case in failed)


def test_without_a_backward_no_convention_says_that_an_operation_is_missing(
    sandbox: Sandbox,
) -> None:
    lacking = RIGHT[: RIGHT.index("    def backward(self")]
    report = run(sandbox, lacking, load("conventions"))
    assert report.interface is not None
    assert report.interface.backward is None
    for case in report.suites[0].cases:
        assert (case.verdict, case.counts) == (Verdict.UNSUPPORTED, False), case.id
        assert "has no backward()" in case.message


def test_the_report_counts_the_cpu_time_of_every_session(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Session] = []
    open_session = sandbox.session

    def keep(*given: Any, **options: Any) -> Session:
        opened.append(open_session(*given, **options))
        return opened[-1]

    monkeypatch.setattr(sandbox, "session", keep)
    report = run(sandbox, TOUCHY, suite_of(1, 666, 3))
    assert len(opened) > 2  # at least one more after the loop, and one in the other order
    assert report.provenance.cpu_seconds == pytest.approx(sum(each.cpu_seconds for each in opened))
    assert all(each.cpu_seconds > 0 for each in opened)
