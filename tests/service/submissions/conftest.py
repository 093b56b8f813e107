"""A queued submission, and one that is graded."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from service.submissions.models import Submission
from tests.service.conftest import Class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Verdict

REPORT = make_report(
    make_suite("worked-example", make_case("all"), title="Worked example", points=20.0),
    make_suite("rules", make_case("sum"), make_case("product", Verdict.WRONG_GRADIENT)),
)


@pytest.fixture
def queued(members: Class, session: Session) -> Submission:
    submission = factories.make_submission(session, members.assignment, members.ada)
    session.commit()
    return submission


@pytest.fixture
def done(members: Class, session: Session) -> Submission:
    submission = factories.make_graded(session, members.assignment, members.ada, REPORT)
    session.commit()
    return submission
