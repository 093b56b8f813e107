"""JSON resources under /api/v1, one file each; beside them what machines ask of the service."""

from __future__ import annotations

from flask import Flask

from service.api import assignments, metrics, openapi, probes, receipts, review, submissions


def register(app: Flask) -> None:
    """Put the API and the probes into the application."""
    for resource in (assignments, submissions, review, receipts, openapi):
        app.register_blueprint(resource.blueprint, url_prefix="/api/v1")
    app.register_blueprint(probes.blueprint)
    metrics.register(app)
