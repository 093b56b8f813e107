"""What a teacher sets for an assignment: every option with its default, its rules and its messages.

Pages, API and commands all read an assignment's options with this one model.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from service.courses.models import LatePolicy
from service.errors.validation import validate
from worker.report.names import Names, is_name
from worker.suites import catalogue
from worker.suites.cases import Kind

MAX_ATTEMPTS = 9_999_999
MAX_POINTS = 1_000_000


def usual_points() -> dict[str, float]:
    """Every suite with the points that its file suggests."""
    return {name: catalogue.outline(name).weight for name in catalogue.names()}


def _check_text(text: str) -> str:
    if "\0" in text:
        raise ValueError("Text can't contain a NUL character. Remove it.")
    return text


def _check_title(title: str) -> str:
    title = title.strip()
    if not title:
        raise ValueError("The title is empty. Give the assignment a title.")
    return _check_text(title)


def _check_attempts(limit: int | None) -> int | None:
    if limit is not None and not 1 <= limit <= MAX_ATTEMPTS:
        raise ValueError(f"A student can't have {limit} attempts. Give a number from 1 up.")
    return limit


def _check_suites(points: dict[str, float]) -> dict[str, float]:
    known = catalogue.names()
    for name, value in points.items():
        if name not in known:
            raise ValueError(f"There is no suite {name!r}. The suites are: {', '.join(known)}.")
        if not 0 <= value <= MAX_POINTS:  # rejects NaN too
            raise ValueError(
                f"The suite {name} can't have {value:g} points. "
                f"Give a number from 0 to {MAX_POINTS:,}."
            )
        if round(value, 2) != value:
            raise ValueError(
                f"The suite {name} can't have {value!r} points: use two decimals at most."
            )
        if value and all(case.kind is Kind.CONVENTION for case in catalogue.load(name).cases):
            raise ValueError(f"The suite {name} has no right and wrong answers: give it 0 points.")
    if not any(points.values()):
        raise ValueError("Give points to at least one suite. With 0 points it is for information.")
    return points


def _check_names(names: Names) -> Names:
    for part, name in names.to_json().items():
        if name is not None and not is_name(name):
            raise ValueError(f"{name!r} is not a valid Python name, so no {part} can have it.")
    return names


class AssignmentOptions(BaseModel):
    """The options of an assignment; immutable and always valid.

    >>> options = AssignmentOptions(title="An engine", suites={"rules": 80})
    >>> options.with_changes(attempt_limit=3).attempt_limit
    3
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: Annotated[str, AfterValidator(_check_title)]
    description: Annotated[str, AfterValidator(_check_text)] = ""
    deadline: AwareDatetime | None = None
    late_policy: LatePolicy = LatePolicy.ACCEPT
    attempt_limit: Annotated[int | None, AfterValidator(_check_attempts)] = None
    suites: Annotated[dict[str, float], AfterValidator(_check_suites)] = Field(
        default_factory=usual_points
    )
    names: Annotated[Names, AfterValidator(_check_names)] = Names()
    draw_per_student: bool = False
    require_double: bool = False

    @classmethod
    def read(cls, **values: Any) -> AssignmentOptions:
        """Options with these values, and defaults for the others; raises Invalid."""
        return validate(cls, values)

    def with_changes(self, **changes: Any) -> AssignmentOptions:
        """The same options with these changes; raises Invalid.

        Options that don't change aren't checked: a suite may have left the catalogue since.
        """
        checked = validate(AssignmentOptions, {"title": "Unchanged"} | changes)
        return self.model_copy(update={name: getattr(checked, name) for name in changes})
