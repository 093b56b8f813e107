"""Metrics for Prometheus: counts from the database, and how long this process takes to answer."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from service.store.database import Sessions
from service.submissions.models import Grading, Status, Submission
from service.web.request import services


class DatabaseCounts(Collector):
    """Counts from the database, so that every process reports the same."""

    def __init__(self, readers: Sessions) -> None:
        self._readers = readers

    def collect(self) -> Iterator[Metric]:
        """The current submissions and gradings; no counts while the database is down."""
        up = GaugeMetricFamily("chainrule_database_up", "Whether the database answers.")
        try:
            with self._readers() as session:
                accepted = session.scalars(select(func.count(Submission.id))).one()
                query = select(Grading.status, func.count(Grading.id)).group_by(Grading.status)
                by_status = dict(iter(session.execute(query)))
        except SQLAlchemyError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield CounterMetricFamily("chainrule_submissions", "Submissions accepted.", value=accepted)
        gradings = GaugeMetricFamily("chainrule_gradings", "Gradings by status.", labels=["status"])
        for status in Status:
            gradings.add_metric([status.value], by_status.get(status, 0))
        yield gradings


def register(app: Flask) -> None:
    """Measure every request, and answer /metrics."""
    registry = CollectorRegistry()
    durations = Histogram(
        "chainrule_request_seconds",
        "Time to answer, long polls included.",
        ["process", "method", "route", "status"],
        registry=registry,
    )
    with app.app_context():
        registry.register(DatabaseCounts(services().readers))

    def start() -> None:
        g.started = time.perf_counter()

    def observe(response: Response) -> Response:
        # A request without a route can have any method. That must not create new labels.
        method, route = "none", "none"
        if request.url_rule is not None:
            method, route = request.method, request.url_rule.rule
        seconds = time.perf_counter() - g.started
        # Another process may answer the next scrape, so each has its own label.
        labels = (str(os.getpid()), method, route, str(response.status_code))
        durations.labels(*labels).observe(seconds)
        return response

    def scrape() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    app.before_request_funcs.setdefault(None, []).insert(0, start)
    app.after_request(observe)
    app.add_url_rule("/metrics", "metrics", scrape)
