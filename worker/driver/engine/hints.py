"""The names to look for: the usual ones, or those that an assignment or the file's comment says."""

from __future__ import annotations

from dataclasses import dataclass

from worker.driver.base.names import BACKWARD_NAMES, CALLER, DATA_NAMES, GRAD_NAMES
from worker.driver.file.usage_hints import find_seeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """The names of an engine's parts, the likeliest first, and the file's text.

    `seeds` are attributes that a caller must set to 1 before backward, as in `L.grad = 1`.
    `names_backward` says that `backward_names` has one name that was given, not the usual ones.
    """

    data_names: tuple[str, ...]
    grad_names: tuple[str, ...]
    backward_names: tuple[str, ...]
    names_backward: bool
    seeds: tuple[str, ...]
    text: str


def find_hints(text: str, names: dict[str, str]) -> Hints:
    """The hints in a file's text. `names` has given names by part: {"grad": "gradient"}."""
    seeds = find_seeds(text)
    if names.get("seed") == CALLER:
        seeds = (*seeds, names.get("grad", "grad"))
    return Hints(
        data_names=(names["data"],) if "data" in names else DATA_NAMES,
        grad_names=(names["grad"],) if "grad" in names else GRAD_NAMES,
        backward_names=(names["backward"],) if "backward" in names else BACKWARD_NAMES,
        names_backward="backward" in names,
        seeds=seeds,
        text=text,
    )
