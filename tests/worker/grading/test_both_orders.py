"""A grading runs in both orders of sets, and what differs is nondeterministic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest

from tests.students import engine
from tests.worker.grading.counting import Counting
from tests.worker.grading.touchy import HASTY, RIGHT, TOUCHY, run, suite_of, verdicts
from worker.grading.budget import MOST_LOST
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.grading.sessions import Run
from worker.report.model import Verdict
from worker.sandbox import Sandbox, Session
from worker.sandbox.host.outcome import Failure, Observation
from worker.suites import catalogue
from worker.suites.cases import Case
from worker.suites.format.reader import read_suite


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


TAPE = engine("right/global_tape")  # makes no set


IS_REVERSED = "next(iter({1, 2})) == 2"
ADDS = "    return plain(a, b)\nVar.__add__ = add\n"
ASKS = TAPE + "\nnodes = set()\nplain = Var.__add__\ndef add(a, b):\n    nodes.add(id(a))\n" + ADDS
WALKS = ASKS.replace("return plain", "list({1, 2})\n    return plain")

KEEPS = ASKS.replace(
    "return plain", "table.update(dict.fromkeys({1, 2}) if not table else {})\n    return plain"
)


@pytest.fixture
def repeated(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int | None]]:
    """How many questions were repeated in a session, and how many of them differed."""
    counts: list[tuple[int, int | None]] = []
    repeat = Session.repeat

    def note(self: Session, asked: Mapping[int, int]) -> dict[int, Observation] | None:
        differing = repeat(self, asked)
        counts.append((len(asked), None if differing is None else len(differing)))
        return differing

    monkeypatch.setattr(Session, "repeat", note)
    return counts


@pytest.mark.parametrize(
    ("source", "found", "reverse"),
    [
        (TAPE, [], 0),
        (ASKS, [], 0),
        (WALKS, [(2, 0)], 0),
        (WALKS + "for x in {1, 2}: pass\n", [], 1),
        (KEEPS + "table = {}\n", [(2, None)], 1),
        (TAPE + "\nimport random\n", [], 1),
        (
            ASKS.replace("return plain", "sorted({id(a): 0, id(add): 0})\n    return plain"),
            [(2, None)],
            1,
        ),
    ],
    ids=["no set", "asked", "walked", "walked at load", "walked once", "chance", "identities"],
)
def test_what_gives_points_runs_in_both_orders_if_an_order_may_matter(
    repeated: list[tuple[int, int | None]],
    source: str,
    found: list[tuple[int, int | None]],
    reverse: int,
) -> None:
    """In the same session if all that matters are sets that are walked in graphs."""
    with Counting() as sandbox:
        free = Selection(suite=suite_of(3), weight=0)
        points = [Selection(suite=suite_of(number), weight=10) for number in (1, 2)]
        report = grade(source, [free, *points], sandbox, seed=7)
        assert verdicts(report) == ["passed"] * 3
        assert (sandbox.usual, sandbox.reversed) == (1, reverse)
    assert repeated == found


def test_rounding_that_differs_needs_no_second_session(
    repeated: list[tuple[int, int | None]],
) -> None:
    suite = catalogue.load("random", 7)
    with Counting() as sandbox:
        report = run(sandbox, RIGHT, suite)
        assert {*verdicts(report)} == {"passed"}
        assert (sandbox.usual, sandbox.reversed) == (1, 0)
    ((asked, differing),) = repeated
    assert asked == len(suite.cases)
    assert differing


def test_what_repeated_cases_print_is_not_shown(repeated: list[tuple[int, int | None]]) -> None:
    prints = WALKS.replace("list({1, 2})", "print(*{a.value, b.value + 1})")
    with Sandbox() as sandbox:
        report = run(sandbox, prints, suite_of(1, 2))
    assert report.stdout.splitlines()[-2:] == ["1 2", "2 3"]
    assert repeated == [(2, 0)]


def test_cases_that_cannot_be_repeated_run_in_a_second_session(
    repeated: list[tuple[int, int | None]],
) -> None:
    """The child is stopped meanwhile, or writes something else where its answers belong."""
    for harm in ("while True: pass", "open(4, 'wb', closefd=False).write(b'x' * 100)"):
        source = RIGHT + (
            f"\nplain = Value.__add__\ndef add(a, b):\n    if {IS_REVERSED}:\n        {harm}\n"
            "    return plain(a, b)\nValue.__add__ = add\n"
        )
        with Counting() as sandbox:
            run(sandbox, source, suite_of(1, 2))
            assert sandbox.reversed >= 1
    assert repeated == [(2, None)] * 2


def test_what_takes_too_long_to_be_repeated_runs_in_a_second_session_at_once(
    repeated: list[tuple[int, int | None]],
) -> None:
    """The repeat would use up time of the grading and tell nothing."""
    hasty = replace(HASTY, repeat_cpu_seconds=0.001)
    with Counting() as sandbox:
        assert verdicts(run(sandbox, WALKS, suite_of(1, 2), limits=hasty)) == ["passed"] * 2
        assert (sandbox.usual, sandbox.reversed) == (1, 1)
    assert repeated == []


def test_if_chance_matters_all_cases_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an engine keeps from earlier graphs is then the same in both orders."""
    walks = TAPE + "\nimport random\n"
    asked: list[int] = []
    run_all = Run.run_all

    def note(self: Run, cases: Sequence[Case]) -> Iterator[Observation | Failure]:
        asked.append(len(cases))
        return run_all(self, cases)

    monkeypatch.setattr(Run, "run_all", note)
    with Sandbox() as sandbox:
        assert verdicts(run(sandbox, walks, suite_of(3, 42, 3))) == ["passed"] * 3
    assert asked == [3, 3]


