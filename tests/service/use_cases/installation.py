"""Use cases of the installation as a whole."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from service.settings import Settings
from service.submissions.models import Grading, Status
from service.upkeep import status
from tests.service.use_cases.case import OPERATORS, World, of_installation

ENVIRON = {"CHAINRULE_SECRET_KEY": "k" * 40}


def fail(world: World) -> list[uuid.UUID]:
    """The world's submission that failed on our side."""
    failed = select(Grading.submission_id).where(Grading.status == Status.ERRORED)
    return list(world.session.scalars(failed))


INSTALLATION = [
    of_installation(
        status.read_status,
        OPERATORS,
        lambda w, a: status.read_status(w.session, a, Settings.from_env(ENVIRON)),
    ),
    of_installation(
        status.run_again,
        OPERATORS,
        lambda w, a: status.run_again(w.session, a, lambda _: None, fail(w)),
    ),
]
