"""A report in the format of Gradescope's autograders, `results.json`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from service.errors import Conflict
from service.feedback.summary import has_passed, is_marked, tell_interface
from service.submissions.models import Grading, Status
from service.web.api.operation import Answer
from worker.report.tally import counts


class Test(Answer):
    """A case; `number` is suite and case, such as "1.2". One that is not judged, or gives
    no points, has no status."""

    name: str
    number: str
    status: Literal["passed", "failed"] | None = Field(
        default=None, exclude_if=lambda status: status is None
    )
    output: str
    output_format: Literal["text"] = "text"
    tags: list[str]
    visibility: Literal["visible"] = "visible"
    extra_data: dict[str, str]


class Results(Answer):
    """The whole result; `score` counts for all tests, which have none of their own."""

    score: float
    execution_time: float
    output: str
    output_format: Literal["text"] = "text"
    visibility: Literal["visible"] = "visible"
    stdout_visibility: Literal["visible"] = "visible"
    extra_data: dict[str, float | str]
    tests: list[Test]


def results(grading: Grading) -> Results:
    """The results of a grading that is done; Conflict before, and when there will be none."""
    if grading.status is Status.ERRORED:
        raise Conflict(
            "There is no result, and by itself none will come: the grading failed on our side. "
            "Ask your teacher to have it graded again, or hand in again; no attempt was spent.",
            code="grading_errored",
        )
    report = grading.report if grading.status is Status.DONE else None
    if report is None:
        raise Conflict(
            f"There is no result yet: the grading is {grading.status}. Try again later.",
            code="not_graded",
        )
    return Results(
        score=report["score"],
        execution_time=report["provenance"]["seconds"],
        output=_output(report),
        extra_data={"max_score": report["max_score"], "grading": str(grading.id)},
        tests=[
            _test(f"{place}.{number}", suite, case)
            for place, suite in enumerate(report["suites"], 1)
            for number, case in enumerate(suite["cases"], 1)
        ],
    )


def _test(number: str, suite: dict[str, Any], case: dict[str, Any]) -> Test:
    parts = (case["message"], case["program"])
    return Test(
        name=f"{suite['title']}: {case['title']}",
        number=number,
        status=_status(suite, case),
        output="\n\n".join(part for part in parts if part),
        tags=[suite["name"], *_tags(suite, case)],
        extra_data={"case": case["id"], "verdict": case["verdict"]},
    )


def _status(suite: dict[str, Any], case: dict[str, Any]) -> Literal["passed", "failed"] | None:
    if _tags(suite, case):
        return None
    return "passed" if has_passed(case) else "failed"


def _tags(suite: dict[str, Any], case: dict[str, Any]) -> list[str]:
    """Why a case has no status."""
    if not is_marked(suite):
        return ["no points"]
    return [] if counts(case) else ["not judged"]


def _output(report: dict[str, Any]) -> str:
    problem = report["problem"]
    if problem is not None:
        where = "" if problem["line"] is None else f" (line {problem['line']})"
        return f"{problem['message']}{where}"
    told = f"{round(report['score'], 2):g} of {round(report['max_score'], 2):g} points."
    interface = report.get("interface")
    if not interface:
        return told
    return "\n".join([told, f"Found: {tell_interface(interface)}", *interface["notes"]])
