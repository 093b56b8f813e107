"""`chainrule submit`: its exit codes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.cli.conftest import Run
from tests.support.factories import make_case, make_report, make_suite
from worker.report.json import to_json
from worker.report.model import Problem, ProblemKind, Report, Verdict

PROBLEM = Problem(kind=ProblemKind.SYNTAX_ERROR, message="'(' was never closed", line=1, column=1)


class Graded(BaseHTTPRequestHandler):
    """A service whose gradings are done at once."""

    report: ClassVar[dict[str, Any]] = {}

    def do_POST(self) -> None:
        """Accept the submission."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer({"id": "1", "attempt": 1, "receipt": "r"})

    def do_GET(self) -> None:
        """Answer with the report."""
        self._answer({"status": "done", "report": self.report})

    def _answer(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Print nothing on stderr."""


@pytest.fixture
def url() -> Iterator[str]:
    """The URL of the service."""
    with HTTPServer(("127.0.0.1", 0), Graded) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (make_report(make_suite("rules", make_case())), 0),
        (make_report(make_suite("rules", make_case("x", Verdict.ERROR))), 1),
        (make_report(make_suite("rules", make_case("x", Verdict.ERROR)), problem=PROBLEM), 2),
    ],
)
def test_the_exit_code_is_that_of_a_check(
    run: Run, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: Report, status: int
) -> None:
    monkeypatch.setattr(Graded, "report", to_json(report))
    file = tmp_path / "value.py"
    file.write_text("class Value: pass\n", encoding="utf-8")
    asked = ("--assignment", "engine", "--url", url, "--token", "cr_x")
    output = run("submit", str(file), *asked, status=status)
    assert output.startswith("Accepted as attempt 1.")
    for option in ("--json", "--no-wait"):
        run("submit", str(file), *asked, option, status=0 if option == "--no-wait" else status)