def test_a_file_cannot_take_back_that_it_names_a_way_to_the_order() -> None:
    swapped = SWAPPED + (
        "\nimport sys\nframe = sys._getframe()\nwhile frame:\n"
        "    for names in (frame.f_globals, frame.f_locals):\n"
        "        for name in [*names]:\n"
        "            if name == 'dependence': names[name].clear()\n"
        "    frame = frame.f_back\n"
    )
    with Counting() as sandbox:
        assert verdicts(run(sandbox, swapped, DIFFERENCE)) == ["nondeterministic"]
        free = [Selection(suite=DIFFERENCE, weight=0)]
        assert verdicts(grade(swapped, free, sandbox, seed=1)) == ["passed"]


def test_a_suite_that_is_run_twice_is_reported_once(sandbox: Sandbox) -> None:
    report = run(sandbox, TOUCHY, suite_of(1, 2))
    assert verdicts(report) == ["passed", "passed"]
    assert report.stdout.count("made 1\n") == 1


def test_numbers_that_differ_between_two_runs_are_nondeterministic(sandbox: Sandbox) -> None:
    chance = RIGHT + "\nimport random\nValue.__add__ = lambda a, b: Value(random.random())\n"
    first, again = (run(sandbox, chance, suite_of(1, 2)) for _ in range(2))
    assert verdicts(first) == ["nondeterministic"] * 2
    assert first.score == 0
    assert first.suites == again.suites


# Its difference is right while sets keep their order.
SWAPPED = RIGHT + (
    "\ndef subtract(self, other):\n"
    "    first, *rest = {self, other}\n"
    "    return self + other * (-1 if first is self else 1)\n"
    "Value.__sub__ = subtract\n"
)
DIFFERENCE = read_suite(
    "# suite: s\n# title: T\n# version: 3\n# about: A.\n# weight: 1\n# case: c\n# title: T\n"
    "x = Value(3)\nL = x - Value(2)\nL.backward()\n",
    "s.suite",
)


def test_only_the_cases_that_differ_are_nondeterministic(sandbox: Sandbox) -> None:
    report = run(sandbox, SWAPPED, DIFFERENCE, suite_of(1))
    assert verdicts(report) == ["nondeterministic", "passed"]
    assert [suite.score for suite in report.suites] == [0, 10]


