"""What the lost points were lost for: a line for each cause."""

from __future__ import annotations

from service.feedback.ledger import Loss, Part, find_losses
from service.feedback.summary import find_broken_rules
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import CaseReport, LedgerLine, Report, Verdict


def fails(name: str, rule: str | None = None, verdict: Verdict = Verdict.ERROR) -> CaseReport:
    return make_case(name, verdict, rule=rule, counts=True)


def report() -> Report:
    return make_report(
        make_suite("rules", fails("tanh", "tanh", Verdict.UNSUPPORTED), fails("power", "power")),
        make_suite("nets", fails("horner"), fails("negation", "negation"), title="Networks"),
        ledger=(
            LedgerLine(suite="rules", cause="power", tests=3, points=5.5),
            LedgerLine(suite="rules", cause="tanh", tests=2, points=3.0),
            LedgerLine(suite="nets", cause="negation", tests=2, points=10.25),
            LedgerLine(suite="nets", cause="power", tests=1, points=2.0),
            LedgerLine(suite="nets", cause="Networks", tests=1, points=1.0),
        ),
    )


def test_losses_are_one_for_each_cause_in_the_order_of_what_to_fix_first() -> None:
    found = find_losses(report())
    assert [loss.cause for loss in found] == ["negation", "power", "Networks", "tanh"]
    assert [loss.cause for loss in found] == [one.because for one in find_broken_rules(report())]


def test_a_loss_adds_up_its_suites() -> None:
    assert find_losses(report())[1] == Loss(
        cause="power",
        tests=4,
        points=7.5,
        parts=(Part(suite="Rules", points=5.5), Part(suite="Networks", points=2.0)),
    )


def test_a_suite_that_is_its_own_cause_has_no_details() -> None:
    assert [loss.detailed for loss in find_losses(report())] == [True, True, False, True]


def test_a_cause_without_a_failing_test_comes_last() -> None:
    half = LedgerLine(suite="rules", cause="addition", tests=1, points=0.5)
    few = make_report(*report().suites, ledger=(half, *(report().ledger or ())))
    assert find_losses(few)[-1].cause == "addition"


def test_older_reports_have_no_losses() -> None:
    assert find_losses(make_report(*report().suites)) == []
