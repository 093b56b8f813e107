"""Reports on cases of the shipped suites, with numbers that a test chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.support.factories import make_report, make_suite
from worker.report.model import Quantity, Report, Verdict
from worker.suites import catalogue

Numbers = Mapping[tuple[str, Quantity], float | None]


def report_on(suite_name: str, case_id: str, wrong: Numbers, *, version: str = "") -> Report:
    """A report on one case, which fails with these wrong numbers.

    `version` is that of the suite; the present one by default.
    """
    suite = catalogue.load(suite_name)
    case = next(case for case in suite.cases if case.id == case_id)
    checks = tuple(
        check._replace(actual=wrong[check.node, check.quantity], error=1.0, passed=False)
        if (check.node, check.quantity) in wrong
        else check
        for check in case.fulfilled_checks
    )
    failed = case.report(Verdict.WRONG_GRADIENT, "A number is wrong.", checks)
    report = make_report(make_suite(suite_name, failed, title=suite.title))
    versions = {suite_name: version or suite.version}
    return replace(report, provenance=replace(report.provenance, suite_versions=versions))
