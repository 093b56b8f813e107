"""Reads the accepted answers of a case: `x.grad == 0 -> relu'(0) is 0.`"""

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
    """Returns the accepted answers of a case.

    A case of kind convention needs answers. A case of kind numbers may have some as well.
    """
    if kind is Kind.CONVENTION and not section.repeated:
        raise section.fault("a case of kind convention has answers")
    if kind not in (Kind.CONVENTION, Kind.NUMBERS) and section.repeated:
        raise section.fault(f"a case of kind {kind} has no answers")
    return tuple(read_answer(section, heading, expectations) for heading in section.repeated)


def read_answer(section: Section, heading: Heading, expectations: Sequence[Expectation]) -> Answer:
    """Returns one answer: its conditions on the expected numbers, and its sentence."""
    conditions, _, sentence = (part.strip() for part in heading.text.partition("->"))
    if conditions in REFUSALS and sentence:
        return Answer(sentence=sentence, verdict=REFUSALS[conditions])
    positions = {(due.name, due.quantity.value): index for index, due in enumerate(expectations)}
    due: list[tuple[int, float | None]] = []
    for condition in conditions.split(","):
        match = CONDITION.match(condition.strip())
        position = positions.get((match[1], match[2])) if match else None
        if match is None or position is None or not sentence:
            raise section.fault(FORM, heading.line)
        try:
            due.append((position, None if match[3] == "None" else float(match[3])))
        except ValueError:
            raise section.fault(FORM, heading.line) from None
    return Answer(sentence=sentence, due=tuple(due))
