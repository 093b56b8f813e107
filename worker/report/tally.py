"""Which cases of a report count, and which failed: small enough to read for a whole class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from worker.report.model import CaseSummary, Summary
from worker.report.upgrade import upgrade_title

VERSION = 4


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failing case asks; see `CaseSummary`. `size` is for random graphs only."""

    topic: str
    graph_title: str
    size: float | None


@dataclass(frozen=True, slots=True)
class Tally:
    """The cases that count, by suite and id, in their order: None if the case passed.

    It has the suites that give points. A case that fails because of another broken rule says
    nothing of its own, so it is left out. `diagnoses` are the keys of the engine's misconceptions,
    and `titles` say the same in words. Engines without any that gave the same wrong numbers have
    the same `signature`.
    """

    suites: Mapping[str, Mapping[str, Failure | None]]
    diagnoses: tuple[str, ...] = ()
    signature: str = ""
    titles: tuple[str, ...] = ()

    @classmethod
    def of(cls, report: Summary) -> Self:
        """The tally of a report."""
        return cls(
            {
                suite.name: {
                    case.id: None if case.passed else _failure(case)
                    for case in suite.cases
                    if case.counts and not case.blocked_by
                }
                for suite in report.suites
                if suite.gives_points
            },
            diagnoses=tuple(one.misconception for one in report.diagnoses),
            signature="" if report.diagnoses else report.signature,
            titles=tuple(one.title for one in report.diagnoses),
        )

    def to_json(self) -> dict[str, Any]:
        """The tally as plain JSON values."""
        suites = {
            name: {
                case_id: failure and [failure.topic, failure.graph_title, failure.size]
                for case_id, failure in cases.items()
            }
            for name, cases in self.suites.items()
        }
        return {
            "version": VERSION,
            "suites": suites,
            "diagnoses": list(self.diagnoses),
            "signature": self.signature,
            "titles": list(self.titles),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The opposite of `to_json`, of any version. The first had titles and no version.

        The second had no diagnoses, and the third no titles.
        """
        is_first = not isinstance(stored.get("version"), int)
        read = _read_first if is_first else _read
        suites = stored if is_first else stored["suites"]
        return cls(
            {
                name: dict(cases)
                | {
                    case_id: read(case_id, failure)
                    for case_id, failure in cases.items()
                    if failure is not None
                }
                for name, cases in suites.items()
            },
            diagnoses=() if is_first else tuple(stored.get("diagnoses", ())),
            signature="" if is_first else stored.get("signature", ""),
            titles=() if is_first else tuple(stored.get("titles", ())),
        )


def _failure(case: CaseSummary) -> Failure:
    return Failure(case.topic, case.graph_title, None if case.point else case.size)


def _read(_: str, failure: list[Any]) -> Failure:
    return Failure(*failure)


def _read_first(case_id: str, title: str) -> Failure:
    fields = upgrade_title(title, has_point="@" in case_id)
    return Failure(fields["topic"], fields["graph_title"], fields["size"])
