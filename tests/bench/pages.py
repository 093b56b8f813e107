"""CPU time of every page of the demo class, compared with an empty page."""

from __future__ import annotations

import json
import os
import statistics
import time

from flask.testing import FlaskClient

from service.people.accounts import find_account
from service.people.actors import LocalOperator
from service.store.database import make_sessions
from service.supervision.collector import freeze_objects
from service.web.app import create_app
from service.web.request import EXTENSION
from tests.demo.__main__ import FOLDER, ensure_class
from tests.demo.pages import STATUS, list_pages
from tests.service.conftest import signed_in

ROUNDS = 7
EMPTY = "/learn/order"
TARGET = 50  # milliseconds


def measure() -> dict[str, float]:
    """Milliseconds of CPU of this process for each page when warm, the slowest first."""
    settings = ensure_class({**os.environ, "CHAINRULE_DATA_DIR": FOLDER})
    known = json.loads((settings.data_dir / "demo.json").read_text(encoding="utf-8"))
    teacher, student = known["teacher"]["email"], known["students"][0]["email"]
    app = create_app(settings)
    found: dict[str, float] = {}
    try:
        with make_sessions(app.extensions[EXTENSION].engine)() as session:
            pages = list_pages(session, student)
            by_teacher, by_student = (
                signed_in(app, find_account(session, LocalOperator(), email))
                for email in (teacher, student)
            )
        freeze_objects()  # as the server does
        empty = _cpu(by_student, EMPTY)
        for client, addresses in (
            (by_teacher, pages.teacher),
            (by_student, pages.student),
            (app.test_client(), pages.nobody),
        ):
            found |= {
                name: _cpu(client, address, STATUS.get(name, 200))
                for name, address in addresses.items()
            }
    finally:
        app.extensions[EXTENSION].close()
    slowest = sorted(found.items(), key=lambda each: -each[1])
    figures = {"pages of the demo: an empty page, CPU ms": empty}
    for name, cpu in slowest:
        figures[f"page {name}, CPU ms (target {TARGET})"] = cpu
        figures[f"page {name}, compared with an empty page"] = cpu / empty
    return figures


def _cpu(client: FlaskClient, address: str, status: int = 200) -> float:
    """The median of milliseconds, after one request that fills the caches."""
    times = []
    for _ in range(1 + ROUNDS):
        start = time.process_time()
        answer = client.get(address)
        times.append((time.process_time() - start) * 1000)
        assert answer.status_code == status, f"{address} answers {answer.status_code}"
    return statistics.median(times[1:])


if __name__ == "__main__":
    for figure, value in measure().items():
        print(f"{figure:70} {value:10.3g}", flush=True)
