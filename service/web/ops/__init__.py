"""For operators: probes and metrics."""

from __future__ import annotations

from flask import Flask

from service.web.ops import metrics, probes


def register(app: Flask) -> None:
    """Put probes and metrics into the application."""
    app.register_blueprint(probes.blueprint)
    metrics.register(app)
