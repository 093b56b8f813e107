"""The honest answers to a question of convention: `x.grad == 0 -> relu'(0) is 0.`"""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.report.model import Verdict
from worker.suites.cases import Answer, Expectation, Kind
from worker.suites.format.sections import Heading, Section

CONDITION = re.compile(r"(\w+)\.(data|grad) == (\S+)$")
REFUSALS = {"unsupported": Verdict.UNSUPPORTED, "error": Verdict.ERROR}
FORM = (
    "an answer is written as 'x.grad == 0 -> A sentence.', with conditions on numbers that are "
    "checked, or as 'unsupported -> A sentence.' or 'error -> A sentence.'"
)


def read_answers(
    section: Section, kind: Kind, expectations: Sequence[Expectation]
) -> tuple[Answer, ...]:
    """The answers of a case of convention; one of numbers may have some beside its numbers."""
    if kind is Kind.CONVENTION and not section.repeated:
        raise section.fault("a case of kind convention has answers")
    if kind not in (Kind.CONVENTION, Kind.NUMBERS) and section.repeated:
        raise section.fault(f"a case of kind {kind} has no answers")
    return tuple(_read_answer(section, heading, expectations) for heading in section.repeated)


def _read_answer(section: Section, heading: Heading, expectations: Sequence[Expectation]) -> Answer:
    conditions, _, sentence = (part.strip() for part in heading.text.partition("->"))
    if conditions in REFUSALS and sentence:
        return Answer(sentence=sentence, verdict=REFUSALS[conditions])
    places = {(due.name, due.quantity.value): place for place, due in enumerate(expectations)}
    due: list[tuple[int, float | None]] = []
    for condition in conditions.split(","):
        match = CONDITION.match(condition.strip())
        place = places.get((match[1], match[2])) if match else None
        if match is None or place is None or not sentence:
            raise section.fault(FORM, heading.line)
        try:
            due.append((place, None if match[3] == "None" else float(match[3])))
        except ValueError:
            raise section.fault(FORM, heading.line) from None
    return Answer(sentence=sentence, due=tuple(due))
