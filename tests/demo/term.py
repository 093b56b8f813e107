"""Three weeks of a course: its assignments, what students handed in, and what staff did."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from service.courses.assignments import create_assignment
from service.courses.courses import create_course
from service.courses.join_codes import create_join_code
from service.courses.late_rules import LateKind, LateRule
from service.courses.models import Assignment, Course, Feedback, Role
from service.courses.options import AssignmentOptions
from service.courses.roster import enrol
from service.embedded.demo import STUDENTS as DEMO_STUDENTS
from service.embedded.demo import TEACHER
from service.marks.models import Which
from service.marks.regrades import start_regrade
from service.people.accounts import change_account, create_account, find_account
from service.people.actors import LocalOperator
from service.people.models import Account
from service.submissions.models import Grading, Status, StoredReport, Submission
from service.submissions.suites_digest import digest_of_assignment
from tests.demo.gradings import Graded, Progress, grade_each
from tests.demo.history import Attempt, draw_attempts
from tests.demo.people import STUDENTS, address_of, draw_names
from tests.demo.programs import RIGHT, source_of
from tests.demo.staff import act_as_staff
from worker.sandbox import Sandbox

SEED = 2026
COURSE = "deep-learning"
ASSISTANTS = ("Alan Assistant", "Barbara Assistant")
STUCK = ("wrong/m33_rsub_swapped", "wrong/pair_m01_m33", "wrong/m02_assigns_in_relu")
SHARED_FILE = 3  # students who hand in the very same file
EARLIER = {"right/op_enum": "wrong/m52_tanh_overflows", "right/terse": "wrong/m36_no_reflected"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An assignment; days are counted from now."""

    slug: str
    opens: float
    due: float
    options: Mapping[str, object]


PLANS = (
    Plan(
        slug="sums-and-products",
        opens=-15,
        due=-9,
        options={
            "title": "Week 1: sums and products",
            "description": "Write a class `Value` with `+`, `*` and `backward()`.\n\n"
            "- Remember the operands of each result.\n"
            "- Visit the nodes in *reverse topological order*.",
            "suites": {"worked-example": 20.0, "pass": 30.0, "values": 20.0, "rules": 30.0},
            "feedback": Feedback.TESTS,
        },
    ),
    Plan(
        slug="reuse",
        opens=-9,
        due=-2,
        options={
            "title": "Week 2: nodes that are used twice",
            "description": "A node may be used more than once. Its gradient is the **sum** of all "
            "its shares.",
            "suites": {"rules": 30.0, "reuse": 30.0, "order": 20.0, "equal-numbers": 20.0},
            "late_policy": LateRule(
                kind=LateKind.PERCENT_PER_DAY, percent=20, floor=40, grace_minutes=15
            ),
            "attempt_limit": 6,
            "hold_marks": True,
        },
    ),
    Plan(
        slug="a-whole-engine",
        opens=-6,
        due=1.5,
        options={
            "title": "Week 3: a whole engine",
            "description": "Division, powers and functions: everything that a small neural "
            "network needs.",
        },
    ),
    Plan(
        slug="training",
        opens=4,
        due=11,
        options={
            "title": "Week 4: train a network",
            "description": "Use your engine to fit a curve.",
            "suites": {"training": 40.0, "robustness": 30.0, "state": 30.0},
            "feedback": Feedback.NOTHING_UNTIL_DEADLINE,
        },
    ),
)  # fmt: skip


