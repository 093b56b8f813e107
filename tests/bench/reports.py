"""Size of stored reports, and the CPU time of a report's page in the old form and in the new."""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient

from service.store.database import make_engine, make_sessions
from service.store.schema import upgrade
from service.submissions.models import StoredReport
from service.submissions.stored_reports import convert_old
from service.web.app import create_app
from service.web.request import EXTENSION
from tests.service.conftest import make_class, make_settings, signed_in
from tests.service.submissions.test_stored_reports import submit_graded
from tests.support.stored import stored_report

ROUNDS = 30


def measure() -> dict[str, float]:
    """Bytes of a right and of a wrong engine's report, and milliseconds of CPU for a page."""
    folder = Path(tempfile.mkdtemp())
    settings = make_settings(folder)
    upgrade(settings)
    (folder / "broker").mkdir(exist_ok=True)
    engine, app = make_engine(settings), create_app(settings)
    figures: dict[str, float] = {}
    try:
        with make_sessions(engine)() as session:
            members = make_class(session)
            for attempt, name in enumerate(("right", "wrong"), 1):
                report = stored_report(name)
                submission = submit_graded(session, members, report, attempt=attempt)
                client = signed_in(app, members.ada)
                before = _page_time(client, f"/submissions/{submission.id}")
                convert_old(make_sessions(engine))
                after = _page_time(client, f"/submissions/{submission.id}")
                row = session.get_one(StoredReport, submission.grading.id)
                session.commit()
                cases = sum(len(suite["cases"]) for suite in report["suites"])
                most = 130 if name == "right" else 260
                figures |= {
                    f"summary of a {name} engine, bytes a case (target {most})": len(row.summary)
                    / cases,
                    f"report of a {name} engine, part of its JSON": len(row.report)
                    / len(json.dumps(report)),
                    f"page of a {name} engine, CPU ms": after,
                    f"the same page, compared with the earlier form, {name}": after / before,
                }
    finally:
        app.extensions[EXTENSION].close()
        engine.dispose()
        shutil.rmtree(folder)
    return figures


def _page_time(client: FlaskClient, address: str) -> float:
    """The median of CPU milliseconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        assert client.get(address).status_code == 200
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)
