"""Comments on a submission: staff write them, and the student reads theirs."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from service.marks import comments
from service.marks.models import Comment
from service.people.models import Account
from service.submissions.find import find_submission
from service.web.api.operation import Answer, Body, operation
from service.web.bodies import REASON
from service.web.request import services

blueprint = Blueprint("api_comments", __name__)

COMMENTS = "/submissions/<uuid:submission_id>/comments"


class CommentBody(Body):
    """A comment on a line of the source, the first is 1, or with null on the whole submission."""

    line: int | None = None
    text: str


class CommentAnswer(Answer):
    """A comment. `read_at` is when the student first saw it."""

    id: uuid.UUID
    line: int | None
    text: str
    author: str
    created_at: datetime
    read_at: datetime | None


class Comments(Answer):
    """The comments on a submission: on the whole first, then by line."""

    comments: list[CommentAnswer]


@blueprint.get(COMMENTS)
@operation("List the comments on a submission")
def list_comments(actor: Account, session: Session, submission_id: uuid.UUID) -> Comments:
    """List the comments. When the student does, they are read from then on."""
    submission = find_submission(session, actor, submission_id)
    found = comments.list_comments(session, actor, submission)
    if actor.id == submission.student_id and any(each.read_at is None for each in found):
        with services().writers() as writer:
            comments.note_read(writer, actor, submission)
    return Comments(comments=[_to_answer(each) for each in found])


@blueprint.post(COMMENTS)
@operation("Comment on a submission (staff)", status=201, errors=(403,), limit=REASON)
def add_comment(
    actor: Account, session: Session, submission_id: uuid.UUID, body: CommentBody
) -> CommentAnswer:
    """Comment on a submission or a line of it. The course's page says that it's new."""
    submission = find_submission(session, actor, submission_id)
    return _to_answer(
        comments.add_comment(session, actor, submission, line=body.line, text=body.text)
    )


@blueprint.delete(f"{COMMENTS}/<uuid:comment_id>")
@operation("Delete a comment (staff)", status=204, errors=(403,))
def delete_comment(
    actor: Account, session: Session, submission_id: uuid.UUID, comment_id: uuid.UUID
) -> Response:
    """Delete a comment. Assistants delete their own."""
    submission = find_submission(session, actor, submission_id)
    comments.delete_comment(session, actor, submission, comment_id)
    return Response(status=204)


def _to_answer(comment: Comment) -> CommentAnswer:
    return CommentAnswer(
        id=comment.id,
        line=comment.line,
        text=comment.text,
        author=comment.author.name,
        created_at=comment.created_at,
        read_at=comment.read_at,
    )
