"""What a teacher sets for an assignment: every option with its default, its rules and its messages.

Pages, API and commands all read an assignment's options with this one model.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from service.courses.late_rules import LateKind, LateRule
from service.courses.models import AttemptThatCounts, Feedback
from service.courses.moments import to_utc
from service.errors import Invalid
from service.errors.validation import validate
from worker.report.names import Names, is_name
from worker.suites import catalogue
from worker.suites.cases import Kind

MAX_ATTEMPTS = 9_999_999
MAX_POINTS = 1_000_000
MAX_TITLE = 200  # characters
MAX_DESCRIPTION = 50_000  # characters
MAX_PAUSE = 60 * 24 * 7  # minutes


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
    if len(title) > MAX_TITLE:
        raise ValueError(f"The title is too long. Use at most {MAX_TITLE} characters.")
    return _check_text(title)


def _check_description(text: str) -> str:
    if len(text) > MAX_DESCRIPTION:
        raise ValueError(
            f"The task text is too long: {len(text):,} characters. Use at most {MAX_DESCRIPTION:,}."
        )
    return _check_text(text)


def _check_moment(moment: datetime | None) -> datetime | None:
    return None if moment is None else to_utc(moment)


def _check_pause(minutes: int) -> int:
    if not 0 <= minutes <= MAX_PAUSE:
        raise ValueError(f"Give a number of minutes from 0 to {MAX_PAUSE:,}.")
    return minutes


def _check_attempts(limit: int | None) -> int | None:
    if limit is not None and not 1 <= limit <= MAX_ATTEMPTS:
        raise ValueError(f"A student can't have {limit} attempts. Give a number from 1 up.")
    return limit


def _read_suites(value: Any) -> Any:
    """A map of points by name; a list of objects with `name` and `points` becomes one."""
    if isinstance(value, dict):
        return value
    points: dict[str, float] = {}
    for each in value if isinstance(value, list) else [None]:
        if (
            not isinstance(each, dict)
            or each.keys() != {"name", "points"}
            or not isinstance(each["name"], str)
        ):
            raise ValueError(
                'Give the suites as a map, such as {"rules": 80}, or as a list of objects with '
                "`name` and `points`."
            )
        if each["name"] in points:
            raise ValueError(f"The suite {each['name']} is given twice.")
        points[each["name"]] = each["points"]
    return points


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


Title = Annotated[str, AfterValidator(_check_title)]
Moment = Annotated[AwareDatetime | None, AfterValidator(_check_moment)]
_KINDS = [kind.value for kind in LateKind if kind is not LateKind.PERCENT_PER_DAY]
_LATE_SCHEMA = {
    "anyOf": [
        {"enum": _KINDS},
        {
            "type": "object",
            "properties": {
                "kind": {"enum": [*LateKind]},
                "percent": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 100},
                "floor": {"type": "number", "minimum": 0, "maximum": 100},
                "grace_minutes": {"type": "integer", "minimum": 0},
            },
            "required": ["kind"],
            "additionalProperties": False,
        },
    ]
}
_SUITES_SCHEMA = {
    "anyOf": [
        {"type": "object", "additionalProperties": {"type": "number"}},
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "points": {"type": "number"}},
                "required": ["name", "points"],
                "additionalProperties": False,
            },
        },
    ]
}


class AssignmentOptions(BaseModel):
    """The options of an assignment; immutable and always valid.

    >>> options = AssignmentOptions(title="An engine", suites={"rules": 80})
    >>> options.with_changes(attempt_limit=3).attempt_limit
    3
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: Title
    description: Annotated[str, AfterValidator(_check_description)] = ""
    opens_at: Moment = None
    deadline: Moment = None
    late_policy: Annotated[
        LateRule, BeforeValidator(LateRule.read), WithJsonSchema(_LATE_SCHEMA)
    ] = LateRule(kind=LateKind.ACCEPT)
    attempt_limit: Annotated[int | None, AfterValidator(_check_attempts)] = None
    pause_minutes: Annotated[int, AfterValidator(_check_pause)] = 0
    attempt_that_counts: AttemptThatCounts = AttemptThatCounts.BEST
    feedback: Feedback = Feedback.FULL
    hold_marks: bool = False
    suites: Annotated[
        dict[str, float],
        BeforeValidator(_read_suites),
        AfterValidator(_check_suites),
        WithJsonSchema(_SUITES_SCHEMA),
    ] = Field(default_factory=usual_points)
    names: Annotated[Names, AfterValidator(_check_names)] = Names()
    draw_per_student: bool = False
    require_double: bool = False

    @classmethod
    def read(cls, **values: Any) -> AssignmentOptions:
        """Options with these values, and defaults for the others; raises Invalid."""
        options = validate(cls, values)
        options.check_together()
        return options

    def with_changes(self, **changes: Any) -> AssignmentOptions:
        """The same options with these changes; raises Invalid.

        Options that don't change aren't checked: a suite may have left the catalogue since.
        """
        checked = validate(AssignmentOptions, {"title": "Unchanged"} | changes)
        changed = self.model_copy(update={name: getattr(checked, name) for name in changes})
        if changes.keys() & {"opens_at", "deadline", "feedback"}:
            changed.check_together()
        return changed

    def check_together(self) -> None:
        """Raise Invalid for options that can't be used together."""
        wrong: dict[str, str] = {}
        if self.feedback is Feedback.NOTHING_UNTIL_DEADLINE and self.deadline is None:
            wrong["feedback"] = (
                "Without a deadline, students would never see a result. "
                "Set a deadline, or choose another feedback."
            )
        if self.opens_at and self.deadline and self.opens_at >= self.deadline:
            wrong["opens_at"] = (
                "The assignment opens after its deadline. Let it open earlier, or move one of them."
            )
        if wrong:
            raise Invalid(" ".join(wrong.values()), fields=wrong)

    def to_json(self) -> dict[str, Any]:
        """The options as the API answers them."""
        values = self.model_dump(mode="json", include=set(AssignmentOptions.model_fields))
        late = self.late_policy.brief()
        values["late_policy"] = late if isinstance(late, str) else late.model_dump(mode="json")
        values["suites"] = [{"name": name, "points": each} for name, each in self.suites.items()]
        return values

    def differences(self, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """The changes that differ from these options: each with its new and its old value."""
        mine, stored = self.with_changes(**changes).to_json(), self.to_json()
        return {name: (mine[name], stored[name]) for name in changes if mine[name] != stored[name]}
