"""How a view asks that its request waits for a result.

The front answers such a request again when the result is stored or the time is over. So a view runs
twice, with everything that it checks, and no thread waits in between.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field

from flask import request

from service.submissions.waiting import Wait, Waits

HOLD = "chainrule.hold"  # in the WSGI environment


@dataclass(slots=True, kw_only=True)
class Hold:
    """Whether a request waits. The front makes one for each request that may."""

    waits: Waits
    wait: Wait | None = None
    seconds: float = 0.0  # above 0: the front waits as long, instead of sending the answer
    has_waited: bool = False
    started: float = field(default_factory=time.perf_counter)
    request_id: str | None = None  # the same in both runs

    @property
    def keeps_answer(self) -> bool:
        """Whether this run's answer isn't sent, since the request waits and runs again."""
        return self.seconds > 0 and not self.has_waited

    def leave(self) -> None:
        """Stop waiting."""
        if self.wait is not None:
            self.waits.leave(self.wait)
            self.wait = None


def current() -> Hold | None:
    """The hold of this request; None in a server without a front, such as a test's."""
    hold: Hold | None = request.environ.get(HOLD)
    return hold


def join(submission_id: uuid.UUID, account_id: uuid.UUID) -> None:
    """Watch for a result from now on. Call it before the state is read."""
    hold = current()
    if hold is not None and not hold.has_waited:
        hold.wait = hold.waits.join(submission_id, account_id)


def wait(seconds: float) -> bool:
    """Let this request wait instead of being answered; False if too many wait already.

    A request that has waited is answered: then it's True and changes nothing.
    """
    hold = current()
    if hold is None or (hold.wait is None and not hold.has_waited):
        return False
    if not hold.has_waited:
        hold.seconds = seconds
    return True
