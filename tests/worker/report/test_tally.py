from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Verdict
from worker.report.tally import make_tally


def test_a_tally_tells_what_passed_and_the_titles_of_what_failed_in_their_order() -> None:
    cases = [make_case("sum"), make_case("tanh", Verdict.ERROR, title="Far out"), make_case("log")]
    report = make_report(make_suite("rules", *cases), make_suite("networks", make_case("neuron")))
    tally = make_tally(report.to_json())
    assert tally == {
        "rules": {"sum": None, "tanh": "Far out", "log": None},
        "networks": {"neuron": None},
    }
    assert list(tally["rules"]) == ["sum", "tanh", "log"]


def test_neither_what_does_not_count_nor_what_gives_no_points_is_in_it() -> None:
    blocked = make_case("neuron", Verdict.WRONG_GRADIENT, blocked_by=("multiplication",))
    lucky = make_case("lucky", counts=False)
    told = make_suite("robustness", make_case("deep", Verdict.ERROR), points=0.0)
    report = make_report(make_suite("rules", make_case("sum"), blocked, lucky), told)
    assert make_tally(report.to_json()) == {"rules": {"sum": None}}


def test_every_case_of_an_early_report_counts_that_nothing_blocks() -> None:
    blocked = make_case("neuron", Verdict.ERROR, blocked_by=("multiplication",))
    report = make_report(make_suite("rules", make_case("sum"), blocked)).to_json()
    for case in report["suites"][0]["cases"]:
        del case["counts"]
    assert make_tally(report) == {"rules": {"sum": None}}
    del report["suites"][0]["cases"][0]["blocked_by"]
    assert make_tally(report) == {"rules": {"sum": None}}
