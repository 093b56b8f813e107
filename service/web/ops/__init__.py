"""For operators: probes and metrics."""

from __future__ import annotations

from flask import Flask

from service.web.ops import metrics, probes


def register(app: Flask) -> None:
    """Add probes and metrics to the application."""
    app.register_blueprint(probes.blueprint)
    metrics.register(app)
