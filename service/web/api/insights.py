"""What an assignment's submissions show about the class, for staff."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint
from sqlalchemy.orm import Session

from service.courses import assignments
from service.marks.class_map import list_cases, read_insights
from service.marks.gradebook import Mark
from service.people.models import Account
from service.web.api.operation import Answer, operation

of_assignment = Blueprint("api_insights", __name__)


class MistakeAnswer(Answer):
    """A named mistake, and who makes it. `share` is the part of all students with a graded file."""

    misconception: str
    title: str
    students: list[str]
    share: float


class SameNumbersAnswer(Answer):
    """Students whose engines give the same wrong numbers, which no known mistake explains."""

    students: list[str]
    share: float


class ProblemAnswer(Answer):
    """Students whose file couldn't be tested, by the kind of problem."""

    kind: str
    students: list[str]


class CaseAnswer(Answer):
    """A test that somebody fails. `of` is for how many students it counts.

    It doesn't count where the whole file couldn't be tested, or a broken rule makes it fail.
    """

    suite: str
    case: str
    title: str
    failed: int
    of: int


class ScoresAnswer(Answer):
    """How many students have from `low` up to `high` percent; the last one includes 100."""

    low: int
    high: int
    count: int


class Insights(Answer):
    """The submission that counts for each student. Everything is sorted, the commonest first.

    `graded` is how many students have a graded file.
    """

    graded: int
    mistakes: list[MistakeAnswer]
    unnamed: list[SameNumbersAnswer]
    problems: list[ProblemAnswer]
    cases: list[CaseAnswer]
    scores: list[ScoresAnswer]
    without_submission: list[str]


@of_assignment.get("/insights")
@operation("Read what the class hasn't understood (staff)", errors=(403,))
def read(actor: Account, session: Session, slug: str, course: str | None = None) -> Insights:
    """Read the class's mistakes, failing tests and scores, and who submitted nothing."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    found = read_insights(session, actor, assignment)
    return Insights(
        graded=found.graded,
        mistakes=[
            MistakeAnswer(
                misconception=mistake.misconception,
                title=mistake.title,
                students=_list_emails(mistake.marks),
                share=mistake.share,
            )
            for mistake in found.mistakes
        ],
        unnamed=[
            SameNumbersAnswer(students=_list_emails(group.marks), share=group.share)
            for group in found.same_numbers
        ],
        problems=[
            ProblemAnswer(kind=group.kind, students=_list_emails(group.marks))
            for group in found.problems
        ],
        cases=[
            CaseAnswer.model_validate(case, from_attributes=True)
            for case in list_cases(found.tested)
        ],
        scores=[ScoresAnswer.model_validate(each, from_attributes=True) for each in found.scores],
        without_submission=[student.email for student in found.without_submission],
    )


def _list_emails(marks: Iterable[Mark]) -> list[str]:
    return [mark.student.email for mark in marks]
