"""The addresses of the form of an assignment, and what it sends."""

from __future__ import annotations

NEW = "/courses/demo/new-assignment"
LONG = "/courses/demo/assignments/autograd"
EDIT = f"{LONG}/edit"
FORM = {
    "slug": "engine",
    "title": "An engine",
    "description": "# Task\r\n\r\nWrite a *class*.",
    "opens_at": "2027-03-01T08:00",
    "deadline": "2027-07-01T18:00",
    "late_kind": "percent_per_day",
    "late_percent": "12,5",
    "late_floor": "40",
    "grace_minutes": "15",
    "attempt_limit": "3",
    "pause_minutes": "20",
    "attempt_that_counts": "latest",
    "feedback": "nothing_until_deadline",
    "hold_marks": "1",
    "points-rules": "80",
    "points-random": "0",
    "points-order": "",
    "name_class_name": "Scalar",
    "require_double": "1",
}
