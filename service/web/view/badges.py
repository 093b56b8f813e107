"""The badge of a grading's status."""

from __future__ import annotations

from collections.abc import Mapping

from service.feedback.wording import Look
from service.submissions.models import Status

STATUSES: Mapping[Status, Look] = {
    Status.QUEUED: Look("busy", "clock", "Queued"),
    Status.RUNNING: Look("busy", "clock", "Grading"),
    Status.DONE: Look("good", "check", "Graded"),
    Status.ERRORED: Look("odd", "alert", "Not graded"),
}
NOT_GRADABLE = Look("odd", "missing", "Not gradable")  # a file in which no test could run
