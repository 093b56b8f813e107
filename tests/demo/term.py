"""Three weeks of a course: its assignments, what students handed in, and what staff did."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from service.courses.assignments import create_assignment
from service.courses.courses import create_course
from service.courses.late_rules import LateKind, LateRule
from service.courses.models import Assignment, Course, Role
from service.courses.options import AssignmentOptions
from service.courses.roster import enrol
from service.embedded.demo import STUDENTS as DEMO_STUDENTS
from service.embedded.demo import TEACHER
from service.marks.comments import add_comment
from service.marks.extensions import Grant, set_extension
from service.marks.overrides import set_override
from service.people.accounts import change_account, create_account, find_account
from service.people.actors import LocalOperator
from service.people.models import Account
from service.submissions.models import Grading, Status, Submission
from service.submissions.suites_digest import digest_of_assignment
from tests.demo.gradings import Graded, Progress, grade_each
from tests.demo.history import Attempt, draw_attempts
from tests.demo.people import STUDENTS, address_of, draw_names
from tests.demo.programs import RIGHT, source_of
from worker.sandbox import Sandbox

SEED = 2026
COURSE = "deep-learning"
ASSISTANTS = ("Alan Assistant", "Barbara Assistant")
STUCK = ("wrong/m33_rsub_swapped", "wrong/pair_m01_m33", "wrong/m02_assigns_in_relu")
SHARED_FILE = 3  # students who hand in the very same file


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
        return cls(session, now, rng, course, teacher, students)

    def add(self, plan: Plan, sandbox: Sandbox, on_progress: Progress) -> None:
        """Create an assignment with all that students handed in until now."""
        opens, due = (self.now + timedelta(days=days) for days in (plan.opens, plan.due))
        options = AssignmentOptions.read(
            **plan.options, opens_at=opens, deadline=due.replace(minute=0, second=0, microsecond=0)
        )
        assignment = create_assignment(self.session, self.teacher, self.course, plan.slug, options)
        attempts = {
            student: draw_attempts(self.rng, opens, due, self.now)
            for student in self.students
            if opens < self.now
        }
        if attempts and due > self.now:  # the demo's student, whose password is known, is stuck
            attempts[self.students[0]] = [
                Attempt(program=program, at=opens + timedelta(hours=20 + 3 * number))
                for number, program in enumerate(STUCK)
            ]
        programs = {each.program for found in attempts.values() for each in found}
        graded = grade_each(assignment, programs, sandbox, on_progress)
        digest = digest_of_assignment(assignment)
        for student, found in attempts.items():
            for number, attempt in enumerate(found, 1):
                self._store(assignment, student, number, attempt, graded[attempt.program], digest)
        self.session.commit()
        if attempts:
            self._act_as_staff(assignment, attempts)

    def _store(
        self,
        assignment: Assignment,
        student: Account,
        number: int,
        attempt: Attempt,
        graded: Graded,
        digest: str,
    ) -> None:
        copied = attempt.program == RIGHT[0] and student in self.students[:SHARED_FILE]
        mine = "" if copied else f"\n# {student.name}, attempt {number}\n"
        source = source_of(attempt.program) + mine
        report = graded.report
        grading = Grading(
            id=uuid.uuid4(),
            student_id=student.id,
            course_id=self.course.id,
            status=Status.DONE,
            tries=1,
            seed=assignment.seed,
            queued_at=attempt.at,
            enqueued_at=attempt.at,
            started_at=attempt.at,
            finished_at=attempt.at + timedelta(seconds=1),
            score=report.score,
            max_score=report.max_score,
            tally=graded.tally,
            problem=None if report.problem is None else report.problem.kind.value,
            cpu_seconds=report.provenance.cpu_seconds,
            suites_digest=digest,
        )
        submission = Submission(
            assignment_id=assignment.id,
            student_id=student.id,
            attempt=number,
            filename="value.py",
            source=source,
            sha256=hashlib.sha256(source.encode()).hexdigest(),
            submitted_at=attempt.at,
            gradings=[grading],
        )
        self.session.add(submission)
        self.session.flush()
        self.session.add(graded.copy_for(grading.id))

    def _act_as_staff(
        self, assignment: Assignment, attempts: Mapping[Account, list[Attempt]]
    ) -> None:
        """A few extensions, comments and marks that were set by hand."""
        busy = [student for student, found in attempts.items() if len(found) > 1]
        for student in self.rng.sample(busy, 3):
            assert assignment.deadline is not None
            grant = Grant(deadline=assignment.deadline + timedelta(days=3), reason="Was ill.")
            set_extension(self.session, self.teacher, assignment, student, grant)
        for student in self.rng.sample(busy, 4):
            submission = self._last_of(assignment, student)
            text = "Try this rule on paper, with x = 2 and y = 3. What do you get?"
            line = self.rng.randint(5, 20)
            add_comment(self.session, self.teacher, submission, line=line, text=text)
        for student in self.rng.sample(busy, 2):
            submission = self._last_of(assignment, student)
            score = round(assignment.max_score * 0.9, 1)
            reason = "Explained the mistake in the oral exam."
            set_override(self.session, self.teacher, submission, score=score, reason=reason)

    def _last_of(self, assignment: Assignment, student: Account) -> Submission:
        found = (
            self.session.query(Submission)
            .filter_by(assignment_id=assignment.id, student_id=student.id)
            .order_by(Submission.attempt.desc())
            .first()
        )
        assert found is not None
        return found
