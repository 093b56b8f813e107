"""What happens to late submissions, as teachers say it in one value."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

MAX_GRACE = 60 * 24 * 365  # minutes


class LateKind(StrEnum):
    """Whether a late submission is accepted, and whether it loses points."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    PERCENT_PER_DAY = "percent_per_day"


def _check_percent(percent: float | None, info: ValidationInfo) -> float | None:
    kind = info.data.get("kind")
    if kind is LateKind.PERCENT_PER_DAY:
        if percent is None:
            raise ValueError("Say how many percent a late submission loses for each day.")
        if not 0 < percent <= 100:  # rejects NaN too
            raise ValueError(f"A day can't cost {percent:g} percent. Give a number up to 100.")
    elif kind is not None and percent is not None:
        raise ValueError("Late submissions lose points only with `percent_per_day`.")
    return percent


def _check_floor(floor: float, info: ValidationInfo) -> float:
    if not 0 <= floor <= 100:
        raise ValueError(f"Nobody can keep {floor:g} percent. Give a number from 0 to 100.")
    if floor and info.data.get("kind") in {LateKind.ACCEPT, LateKind.REFUSE}:
        raise ValueError("Late submissions lose points only with `percent_per_day`.")
    return floor


def _check_grace(minutes: int) -> int:
    if not 0 <= minutes <= MAX_GRACE:
        raise ValueError(f"Give a number of minutes from 0 to {MAX_GRACE:,}.")
    return minutes


class LateRule(BaseModel):
    """What happens to a submission after the deadline and `grace_minutes`.

    With the kind `percent_per_day`, it loses `percent` of its score for each day that begins, down
    to `floor` percent of the score.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: LateKind
    percent: Annotated[float | None, AfterValidator(_check_percent)] = Field(
        default=None, validate_default=True
    )
    floor: Annotated[float, AfterValidator(_check_floor)] = 0.0
    grace_minutes: Annotated[int, AfterValidator(_check_grace)] = 0

    @classmethod
    def read(cls, value: Any) -> Any:
        """A rule whose kind alone was given; any other value stays as it is."""
        if not isinstance(value, str):
            return value
        if value not in {LateKind.ACCEPT, LateKind.REFUSE}:
            raise ValueError(
                "Use `accept`, `refuse`, or an object with `kind`, `percent`, `floor` and "
                "`grace_minutes`."
            )
        return cls(kind=LateKind(value))

    def brief(self) -> Self | str:
        """The kind alone where that says everything."""
        plain = self.percent is None and not self.floor and not self.grace_minutes
        return self.kind.value if plain else self
