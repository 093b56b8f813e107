"""Rows and values for tests, with sensible defaults."""

from __future__ import annotations

import hashlib
import itertools
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy.orm import Session, object_session

from service.courses.models import Assignment, AssignmentSuite, Course, Enrolment, Role
from service.marks.models import Regrade, RegradeEntry, RegradeStatus, Which
from service.people.models import Account
from service.people.tokens import create_token
from service.store.base import now
from service.submissions import stored_reports
from service.submissions.models import Grading, Status, Submission
from service.submissions.notices import announce
from service.submissions.suites_digest import digest_of_assignment
from worker.report.model import (
    CaseReport,
    Check,
    Counterexample,
    Diagnosis,
    Formula,
    GraphNode,
    NodeNumbers,
    Problem,
    Provenance,
    Quantity,
    Report,
    SmallGraph,
    SuiteReport,
    Verdict,
)
from worker.report.tally import Tally

PASSWORD = "correct horse battery"
SOURCE = "class Value:\n    pass\n"

_numbers = itertools.count(1)


def make_account(session: Session, name: str = "Ada Student", email: str = "") -> Account:
    """A person who signs in with PASSWORD."""
    email = email or f"person{next(_numbers):05}@example.edu"  # in the order of their numbers
    account = Account(name=name, email=email, password_hash=_password_hash())
    session.add(account)
    session.flush()
    return account


def make_course(session: Session, slug: str = "", title: str = "Backpropagation") -> Course:
    """An empty course."""
    course = Course(slug=slug or f"course-{next(_numbers)}", title=title)
    session.add(course)
    session.flush()
    return course


def enrol(session: Session, course: Course, account: Account, role: Role = Role.STUDENT) -> Account:
    """Give a person a place in a course."""
    session.add(Enrolment(course=course, account=account, role=role))
    session.flush()
    return account


def make_assignment(session: Session, course: Course, slug: str = "", **fields: Any) -> Assignment:
    """An assignment of 100 points in two suites."""
    suites = {"worked-example": 20.0, "rules": 80.0}
    assignment = Assignment(
        course=course,
        slug=slug or f"assignment-{next(_numbers)}",
        title=fields.pop("title", "Autograd engine"),
        suites=[
            AssignmentSuite(suite=name, weight=weight, position=position)
            for position, (name, weight) in enumerate(suites.items())
        ],
        **fields,
    )
    session.add(assignment)
    session.flush()
    return assignment


def make_submission(
    session: Session,
    assignment: Assignment,
    student: Account,
    *,
    attempt: int = 1,
    filename: str = "value.py",
    source: str = SOURCE,
    submitted_at: datetime | None = None,
) -> Submission:
    """A submission whose grading is queued."""
    moment = submitted_at or now()
    first = Grading(
        student_id=student.id,
        course_id=assignment.course_id,
        ordinal=1,
        seed=7,
        queued_at=moment,
        enqueued_at=moment,
    )
    submission = Submission(
        assignment=assignment,
        student=student,
        attempt=attempt,
        filename=filename,
        source=source,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        submitted_at=moment,
        gradings=[first],
    )
    session.add(submission)
    session.flush()
    return submission


def make_graded(
    session: Session, assignment: Assignment, student: Account, report: Report, **fields: Any
) -> Submission:
    """A submission whose grading is done."""
    submission = make_submission(session, assignment, student, **fields)
    finish(submission.grading, report)
    session.flush()
    return submission


def finish(grading: Grading, report: Report) -> None:
    """Write a report as a worker would."""
    grading.status, grading.lease_until, grading.finished_at = Status.DONE, None, now()
    grading.score, grading.max_score = report.score, report.max_score
    grading.cpu_seconds = report.provenance.cpu_seconds
    session = object_session(grading)
    assert session is not None
    session.flush()
    stored = stored_reports.pack(report)
    stored.grading_id = grading.id
    session.add(stored)
    grading.tally = Tally.of(report).to_json()
    grading.problem = None if report.problem is None else report.problem.kind.value
    grading.suites_digest = digest_of_assignment(grading.submission.assignment)
    announce(grading)


def give_up(grading: Grading) -> None:
    """End a grading by a fault of ours."""
    grading.status, grading.lease_until, grading.finished_at = Status.ERRORED, None, now()
    grading.fault = "the worker vanished while grading"
    announce(grading)


def regrade(session: Session, submission: Submission, status: Status = Status.QUEUED) -> Grading:
    """One more grading of a submission; it has no result yet, or never will."""
    grading = Grading(
        submission=submission,
        student_id=submission.student_id,
        course_id=submission.assignment.course_id,
        ordinal=submission.grading.ordinal + 1,
        seed=8,
    )
    session.add(grading)
    session.flush()  # so that it has the id of its submission
    if status is Status.ERRORED:
        give_up(grading)
    elif status is Status.RUNNING:
        grading.status, grading.lease_until = status, now() + timedelta(hours=1)
    session.flush()
    return grading


