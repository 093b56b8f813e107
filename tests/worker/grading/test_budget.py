"""All sessions of a grading share one budget, and what it cuts is the same each time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.students import engine
from tests.worker.grading.counting import Counting
from tests.worker.grading.touchy import RIGHT, verdicts
from tests.worker.sandbox.programs import USED
from worker.grading.budget import (
    LOAD_PRICES,
    MOST_LOST,
    OUT_OF_TIME,
    SLOW_TO_LOAD,
    SLOWNESS,
    Budget,
)
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import Interface, Report, Verdict
from worker.sandbox import Failure, Limits, Loaded, Sandbox
from worker.suites.cases import Case
from worker.suites.catalogue import load, names
from worker.suites.format.reader import read_suite

MOST_CPU_SECONDS = 6.0  # of a program that never comes to an end, in all sessions together
MOST_WITHOUT_POINTS = 0.5  # of it, in suites without points
ROBUSTNESS = {case.id: case for case in load("robustness").cases}
SMALL, LARGE = ROBUSTNESS["deep-chain@1"], ROBUSTNESS["deep-chain@2"]
ORDINARY = ROBUSTNESS["deep-products"]
SLOW = Failure(verdict=Verdict.TIMEOUT, message="Too long.")
LOADED = Loaded(
    interface=Interface(class_name="Value", data="data", grad="grad", backward="backward()"),
    python="",
    counted_seconds=0,
)
CRASHED = Failure(verdict=Verdict.CRASHED, message="It crashed.")


def budget(*without_points: Case) -> Budget:
    return Budget(limits=Limits(), without_points=frozenset(map(id, without_points)))


def pay(one: Budget, seconds: float, counted: float | None = None) -> None:
    """Loads the file. Its work was counted if nothing else is said."""
    work = seconds if counted is None else counted
    one.charge_load(seconds, replace(LOADED, counted_seconds=work))


def end(one: Budget, case: Case, failure: Failure = SLOW) -> None:
    """A case ends the program, and the file is loaded again."""
    one.charge_end(case)
    one.count_lost(case, failure)
    if one.stopped is None:
        pay(one, 0.01, 0)


def is_stopped(one: Budget) -> bool:
    return one.stopped is not None


def most_spent(load_price: float) -> float:
    """What a grading costs at most if every case loops, by its limits alone."""
    one, spent = budget(), load_price
    pay(one, load_price)
    while not is_stopped(one):
        for is_second in (False, True):
            one.charge_end(ORDINARY)
            spent += one.limits.case_cpu_seconds
            if is_second or not one.allows_second_try(ORDINARY):
                break
            pay(one, load_price)
            spent += load_price
        one.count_lost(ORDINARY, SLOW)
        if not is_stopped(one):
            pay(one, load_price)
            spent += load_price
    if one.begin_reverse():
        pay(one, load_price)
        one.charge_end(ORDINARY)
        one.count_lost(ORDINARY, SLOW)
        assert is_stopped(one)
        spent += load_price + one.limits.case_cpu_seconds
    return spent


@pytest.mark.parametrize("load_price", [*LOAD_PRICES, Limits().load_cpu_seconds])
def test_by_its_limits_alone_a_grading_never_costs_more(load_price: float) -> None:
    assert Limits().failure_cpu_seconds == MOST_CPU_SECONDS
    assert most_spent(load_price) <= MOST_CPU_SECONDS


def test_a_file_that_never_loads_costs_no_more_in_both_tries() -> None:
    one = budget()
    for allows_another in (True, False):
        one.charge_load(Limits().load_cpu_seconds + 0.01, SLOW)
        assert one.allows_second_load is allows_another
    assert 2 * Limits().load_cpu_seconds <= MOST_CPU_SECONDS


def test_an_ordinary_file_gets_a_second_try_for_each_case() -> None:
    one = budget()
    pay(one, 0.02)
    for lost in range(MOST_LOST):
        assert not is_stopped(one)
        one.charge_end(ORDINARY)
        assert one.allows_second_try(ORDINARY)
        pay(one, 0.02)
        end(one, ORDINARY)
        assert lost + 1 < MOST_LOST or is_stopped(one)
    assert one.stopped is not None
    assert one.stopped.message == (
        "Not run, because 4 tests before it ended the program. The last: Too long."
    )


def test_a_file_that_is_slow_to_load_gets_none_and_still_goes_on() -> None:
    one = budget()
    pay(one, 1.3)
    one.charge_end(ORDINARY)
    assert not one.allows_second_try(ORDINARY)
    allowed = [one.allows_another_session]
    end(one, ORDINARY)
    assert [*allowed, one.allows_another_session] == [True, False]
    assert one.begin_reverse()


@pytest.mark.parametrize("seconds", [0.02, 0.05, 0.09])
def test_small_differences_in_loading_change_nothing(seconds: float) -> None:
    one, other = budget(), budget()
    pay(one, seconds, 0)
    pay(other, 0.01, 0)
    assert one == other


def price(seconds: float, counted: float) -> float:
    """What a load costs: what is kept back for the other order, but for a case that loops."""
    one = budget()
    pay(one, seconds, counted)
    one.spend(0)
    kept_back = Limits().grading_cpu_seconds - one.limits.grading_cpu_seconds
    return round(kept_back - Limits().case_cpu_seconds, 9)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [(0.0, 0.1), (0.09, 0.1), (0.2, 0.5), (0.4, 0.5), (0.8, 0.9), (1.2, 1.5), (1.6, 2.5)],
)
def test_counted_work_costs_the_same_at_any_speed(counted: float, expected: float) -> None:
    for times in (0.1, 1, 2, SLOWNESS):
        assert price(max(0.02, counted) * times, counted) == expected


def test_what_is_not_counted_costs_what_it_takes_on_a_fast_machine() -> None:
    assert [price(seconds, 0) for seconds in (0.3, 0.31, 1.5, 2.5)] == [0.1, 0.5, 0.5, 0.9]


def most_forged(seconds: float, counted: float, *, passes: bool) -> float:
    """What a program costs that says anything about its work, if every case loops.

    If it `passes`, a case that is tried again passes.
    """
    one, spent = budget(), 0.0

    def begin_session() -> float:
        most = one.limits.grading_cpu_seconds
        pay(one, min(seconds, most), counted)
        one.charge_end(ORDINARY)
        return min(seconds + one.limits.case_cpu_seconds, most)

    while not is_stopped(one):
        used = begin_session()
        is_tried_again = one.allows_second_try(ORDINARY)
        if is_tried_again:
            one.spend(used)
            spent += used
            if is_stopped(one):
                break
            used = begin_session()
        if not (is_tried_again and passes):
            one.count_lost(ORDINARY, SLOW)
        one.spend(used)
        spent += used
    return spent + begin_session() if one.begin_reverse() else spent


@pytest.mark.parametrize("seconds", [0.02, 0.3, 0.9, 1.2, 1.5, 2.5])
@pytest.mark.parametrize("passes", [False, True])
def test_a_forged_price_never_buys_more_than_a_grading_may_take(
    seconds: float, passes: bool
) -> None:
    for counted in (0.1, 0.5, 0.9, 1.5, 10):
        assert most_forged(seconds, counted, passes=passes) <= Limits().grading_cpu_seconds + 1e-9
    assert most_forged(seconds, 0, passes=passes) <= MOST_CPU_SECONDS + LOAD_PRICES[2]


def test_after_a_case_ended_the_program_a_slow_machine_still_has_time_to_load_the_file() -> None:
    one = budget()
    pay(one, 1.2, 0.4)
    one.charge_end(ORDINARY)
    one.count_lost(ORDINARY, SLOW)
    one.spend(1.7)
    kept = LOAD_PRICES[1] + Limits().case_cpu_seconds
    assert one.limits.grading_cpu_seconds == pytest.approx(MOST_CPU_SECONDS - 0.5 - kept)


def test_large_graphs_run_only_where_the_other_cases_can_go_on_after_them() -> None:
    one = budget()
    pay(one, 0.02)
    for _ in range(2):
        assert one.why_not_run(LARGE) is None
        end(one, LARGE)
    refused = one.why_not_run(LARGE)
    assert refused is not None
    assert refused.message.startswith("Not run, because 2 tests before it ended the program.")
    assert one.why_not_run(SMALL) is None
    assert one.why_not_run(ORDINARY) is None
    assert one.stopped is None


def test_large_graphs_do_not_run_if_the_file_is_too_slow_to_load() -> None:
    one = budget()
    pay(one, LOAD_PRICES[-1])
    assert one.why_not_run(LARGE) is None
    pay(one, LOAD_PRICES[-1] + 0.1)
    refused = one.why_not_run(LARGE)
    assert refused is not None
    assert refused.message == SLOW_TO_LOAD
    assert one.why_not_run(ORDINARY) is None


def test_without_points_one_case_that_is_too_slow_is_enough() -> None:
    one = budget(ORDINARY, SMALL)
    end(one, ORDINARY)
    assert one.limits.case_cpu_seconds <= MOST_WITHOUT_POINTS
    refused = one.why_not_run(SMALL)
    assert refused is not None
    assert refused.message.startswith("Not run, because 1 test before it")
    assert one.why_not_run(LARGE) is None  # which gives points here
    assert one.stopped is None


def test_without_points_one_large_graph_that_is_too_slow_is_enough() -> None:
    one = budget(ORDINARY, LARGE)
    end(one, LARGE)
    for case in (ORDINARY, LARGE):
        refused = one.why_not_run(case)
        assert refused is not None
        assert refused.message.startswith("Not run, because 1 test before it")
    assert one.why_not_run(SMALL) is None  # which gives points here


def test_after_a_case_ended_the_program_all_sessions_together_cost_at_most_six_seconds() -> None:
    one = budget()
    kept = LOAD_PRICES[0] + Limits().case_cpu_seconds
    assert one.limits.grading_cpu_seconds == Limits().grading_cpu_seconds - kept
    one.spend(1.0)
    assert one.limits.grading_cpu_seconds == Limits().grading_cpu_seconds - 1.0 - kept
    end(one, ORDINARY)
    one.spend(0.5)
    assert one.limits.grading_cpu_seconds == MOST_CPU_SECONDS - 1.5 - kept
    assert not is_stopped(one)
    one.spend(MOST_CPU_SECONDS - 1.5 - kept)
    assert one.stopped == Failure(verdict=Verdict.TIMEOUT, message=OUT_OF_TIME)
    assert one.begin_reverse()
    assert not is_stopped(one)
    one.spend(kept)
    assert one.stopped == Failure(verdict=Verdict.TIMEOUT, message=OUT_OF_TIME)


def test_a_program_that_goes_on_until_then_ends_with_the_session_in_which_a_case_ended_it() -> None:
    one = budget()
    one.charge_end(ORDINARY)
    one.count_lost(ORDINARY, SLOW)
    one.spend(MOST_CPU_SECONDS + 1)
    assert is_stopped(one)


def test_a_session_in_the_other_order_can_start_however_much_was_used_before() -> None:
    one = budget()
    one.charge_end(ORDINARY)
    one.count_lost(ORDINARY, SLOW)
    one.spend(MOST_CPU_SECONDS + 3)  # with the cases that passed before
    assert is_stopped(one)
    assert one.begin_reverse()
    assert one.limits.grading_cpu_seconds > 0
    one.spend(0.1)
    assert is_stopped(one)


def test_without_points_two_cases_that_crash_are_enough() -> None:
    one = budget(ORDINARY, SMALL)
    end(one, ORDINARY, CRASHED)
    assert one.why_not_run(SMALL) is None
    end(one, ORDINARY, CRASHED)
    assert one.why_not_run(SMALL) is not None


# Whole gradings

SPIN = "\ndef spin(self, *_):\n    while True: pass\n"
NAMES = "__add__ __radd__ __mul__ __rmul__ __sub__ __truediv__ __pow__ __neg__ tanh exp log relu"
IN_ALL = SPIN + f"for name in '{NAMES}'.split(): setattr(Value, name, spin)\n"
NEVER_ENDING = {
    "an endless loop in backward": RIGHT + SPIN + "Value.backward = spin\n",
    "an endless loop in every operation": RIGHT + IN_ALL,
    "an endless loop that makes calls": RIGHT
    + "\ndef step(): pass\ndef spin(self):\n    while True: step()\nValue.backward = spin\n",
    "a regular expression": RIGHT
    + "\nimport re\nValue.backward = lambda self: re.match('(a+)+$', 'a' * 60 + 'b')\n",
    "a demo, too": RIGHT + SPIN + "spin(1)\n" + IN_ALL,
    "a demo that is counted, too": RIGHT + "\nfor n in range(10**9): n += 1\n" + IN_ALL,
    "loading": RIGHT + "\nsum(iter(int, 1))\n",
    "every path": engine("right/path_by_path"),
    "every path, on a stack": engine("wrong/m08_stack_appends_twice"),
}


@pytest.fixture(scope="module")
def selections() -> list[Selection]:
    """All suites at the weights they come with."""
    suites = [load(name, 1) for name in names()]
    return [Selection(suite=suite, weight=suite.weight) for suite in suites]


@pytest.mark.parametrize("name", NEVER_ENDING)
def test_a_program_that_never_ends_costs_at_most_six_seconds(
    sandbox: Sandbox, selections: list[Selection], name: str
) -> None:
    report = grade(NEVER_ENDING[name], selections, sandbox, seed=1)
    assert Verdict.TIMEOUT in {case.verdict for suite in report.suites for case in suite.cases}
    assert report.provenance.cpu_seconds is not None
    assert 0 < report.provenance.cpu_seconds < MOST_CPU_SECONDS


@pytest.mark.parametrize(
    "name", ["an endless loop in backward", "an endless loop that makes calls"]
)
def test_a_loop_in_suites_without_points_costs_half_a_second(sandbox: Sandbox, name: str) -> None:
    free = [Selection(suite=load("robustness"), weight=0)]
    report = grade(NEVER_ENDING[name], free, sandbox, seed=1)
    loaded = 2 * LOAD_PRICES[1]  # the search for the parts tries backward, in both sessions
    assert report.provenance.cpu_seconds is not None
    assert report.provenance.cpu_seconds < MOST_WITHOUT_POINTS + loaded + 0.2
    assert {case.verdict for case in report.suites[0].cases} == {Verdict.TIMEOUT}


def suite_of(*numbers: int) -> Selection:
    head = "# suite: s\n# title: T\n# version: 1\n# about: A.\n# weight: 1\n"
    cases = "".join(
        f"# case: c{index}\n# title: T\nx = Value({number})\nL = x + x\nL.backward()\n"
        for index, number in enumerate(numbers)
    )
    return Selection(suite=read_suite(head + cases, "s.suite"), weight=1)


LOOPS = "\nplain = Value.__add__\ndef add(a, b):\n    while {}: pass\n    return plain(a, b)\n"
LOOPS += "Value.__add__ = add\n"


def run(sandbox: Sandbox, source: str, *numbers: int, limits: Limits | None = None) -> Report:
    return grade(source, [suite_of(*numbers)], sandbox, seed=1, limits=limits)


def test_a_slow_demo_leaves_no_room_for_second_tries_but_for_the_other_order() -> None:
    with Counting() as counting:
        demo = "\nwhile True: sum(range(100_000))\n"  # few turns, so its CPU time stops it
        source = RIGHT + demo + LOOPS.format("a.data == 666")
        report = run(counting, source, 1, 666, 2)
        assert verdicts(report) == ["passed", "timeout", "passed"]
        assert (counting.usual, counting.reversed) == (2, 1)


def test_both_orders_share_the_cases_that_may_end_the_program() -> None:
    """Three end it in the usual order, and one in the other. Later ones would differ."""
    is_reversed = "next(iter({1, 2})) == 2"
    ends = f"a.data > 900 or a.data == 5 and {is_reversed}"
    with Counting() as counting:
        report = run(counting, RIGHT + LOOPS.format(ends), 901, 902, 903, 1, 5, 2)
        assert verdicts(report) == ["timeout"] * 3 + ["passed"] + ["nondeterministic"] * 2
        assert (counting.usual, counting.reversed) == (7, 2)
    assert "Not run, because 4 tests before it" in report.suites[0].cases[-1].message


def test_a_right_case_that_the_other_order_has_no_time_for_is_a_timeout(sandbox: Sandbox) -> None:
    burns = LOOPS.format("next(iter({1, 2})) == 2 and used() < end")
    burns = USED + burns.replace("    while", "    end = used() + 300_000\n    while")
    limits = Limits(grading_cpu_seconds=1.5, case_cpu_seconds=0.5)
    report = run(sandbox, RIGHT + "\n" + burns, *range(1, 12), limits=limits)
    cases = report.suites[0].cases
    assert cases[0].verdict is Verdict.PASSED
    assert (cases[-1].verdict, cases[-1].message, cases[-1].earned) == (
        Verdict.TIMEOUT,
        OUT_OF_TIME,
        0,
    )
    assert {case.verdict for case in cases} == {Verdict.PASSED, Verdict.TIMEOUT}