SUM = read_suite(
    "# suite: s\n# title: T\n# version: 3\n# about: A.\n# weight: 1\n# case: c\n# title: T\n"
    "x = Value(7)\nL = x + Value(1)\nL.backward()\n",
    "s.suite",
)

ONLY_IN_SECOND = {
    "a loop": f"\nplain = Value.__add__\ndef add(a, b):\n"
    f"    while b.data == 1 and {IS_REVERSED}: pass\n    return plain(a, b)\n"
    "Value.__add__ = add\n",
    "an exit": f"\nimport os\nplain = Value.__add__\ndef add(a, b):\n"
    f"    if b.data == 1 and {IS_REVERSED}: os._exit(3)\n    return plain(a, b)\n"
    "Value.__add__ = add\n",
}


@pytest.mark.parametrize("name", ONLY_IN_SECOND)
def test_a_case_that_ends_the_program_in_the_other_order_is_nondeterministic(
    sandbox: Sandbox, name: str
) -> None:
    head = "# suite: s\n# title: T\n# version: 3\n# about: A.\n# weight: 1\n"
    cases = "".join(
        f"# case: c{n}\n# title: T\n{rule}x = Value(7)\nL = x + Value({n})\nL.backward()\n"
        for n, rule in ((2, ""), (1, "# rule: addition\n"), (3, ""))
    )
    report = run(sandbox, RIGHT + ONLY_IN_SECOND[name], read_suite(head + cases, "s.suite"))
    assert verdicts(report) == ["passed", "nondeterministic", "nondeterministic"]
    ended, after = (case.message for case in report.suites[0].cases[1:])
    assert "In one order: Everything is right. In the other: " in ended
    assert "Not run, because" in after
    assert report.score < report.max_score


def test_a_file_that_loads_in_one_order_only_is_nondeterministic(sandbox: Sandbox) -> None:
    report = run(sandbox, RIGHT + f"\nimport os\nif {IS_REVERSED}: os._exit(0)\n", suite_of(1, 2))
    assert verdicts(report) == ["nondeterministic"] * 2
    assert "could not be loaded again" in report.suites[0].cases[0].message


def test_a_case_that_ends_its_session_is_not_run_again() -> None:
    with Counting() as sandbox:
        report = run(sandbox, TOUCHY, suite_of(1, 666, 2))
    assert verdicts(report) == ["passed", "timeout", "passed"]
    assert sandbox.usual >= 2
    assert sandbox.reversed == 1


def test_state_that_is_left_by_other_cases_is_no_chance(sandbox: Sandbox) -> None:
    counts = RIGHT + (
        "\ncalls = []\nplain = Value.backward\n"
        "def backward(self):\n    calls.append(1)\n    plain(self)\n"
        "    if len(calls) == 2: self.grad = 0.5\n"
        "Value.backward = backward\n"
    )
    report = run(sandbox, counts, suite_of(1), suite_of(1, 2))
    assert "nondeterministic" not in verdicts(report)


def test_what_passed_runs_again_though_too_many_cases_ended_the_program(sandbox: Sandbox) -> None:
    deadly = [777] * (MOST_LOST)
    source = TOUCHY.replace(RIGHT, SWAPPED)
    report = run(sandbox, source, suite_of(1), DIFFERENCE, suite_of(*deadly))
    lost = ["invalid_output"] * len(deadly)
    assert verdicts(report) == ["passed", "nondeterministic", *lost]


def test_a_wrong_case_that_ends_the_program_in_the_other_order_keeps_its_first_report(
    sandbox: Sandbox,
) -> None:
    twice = RIGHT.replace("self.grad += out.grad", "self.grad += 2 * out.grad")
    assert twice != RIGHT
    report = run(sandbox, twice + ONLY_IN_SECOND["an exit"], SUM)
    (case,) = report.suites[0].cases
    assert case.verdict is Verdict.WRONG_GRADIENT
    assert "order" not in case.message
