"""For operators: probes, metrics, and a log line for every request."""

from __future__ import annotations

from flask import Flask

from service.web.ops import metrics, probes, requests


def register(app: Flask) -> None:
    """Add all of them to the application."""
    requests.register(app)
    app.register_blueprint(probes.blueprint)
    metrics.register(app)