def make_regrade(
    session: Session,
    submission: Submission,
    report: Report | None = None,
    *,
    status: RegradeStatus = RegradeStatus.RUNNING,
    ordinal: int = 2,
) -> Regrade:
    """A regrade of an assignment with one submission; its grading is queued without a report."""
    grading = preview(session, submission, report, ordinal=ordinal)
    grading.preview = status is not RegradeStatus.APPLIED
    made = Regrade(
        assignment_id=submission.assignment_id,
        which=Which.ALL,
        status=status,
        created_at=grading.queued_at,
        entries=[RegradeEntry(grading_id=grading.id, before_id=submission.counting.id)],
    )
    session.add(made)
    session.flush()
    return made


def preview(
    session: Session, submission: Submission, report: Report | None = None, *, ordinal: int = 2
) -> Grading:
    """A grading of a regrade that isn't applied; it is queued unless it has a report."""
    grading = Grading(
        submission_id=submission.id,
        student_id=submission.student_id,
        course_id=submission.assignment.course_id,
        ordinal=ordinal,
        seed=7,
        preview=True,
    )
    session.add(grading)
    session.flush()
    if report is not None:
        finish(grading, report)
        session.flush()
    return grading


def token_of(session: Session, account: Account) -> str:
    """A fresh API token."""
    return create_token(session, account, account, "test")


def make_report(*suites: SuiteReport, problem: Problem | None = None, **fields: Any) -> Report:
    """A report of these suites; their points add up."""
    return Report(
        score=sum(suite.score for suite in suites),
        max_score=sum(suite.max_score for suite in suites),
        suites=suites,
        problem=problem,
        provenance=Provenance(
            suite_versions={suite.name: "1" for suite in suites},
            seed=7,
            engine_version="1",
            python="3.12.1",
            sandbox_layers=("seccomp", "rlimits"),
            seconds=0.034,
            cpu_seconds=0.02,
            marking=2,
        ),
        **fields,
    )


def make_suite(
    name: str = "rules", *cases: CaseReport, title: str = "Rules", points: float = 80.0
) -> SuiteReport:
    """A suite in which every case has the same share of the points."""
    passed = sum(case.verdict is Verdict.PASSED for case in cases)
    return SuiteReport(
        name=name,
        title=title,
        score=points * passed / len(cases),
        max_score=points,
        cases=cases,
    )


def make_case(id: str = "sum", verdict: Verdict = Verdict.PASSED, **fields: Any) -> CaseReport:
    """A case on x + y, with one check of a gradient. Its title is `topic: graph`."""
    passed = verdict is Verdict.PASSED
    actual = 1.0 if passed else 2.0
    check = Check(
        node="x",
        quantity=Quantity.GRAD,
        expected=1.0,
        actual=actual,
        error=abs(actual - 1.0),
        tolerance=1e-12,
        passed=passed,
    )
    given: dict[str, Any] = {
        "title": f"The {id} of two numbers",
        "message": "" if passed else "x.grad is 2.0 and should be 1.0.",
        "program": "x = Value(2)\ny = Value(3)\nL = x + y\nL.backward()\n",
        "checks": (check,),
        "counts": not fields.get("blocked_by"),
    }
    given |= fields
    given = {
        "graph": id.partition("@")[0],
        "graph_title": given["title"].partition(", at ")[0],
        "topic": given["title"].partition(":")[0],
    } | given
    return CaseReport(id=id, verdict=verdict, **given)


@cache
def make_diagnosis(**fields: Any) -> Diagnosis:
    """A mistake that explains an engine's numbers, with a formula."""
    formula = Formula(of="tanh(x)", by="x", yours="1 - t", right="1 - t**2", where="t = tanh(x)")
    own: dict[str, Any] = {
        "misconception": "tanh-slope",
        "number": 27,
        "title": "The slope of tanh is wrong",
        "explanation": "The value of tanh(x) is right. Its gradient is 1 - t.",
        "hint": "Where is tanh almost flat, and what is your slope there?",
        "rule": "tanh",
        "evidence": ("rules/product",),
        "exact": True,
        "alike": (),
        "formula": formula,
        "predicts": (5, 5),
    }
    return Diagnosis(**own | fields)


def make_counterexample(*nodes: GraphNode, **fields: Any) -> Counterexample:
    """The graph x + x of an engine whose second share replaces the first, or other nodes."""
    x = GraphNode(
        name="x",
        operation="leaf",
        operands=(),
        expected=NodeNumbers(data=3.0, grad=2.0),
        actual=NodeNumbers(data=3.0, grad=1.0),
    )
    numbers = NodeNumbers(data=6.0, grad=1.0)
    result = GraphNode(
        name="L", operation="+", operands=("x", "x"), expected=numbers, actual=numbers
    )
    program = (
        "import math\n\nx = Value(3)\nL = x + x\nL.backward()\n"
        "assert math.isclose(x.grad, 2, rel_tol=1e-9, abs_tol=1e-12), x.grad"
    )
    own: dict[str, Any] = {
        "program": program,
        "graph": SmallGraph(nodes=nodes or (x, result), shared="x"),
        "checks": (Check("x", Quantity.GRAD, 2.0, 1.0, 1.0, 2e-9, False),),
    }
    return Counterexample(**own | fields)


@cache
def _password_hash() -> str:
    """A hash that is quick to make and to verify, unlike those of the service."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
