"""`chainrule submit`: its exit codes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
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
    status: ClassVar[str] = "done"
    same_as: ClassVar[str | None] = None
    attempts: ClassVar[dict[str, Any]] = {}

    def do_POST(self) -> None:
        """Accept the submission."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer({"id": "1", "attempt": 1, "receipt": "r", "same_as": self.same_as})

    def do_GET(self) -> None:
        """Answer with the report."""
        self._answer({"status": self.status, "report": self.report, **self.attempts})

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


@pytest.fixture
def submit(run: Run, url: str, tmp_path: Path) -> Callable[..., str]:
    """Submits a file to the service with some options, and returns what is printed."""
    file = tmp_path / "value.py"
    file.write_text("class Value: pass\n", encoding="utf-8")
    asked = ("--assignment", "engine", "--url", url, "--token", "cr_x")

    def submit(*options: str, status: int) -> str:
        return run("submit", str(file), *asked, *options, status=status)

    return submit


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (make_report(make_suite("rules", make_case())), 0),
        (make_report(make_suite("rules", make_case("x", Verdict.ERROR))), 1),
        (make_report(make_suite("rules", make_case("x", Verdict.ERROR)), problem=PROBLEM), 2),
    ],
)
def test_the_exit_code_is_that_of_a_check(
    submit: Callable[..., str],
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    report: Report,
    status: int,
) -> None:
    monkeypatch.setattr(Graded, "report", to_json(report))
    output = submit(status=status)
    assert output.startswith(f"Accepted as attempt 1.\nReport: {url}/submissions/1\n")
    assert "attempts left" not in output  # there is no limit
    for option in ("--json", "--no-wait"):
        submit(option, status=0 if option == "--no-wait" else status)


def limited(feedback: str, report: Any, score: float | None = 45.67) -> dict[str, Any]:
    """The fields of an answer of a feedback level."""
    most = None if score is None else 100.0
    until = "2027-03-01T12:00:00Z" if feedback == "nothing_until_deadline" else None
    return {"feedback": feedback, "hidden_until": until, "report": report} | {
        "score": score,
        "max_score": most,
    }


SOME = {"name": "rules", "title": "Rules", "max_score": 80.0, "cases": []}
RIGHT = {"id": "sum", "title": "The sum", "verdict": "passed"}
WRONG = {"id": "product", "title": "The product", "verdict": "wrong_value"}
TESTS = {"problem": None, "suites": [SOME | {"cases": [RIGHT, WRONG]}]}
ONLY_RIGHT = {"problem": None, "suites": [SOME | {"cases": [RIGHT]}]}
STOPPED = {"problem": {"message": "'(' was never closed", "line": 7}}


@pytest.mark.parametrize(
    ("answer", "status", "texts"),
    [
        (limited("tests", TESTS), 1, ["1 of 2", "rules/product", "45.67 of 100 points"]),
        (limited("tests", ONLY_RIGHT), 0, ["1 of 1", "45.67 of 100 points"]),
        (limited("full", {**TESTS, "score": None}, None), 1, ["rules/product", "held back"]),
        (limited("score", {"problem": None}), 3, ["no tests", "45.67 of 100 points"]),
        (limited("score", {"problem": None}, None), 3, ["no tests", "held back"]),
        (limited("nothing_until_deadline", None, None), 3, ["shown after 1 Mar 2027"]),
        (limited("nothing_until_deadline", STOPPED, None), 2, ["value.py, line 7", "never closed"]),
    ],
)
def test_a_limited_report_shows_what_it_has_and_never_that_all_passed(
    submit: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    answer: dict[str, Any],
    status: int,
    texts: list[str],
) -> None:
    monkeypatch.setattr(Graded, "attempts", answer)
    output = submit(status=status)
    for text in texts:
        assert text in output
    assert "All" not in output
    submit("--json", status=status)


@pytest.mark.parametrize(
    ("status", "spent", "text"),
    [
        ("done", True, "1 of 3 attempts left.\n"),
        (
            "done",
            False,
            "1 of 3 attempts left. This one didn't count, because the file couldn't be graded.",
        ),
        (
            "errored",
            False,
            "1 of 3 attempts left. This one didn't count, because grading failed on our side.",
        ),
    ],
)
def test_the_attempts_that_are_left_are_shown(
    submit: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    status: str,
    spent: bool,
    text: str,
) -> None:
    report = make_report(make_suite("rules", make_case()))
    attempts = {"attempt_limit": 3, "attempts_left": 1, "spends_attempt": spent}
    monkeypatch.setattr(Graded, "report", to_json(report))
    monkeypatch.setattr(Graded, "status", status)
    monkeypatch.setattr(Graded, "attempts", attempts)
    ends = 0 if status == "done" else 2
    assert text in submit(status=ends)
    assert text not in submit("--json", status=ends)


def test_what_changed_since_an_earlier_attempt_is_printed(
    submit: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = "Since attempt 4: 12 tests fixed, 3 broken.\n"
    monkeypatch.setattr(Graded, "report", to_json(make_report(make_suite("rules", make_case()))))
    monkeypatch.setattr(Graded, "attempts", {"since": {"sentence": sentence.strip()}})
    assert sentence in submit(status=0)
    assert sentence not in submit("--json", status=0)


def test_a_file_that_was_submitted_before_is_mentioned(
    submit: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "You submitted the same file before.\n"
    assert text not in submit("--no-wait", status=0)
    monkeypatch.setattr(Graded, "same_as", "2")
    assert text in submit("--no-wait", status=0)
    assert text not in submit("--no-wait", "--json", status=0)
