"""`chainrule submit`: submit a file over HTTP and wait for its result."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from service.cli.errors import CommandError

if TYPE_CHECKING:
    from service.cli.api_client import Api

WAIT_SECONDS = 300.0
POLL_SECONDS = 25
ASK_AGAIN_SECONDS = 2.0


@click.command(short_help="Submit a file and show its result.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--assignment", required=True, metavar="SLUG", help="The assignment's slug, as in its address."
)
@click.option(
    "--course",
    metavar="SLUG",
    help="The course's slug, if several of your courses have such an assignment.",
)
@click.option(
    "--url",
    envvar="CHAINRULE_URL",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where the service runs.",
)
@click.option("--token", envvar="CHAINRULE_TOKEN", required=True, help="Your API token.")
@click.option("--json", "as_json", is_flag=True, help="Print the service's last answer as JSON.")
@click.option("--no-wait", is_flag=True, help="Don't wait for the result.")
def submit(
    file: Path,
    assignment: str,
    course: str | None,
    url: str,
    token: str,
    as_json: bool,
    no_wait: bool,
) -> None:
    """Submit FILE to an assignment and show the result.

    Exits with 0 if every test passed, 1 if one failed, 2 if the file was rejected or couldn't be
    graded, and 3 if your teacher doesn't show the tests.
    """
    from service.cli.api_client import Api  # HTTP takes a while to import

    source, url = _read(file), url.rstrip("/")
    api = Api(f"{url}/api/v1", token)
    of_course = "" if course is None else f"/courses/{quote(course, safe='')}"
    answer = api.post(
        f"{of_course}/assignments/{quote(assignment, safe='')}/submissions",
        {"filename": file.name, "source": source},
        idempotency_key=os.urandom(16).hex(),  # a request that is sent twice is one submission
    )
    if not as_json:
        click.echo(f"Accepted as attempt {answer['attempt']}.")
        if answer.get("same_as") is not None:
            click.echo("You submitted the same file before.")
        click.echo(f"Report: {url}/submissions/{answer['id']}")
        click.echo(f"Receipt: {answer['receipt']}")
    if not no_wait:
        answer = _wait(api, answer["id"])
    if as_json:
        click.echo(json.dumps(answer, indent=2))
    sys.exit(0 if no_wait else _finish(answer, file, source, url, as_json))


def _finish(answer: dict[str, Any], file: Path, source: str, url: str, as_json: bool) -> int:
    if answer["status"] != "done":
        message = "Not graded yet. Your file is stored and will be graded. Look at the page later."
        if answer["status"] == "errored":
            message = (
                "Grading failed on the service's side. This used up no attempt. "
                "Your teacher can grade it again."
            )
        _show_attempts(answer, as_json)
        click.echo(f"chainrule: {message}", err=True)
        return 2
    from service.feedback.summary import all_passed
    from worker.report.json import report_from_json

    if answer.get("feedback", "full") != "full" or (answer["report"] or {}).get("score", 0) is None:
        return _show_limited(answer, file, as_json)
    if answer["report"] is None:
        click.echo(
            "chainrule: The details of this report were removed. Look at the page.", err=True
        )
        return 2
    try:
        report = report_from_json(answer["report"])
    except (KeyError, TypeError, ValueError):
        click.echo(
            "chainrule: The service has another version than this command and sent a report that "
            "cannot be read here. Look at the page, or install the newest version.",
            err=True,
        )
        return 2
    if not as_json:
        from service.cli.output.report import show_report

        show_report(report, file.name, source, service=url)
    _show_since(answer, as_json)
    _show_attempts(answer, as_json)
    if report.problem is not None:
        return 2
    return 0 if all_passed(report) else 1


def _show_limited(answer: dict[str, Any], file: Path, as_json: bool) -> int:
    from service.cli.output.limited import exit_code, show_limited

    if not as_json:
        show_limited(answer, file.name)
    _show_since(answer, as_json)
    _show_attempts(answer, as_json)
    return exit_code(answer)


def _show_since(answer: dict[str, Any], as_json: bool) -> None:
    """Print what changed since an earlier attempt, if there is one to compare with."""
    from service.feedback.visible_text import visible

    if answer.get("since") is not None and not as_json:  # older services don't send it
        click.echo(visible(answer["since"]["sentence"]))


def _show_attempts(answer: dict[str, Any], as_json: bool) -> None:
    """Print how many attempts are left, if the assignment has a limit."""
    from service.feedback.wording import attempts_left

    limit = answer.get("attempt_limit")  # older services don't send it
    if limit is not None and not as_json:
        errored, spent = answer["status"] == "errored", answer["spends_attempt"]
        click.echo(attempts_left(answer["attempts_left"], limit, spent=spent, errored=errored))


def _wait(api: Api, submission_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        asked = time.monotonic()
        answer = api.get(f"/submissions/{submission_id}?wait={POLL_SECONDS}")
        if answer["status"] in {"done", "errored"} or time.monotonic() > deadline:
            return answer
        if time.monotonic() - asked < ASK_AGAIN_SECONDS:  # too many of this account's requests wait
            time.sleep(ASK_AGAIN_SECONDS)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{file} is not UTF-8 text. Save it as UTF-8 and try again.") from None
