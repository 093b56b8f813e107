"""Merges the metrics of all processes that share a folder, and serves them to Prometheus."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Metric,
    generate_latest,
    start_http_server,
    values,
)
from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from service.settings import Settings
from service.telemetry.metrics import REGISTRY
from service.telemetry.shared_folder import VARIABLE

CONTENT_TYPE = CONTENT_TYPE_LATEST
ENDED = "0"  # stands for all processes that have ended; no process has this id
FILE = re.compile(r"(counter|histogram|gauge_([a-z]+))_(\d+)\.db")

log = logging.getLogger(__name__)


class Shared(Collector):
    """The values of all processes that share a folder; without a folder, of this process."""

    def collect(self) -> Iterator[Metric]:
        """The sums over the processes."""
        if values.ValueClass is values.MutexValue:
            yield from REGISTRY.collect()
            return
        folder = Path(os.environ[VARIABLE])
        with _sole_reader(folder):
            fold_ended(folder)
            yield from _merge(folder.glob("*.db"), accumulate=True)


def render(extra: Iterable[Collector] = ()) -> bytes:
    """The metrics in Prometheus's text format, with those of extra collectors."""
    registry = CollectorRegistry()
    for collector in (Shared(), *extra):
        registry.register(collector)
    return generate_latest(registry)


def serve(settings: Settings) -> None:
    """Serve the metrics on CHAINRULE_METRICS_PORT in a thread; do nothing without a port."""
    if settings.metrics_port:
        registry = CollectorRegistry()
        registry.register(Shared())
        try:
            start_http_server(settings.metrics_port, settings.host, registry)
        except OSError as error:  # grading goes on without them
            log.error("port %d can't serve metrics: %s", settings.metrics_port, error)


def fold_ended(folder: Path) -> None:
    """Move what ended processes counted to one file of each kind, so that files stay few.

    Gauges of living processes end with their process.
    """
    ended = defaultdict(list)
    for file in folder.glob("*.db"):
        match = FILE.fullmatch(file.name)
        if match is None or match[3] == ENDED or _is_alive(int(match[3])):
            continue
        if (match[2] or "").startswith("live") or not file.stat().st_size:
            file.unlink()
        else:
            ended[match[1]].append(file)
    for kind, files in ended.items():
        _fold(folder / f"{kind}_{ENDED}.db", files)


def _fold(total: Path, files: list[Path]) -> None:
    merged = _merge([file for file in (total, *files) if file.exists()], accumulate=False)
    new = total.with_suffix(".new")
    new.unlink(missing_ok=True)
    stored = MmapedDict(str(new))  # type: ignore[no-untyped-call]
    for metric in merged:
        for sample in metric.samples:
            names, texts = list(sample.labels), list(sample.labels.values())
            key = mmap_key(metric.name, sample.name, names, texts, metric.documentation)
            stored.write_value(key, sample.value, sample.timestamp or 0.0)  # type: ignore[no-untyped-call]
    stored.close()  # type: ignore[no-untyped-call]
    new.rename(total)
    for file in files:
        file.unlink()


def _merge(files: Iterable[Path], *, accumulate: bool) -> list[Metric]:
    """The sums of files. One that is empty is being made, or its process was killed just then."""
    begun = [str(file) for file in files if file.stat().st_size]
    merged = MultiProcessCollector.merge(begun, accumulate=accumulate)  # type: ignore[no-untyped-call]
    return list(merged)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def _sole_reader(folder: Path) -> Iterator[None]:
    """Lock the folder against other processes that answer a scrape."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
