from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from service.settings import Settings
from service.telemetry.metrics import REFUSED, REGISTRY
from tests.support.ports import free_port
from worker import slots
from worker.sandbox import SandboxError
from worker.sandbox.doctor import canaries
from worker.sandbox.doctor.canaries import Canary


@pytest.mark.parametrize(
    ("imported", "absent"),
    [
        ("worker.slots", "celery, sqlalchemy, worker.grading"),
        ("worker.app, service.web.server, service.web.app, service.upkeep.scheduler", "psycopg"),
    ],
)
def test_a_process_loads_nothing_large_that_it_does_not_need(imported: str, absent: str) -> None:
    """The process that watches slots needs no Celery. SQLite needs no driver of PostgreSQL."""
    code = f"import sys, {imported}; print([m for m in {absent!r}.split(', ') if m in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert printed.stdout == b"[]\n"


@pytest.mark.parametrize("is_embedded", [True, False])
def test_a_worker_whose_canary_escapes_refuses_to_start_and_shows_it_to_prometheus(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
    is_embedded: bool,
) -> None:
    """Embedded, it has no port and ends at once. Others show it: see tests of the exposition."""
    escaping = Canary(name="print", attempts="print", source="print('obtained')")
    monkeypatch.setattr(canaries, "list_canaries", lambda: [escaping])
    monkeypatch.setattr(slots, "SHOWN_SECONDS", 0.0)
    environ = {"CHAINRULE_DATA_DIR": str(tmp_path), "CHAINRULE_SECRET_KEY": "s" * 40}
    settings = replace(Settings.from_env(environ), metrics_port=0 if is_embedded else free_port())
    request.addfinalizer(lambda: REFUSED.set(0))
    started = time.time()

    with pytest.raises(SandboxError, match="It was possible to: print"):
        slots.run_worker(settings)

    refused = REGISTRY.get_sample_value("chainrule_sandbox_refused_timestamp_seconds")
    assert refused is not None
    assert refused >= started
    assert "this worker doesn't grade: The sandbox does not hold" in caplog.text
