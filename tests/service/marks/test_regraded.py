"""A student reads what the mark was before a regrade, and whether the tests had changed."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from service.errors import Forbidden
from service.marks.gradebook import mark_of
from service.marks.models import Which
from service.marks.regraded import changed_by_regrades
from service.marks.regrades import apply_regrade, start_regrade
from service.submissions.models import Grading
from tests.service.conftest import Class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Report, Verdict


def report_of(verdict: Verdict) -> Report:
    return make_report(make_suite("rules", make_case("sum", verdict), points=80.0))


LESS, MORE = report_of(Verdict.WRONG_GRADIENT), report_of(Verdict.PASSED)
OLD = "suites of the first gradings"


@pytest.mark.parametrize(
    ("digests", "tests_changed"),
    [
        ((OLD, OLD), False),
        ((OLD, "others"), True),
        (("others", OLD), True),
        ((OLD, None), None),  # a grading of an earlier version
        ((None, OLD), None),
        ((None, "others"), True),
    ],
)
def test_the_tests_have_changed_if_they_did_for_one_of_several_submissions(
    session: Session,
    members: Class,
    digests: tuple[str | None, str | None],
    tests_changed: bool | None,
) -> None:
    for attempt in (1, 2):
        made = factories.make_graded(
            session, members.assignment, members.ada, LESS, attempt=attempt
        )
        made.grading.suites_digest = OLD
    session.commit()
    regrade = start_regrade(session, members.teacher, members.assignment, Which.ALL, lambda _: None)
    for entry, digest in zip(regrade.entries, digests, strict=True):
        grading = session.get_one(Grading, entry.grading_id)
        factories.finish(grading, MORE)
        grading.suites_digest = digest
    session.commit()
    apply_regrade(session, members.teacher, regrade.id)

    mark = mark_of(session, members.ada, members.assignment, members.ada)
    found = changed_by_regrades(session, members.ada, members.course, members.ada, [mark])
    (regraded,) = found.values()
    assert (regraded.before, mark.effective) == (0.0, 80.0)
    assert regraded.tests_changed is tests_changed
    with pytest.raises(Forbidden):
        changed_by_regrades(session, members.blaise, members.course, members.ada, [mark])
