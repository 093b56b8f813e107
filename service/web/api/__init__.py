"""JSON resources under /api/v1, one file each."""

from __future__ import annotations

from flask import Flask

from service.web.api import assignments, openapi, receipts, review, submissions


def register(app: Flask) -> None:
    """Put the API into the application."""
    for resource in (assignments, submissions, review, receipts, openapi):
        app.register_blueprint(resource.blueprint, url_prefix="/api/v1")
