"""JSON resources under /api/v1, one file each."""

from __future__ import annotations

from flask import Flask

from service.web.addresses import register_at_assignment
from service.web.api import (
    account,
    accounts,
    archive,
    assignments,
    audit,
    comments,
    courses,
    extensions,
    gradebook,
    insights,
    invitations,
    marks,
    on_behalf,
    openapi,
    operator,
    receipts,
    regrades,
    review,
    roster,
    submissions,
)
from service.web.api.openapi import PREFIX

RESOURCES = (
    account,
    accounts,
    courses,
    assignments,
    roster,
    invitations,
    gradebook,
    archive,
    submissions,
    review,
    comments,
    audit,
    operator,
    regrades,
    receipts,
    openapi,
)


def register(app: Flask) -> None:
    """Put the API into the application."""
    for resource in RESOURCES:
        app.register_blueprint(resource.blueprint, url_prefix=PREFIX)
    for of_assignment in (
        assignments.of_assignment,
        submissions.of_assignment,
        insights.of_assignment,
        extensions.of_assignment,
        marks.of_assignment,
        regrades.of_assignment,
        on_behalf.of_assignment,
    ):
        register_at_assignment(app, of_assignment, PREFIX)