@dataclass(slots=True)
class Term:
    """Builds the course at a moment."""

    session: Session
    now: datetime
    rng: random.Random
    course: Course
    teacher: Account
    students: list[Account]
    programs: dict[uuid.UUID, str] = field(default_factory=dict)  # of each submission

    @classmethod
    def begin(cls, session: Session, now: datetime) -> Term:
        """Create the course and its people. The demo's teacher runs the installation, too."""
        actor, rng = LocalOperator(), random.Random(SEED)
        teacher = find_account(session, actor, TEACHER[1])
        change_account(session, actor, teacher, operator=True)
        course = create_course(
            session,
            teacher,
            slug=COURSE,
            title="Deep learning from scratch",
            time_zone="Europe/Berlin",
        )
        people = [(name, Role.ASSISTANT) for name in ASSISTANTS]
        people += [(name, Role.STUDENT) for name in draw_names(rng, STUDENTS - len(DEMO_STUDENTS))]
        students = [find_account(session, actor, email) for _, email in DEMO_STUDENTS]
        for student in students:
            enrol(session, teacher, course, student, Role.STUDENT)
        for number, (name, role) in enumerate(people, 40_001):
            account = create_account(
                session, actor, email=address_of(name), name=name, student_number=str(number)
            )
            enrol(session, teacher, course, account, role)
            if role is Role.STUDENT:
                students.append(account)
        create_join_code(session, teacher, course, expires_at=now + timedelta(days=365))
        return cls(session, now, rng, course, teacher, students)

    def add(self, plan: Plan, sandbox: Sandbox, on_progress: Progress) -> None:
        """Create an assignment with all that students handed in until now."""
        hour = self.now.replace(minute=0, second=0, microsecond=0)  # as teachers give times
        opens, due = (hour + timedelta(days=days) for days in (plan.opens, plan.due))
        options = AssignmentOptions.read(**plan.options, opens_at=opens, deadline=due)
        assignment = create_assignment(self.session, self.teacher, self.course, plan.slug, options)
        if opens < self.now:
            attempts = {
                student: draw_attempts(self.rng, opens, due, self.now) for student in self.students
            }
        else:  # only staff can try it out
            tried = Attempt(program=RIGHT[0], at=self.now - timedelta(days=1))
            attempts = {self.teacher: [tried]}
        is_open = opens < self.now < due
        if is_open:  # the demo's student, whose password is known, is stuck
            attempts[self.students[0]] = [
                Attempt(program=program, at=opens + timedelta(hours=20 + 3 * number))
                for number, program in enumerate(STUCK)
            ]
        programs = {each.program for found in attempts.values() for each in found}
        if plan is PLANS[0]:
            programs |= set(EARLIER.values())
        graded = grade_each(assignment, programs, sandbox, on_progress)
        for student, found in attempts.items():
            for number, attempt in enumerate(found, 1):
                self._store(assignment, student, number, attempt, graded)
        if is_open:
            self._fail_to_grade(assignment)
        self.session.commit()
        if opens < self.now:
            act_as_staff(self.session, self.teacher, assignment, self.rng, attempts)
        if plan is PLANS[0]:
            self._regrade(assignment, graded)

    def _store(
        self,
        assignment: Assignment,
        student: Account,
        number: int,
        attempt: Attempt,
        graded: Mapping[str, Graded],
    ) -> None:
        copied = attempt.program == RIGHT[0] and student in self.students[:SHARED_FILE]
        mine = "" if copied else f"\n# {student.name}, attempt {number}\n"
        source = source_of(attempt.program) + mine
        grading = Grading(
            id=uuid.uuid4(),
            student_id=student.id,
            course_id=self.course.id,
            seed=assignment.seed,
            queued_at=attempt.at,
            enqueued_at=attempt.at,
        )
        submission = Submission(
            id=uuid.uuid4(),
            assignment_id=assignment.id,
            student_id=student.id,
            attempt=number,
            filename="value.py",
            source=source,
            sha256=hashlib.sha256(source.encode()).hexdigest(),
            submitted_at=attempt.at,
            gradings=[grading],
        )
        self.programs[submission.id] = attempt.program
        self.session.add(submission)
        self.session.flush()
        # An earlier version of the suites was stricter: these engines failed it.
        older = EARLIER.get(attempt.program) if assignment.slug == PLANS[0].slug else None
        self._finish(grading, graded[older or attempt.program], attempt.at)
        grading.suites_digest = "earlier" if older else digest_of_assignment(assignment)

    def _finish(self, grading: Grading, graded: Graded, at: datetime) -> None:
        """Store a result as a worker does."""
        report = graded.report
        grading.status, grading.tries = Status.DONE, 1
        grading.started_at, grading.finished_at = at, at + timedelta(seconds=1)
        grading.score, grading.max_score = report.score, report.max_score
        grading.problem = None if report.problem is None else report.problem.kind.value
        grading.tally, grading.cpu_seconds = graded.tally, report.provenance.cpu_seconds
        self.session.add(graded.copy_for(grading.id))

    def _fail_to_grade(self, assignment: Assignment) -> None:
        """The last submission of somebody couldn't be graded, by a fault of ours."""
        newest = (
            self.session.query(Submission)
            .filter(
                Submission.assignment_id == assignment.id,
                Submission.student_id != self.students[0].id,
            )
            .order_by(Submission.submitted_at.desc())
            .first()
        )
        assert newest is not None
        grading = newest.grading
        self.session.query(StoredReport).filter_by(grading_id=grading.id).delete()
        grading.status, grading.tries = Status.ERRORED, 3
        grading.fault = "the worker vanished while grading"
        grading.score = grading.max_score = grading.problem = grading.tally = None
        grading.suites_digest = None

    def _regrade(self, assignment: Assignment, graded: Mapping[str, Graded]) -> None:
        """A regrade that is ready: the teacher sees who rises, and hasn't applied it."""
        regrade = start_regrade(
            self.session, self.teacher, assignment, Which.COUNTING, lambda _grading: None
        )
        for entry in regrade.entries:
            grading = self.session.get_one(Grading, entry.grading_id)
            self._finish(grading, graded[self.programs[grading.submission_id]], self.now)
            grading.suites_digest = digest_of_assignment(assignment)
        self.session.commit()
