"""Programs of a report run with the student's engine, and fail exactly where its tests do."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.students import engine, names
from tests.support.pasted import find_error
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import ADAPT, CaseReport, Verdict
from worker.sandbox import Sandbox
from worker.suites import catalogue


@pytest.mark.parametrize(
    "name",
    [
        "right/memo_pull",
        "right/op_enum",
        "right/seed_by_caller",
        "spellings/getters",
        "spellings/function",
    ],
)
def test_programs_run_with_engines_of_other_names(name: str) -> None:
    suites = [catalogue.load(each, 3) for each in ("worked-example", "rules", "training")]
    selections = [Selection(suite=suite, weight=1) for suite in suites]
    with Sandbox() as sandbox:
        report = grade(engine(name), selections, sandbox, seed=3)
    passed = [case for suite in report.suites for case in suite.cases if case.passed]
    assert passed
    for case in passed:
        assert find_error(engine(name), case.program) is None, case.program


@pytest.mark.parametrize("name", ["functions_alone", "methods_alone"])
def test_programs_run_with_engines_that_negate_by_a_function(name: str) -> None:
    kind, number = ("Node", "value") if name == "functions_alone" else ("Value", "data")
    source = f"{engine(f'spellings/{name}')}\n\ndef neg(a): return {kind}(-a.{number})\n"
    suites = [catalogue.load(each, 3) for each in ("worked-example", "rules")]
    selections = [Selection(suite=suite, weight=1) for suite in suites]
    with Sandbox() as sandbox:
        report = grade(source, selections, sandbox, seed=3)
    assert report.interface is not None
    assert report.interface.functions["neg"] == "neg({})"
    passed = [case for suite in report.suites for case in suite.cases if case.passed]
    assert passed
    for case in passed:
        assert find_error(source, case.program) is None, case.program


def grade_shown(names: Iterable[str], *chosen: str) -> dict[str, list[CaseReport]]:
    """The reports of a few suites for each engine that runs here, without those to adapt."""
    suites = [catalogue.load(each, 3) for each in chosen]
    selections = [Selection(suite=suite, weight=1) for suite in suites]
    reports = {}
    with Sandbox() as sandbox:
        for name in names:
            if name.endswith(".ipynb") or find_error(engine(name), "") is not None:
                continue  # it needs a module that may be missing here
            report = grade(engine(name), selections, sandbox, seed=3)
            reports[name] = [
                case
                for suite in report.suites
                for case in suite.cases
                if not case.program.startswith(ADAPT)
            ]
    return reports


@pytest.mark.no_cover
def test_a_program_runs_with_every_right_engine_or_says_that_it_must_be_adapted() -> None:
    constructors = ("flag_for_leaves", "label_demanded", "label_first", "label_required")
    others: tuple[str, ...] = (
        *constructors,
        "keyword_only",
        "required_starting_gradient",
        "requires_grad",
    )
    others += ("returned_by_id", "returned_by_name", "returned_by_node", "gradients_object")
    others += ("returned_by_own_id", "returned_in_a_list", "returned_without_the_root")
    others += ("asked_by_a_function", "asked_for_a_list", "asked_of_the_leaf", "asked_of_the_root")
    reports = grade_shown(
        [*names("right"), *(f"spellings/{name}" for name in others)],
        "worked-example",
        "rules",
        "functions",
    )
    assert sum(map(bool, reports.values())) > 70
    failed = {
        name: error
        for name, cases in reports.items()
        for case in cases
        if case.passed and (error := find_error(engine(name), case.program)) is not None
    }
    assert not failed, [(k, str(v)[:90]) for k, v in failed.items()]


def test_a_program_fails_with_a_wrong_engine_exactly_where_its_test_does() -> None:
    wrong = ("m01_assigns_everywhere", "m02_assigns_to_right_factor", "m03_naive_recursion")
    reports = grade_shown((f"wrong/{name}" for name in wrong), "rules", "reuse", "order")
    by_numbers = {Verdict.WRONG_VALUE, Verdict.WRONG_GRADIENT}
    for name, cases in reports.items():
        assert any(case.verdict in by_numbers for case in cases), name
        for case in cases:
            error = find_error(engine(name), case.program)
            assert isinstance(error, AssertionError) == (case.verdict in by_numbers), case.id
