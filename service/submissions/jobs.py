"""What goes to the workers: a message that wakes one, and a job that it claims."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from service.errors import Unavailable
from worker.report.names import Names

log = logging.getLogger(__name__)

Enqueue = Callable[[uuid.UUID], None]  # puts the id of a grading on the queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A claimed grading, with everything that a worker needs to run it.

    `weights` are names of suites with the points they give; `names` and the precision are those
    that the assignment requires. `slot` claimed it, and `claim_number` counts claims: when the row
    has others, the lease ran out and the grading belongs to another worker. A job that `gives_way`
    is a regrade, which leaves its slot to a submission that waits. `request_id` is that of the
    request that queued it, if one did.
    """

    grading_id: uuid.UUID
    submission_id: uuid.UUID
    slot: str
    claim_number: int
    source: str
    weights: tuple[tuple[str, float], ...]
    seed: int
    names: Names | None
    require_double: bool
    gives_way: bool = False
    request_id: str | None = None


def wake_worker(enqueue: Enqueue, grading_id: uuid.UUID) -> None:
    """Put a committed grading on the queue. A broker that fails is logged and loses nothing.

    The reaper finds the grading later, so the student's submission must not look rejected.
    """
    try:
        enqueue(grading_id)
    except Unavailable as error:
        log.warning("grading %s waits for the reaper: %s", grading_id, error.message)
    except Exception:
        log.exception("grading %s waits for the reaper", grading_id)
