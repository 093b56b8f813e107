"""Answers /metrics: what the processes counted, and what database and disk hold now."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from flask import Flask, Response
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from service.settings import Settings
from service.store.database import Sessions
from service.submissions.line import CourseQueue, read_queue
from service.submissions.models import Grading, Status
from service.telemetry import exposition
from service.upkeep.heartbeats import is_stalled
from service.web.request import services

MOST_COURSES = 30  # with labels of their own, so that a scrape stays small


class DatabaseCounts(Collector):
    """Counts from the database, so that every process reports the same."""

    def __init__(self, readers: Sessions, settings: Settings) -> None:
        self._readers = readers
        self._settings = settings

    def collect(self) -> Iterator[Metric]:
        """The current gradings; no counts while the database is down."""
        up = GaugeMetricFamily("chainrule_database_up", "Whether the database answers.")
        try:
            with self._readers() as session:
                query = select(Grading.status, func.count(Grading.id)).group_by(Grading.status)
                by_status = dict(iter(session.execute(query)))
                queue = read_queue(session)
        except SQLAlchemyError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        gradings = GaugeMetricFamily("chainrule_gradings", "Gradings by status.", labels=["status"])
        for status in Status:
            gradings.add_metric([status.value], by_status.get(status, 0))
        yield gradings
        yield from _show_queue(queue.by_course)
        yield GaugeMetricFamily(
            "chainrule_queue_stalled",
            "1 while the oldest grading waits and no slot starts any.",
            value=is_stalled(queue, self._settings),
        )


def _show_queue(queued: Mapping[str, CourseQueue]) -> Iterator[Metric]:
    """Length and age of the queue by course; courses beyond the longest ones are one, `other`."""
    length = GaugeMetricFamily("chainrule_queue_length", "Queued gradings.", labels=["course"])
    age = GaugeMetricFamily(
        "chainrule_queue_oldest_seconds",
        "How long the oldest queued grading has waited.",
        labels=["course"],
    )
    ordered = sorted(queued.items(), key=lambda item: -item[1].length)
    shown, others = ordered[:MOST_COURSES], [each for _, each in ordered[MOST_COURSES:]]
    for course, queue in shown:
        length.add_metric([course], queue.length)
        age.add_metric([course], queue.oldest_seconds)
    if others:
        length.add_metric(["other"], sum(queue.length for queue in others))
        age.add_metric(["other"], max(queue.oldest_seconds for queue in others))
    yield from (length, age)


class Disk(Collector):
    """The room on the disks that the service writes to.

    `data` is the data folder. `root` is the disk of `/`: in a container, the disk that also has
    the images and volumes of this machine.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folders = {"data": data_dir, "root": Path("/")}

    def collect(self) -> Iterator[Metric]:
        """Free and total bytes, of each folder that can be asked."""
        free = GaugeMetricFamily("chainrule_disk_free_bytes", "Free bytes.", labels=["folder"])
        size = GaugeMetricFamily("chainrule_disk_size_bytes", "All bytes.", labels=["folder"])
        for name, folder in self._folders.items():
            try:
                usage = shutil.disk_usage(folder)
            except OSError:
                continue
            free.add_metric([name], usage.free)
            size.add_metric([name], usage.total)
        yield from (free, size)


def register(app: Flask) -> None:
    """Answer /metrics to everybody who reaches this process; a proxy in front must not pass it."""

    def scrape() -> Response:
        held = services()
        collectors = (DatabaseCounts(held.readers, held.settings), Disk(held.settings.data_dir))
        return Response(exposition.render(collectors), content_type=exposition.CONTENT_TYPE)

    app.add_url_rule("/metrics", "metrics", scrape)
