"""The requests to a child: the submission, then questions in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from worker.graph import Question
from worker.sandbox.host.outcome import Submission

BATCH_BYTES = 2**17  # of the questions that are sent at once
MOST_IN_BATCH = 100


def encode_submission(submission: Submission) -> dict[str, Any]:
    """Returns the first request: the submission."""
    names = submission.names.to_json() if submission.names is not None else None
    return {"source": submission.source, "names": names, "reverse": submission.reverse}


def cut(questions: Iterable[Question], *, together: bool) -> Iterator[list[Question]]:
    """Cuts questions into batches of limited size.

    A question whose cost is measured is alone in its batch. Unless questions may be sent
    `together`, every question is.
    """
    most = MOST_IN_BATCH if together else 1
    batch: list[Question] = []
    size = 0
    for question in questions:
        size += len(question.body)
        if batch and (size > BATCH_BYTES or len(batch) == most or question.measure):
            yield batch
            batch, size = [], len(question.body)
        batch.append(question)
        if question.measure:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
