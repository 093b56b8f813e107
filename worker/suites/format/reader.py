"""From the text of a suite's file to a suite that is fit to judge by.

# suite: rules                       # case: power
# title: The rules                   # title: Power rule: L = x ** 3
# version: 1                         # rule: power
# about: Every rule of the table     # at: x=2 | x=-1.5
# weight: 10                         # check: leaves
                                     x = Value(x)
                                     L = x ** 3
                                     L.backward()
"""

from __future__ import annotations

import math
import re

from worker.suites.cases import Case, Outline, Suite
from worker.suites.format.points import read_points
from worker.suites.format.programs import is_fit, read_case
from worker.suites.format.sections import Heading, Section, split
from worker.suites.random_graphs import Draw, draw_programs, read_draw

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
ORDER = re.compile(r"[0-9]{1,6}$")


def read_suite(text: str, file: str, *, seed: int = 0, verify: bool = True) -> Suite:
    """The suite that a file's text spells, with its expected numbers.

    `seed` draws the graphs of a suite that leaves them to chance. `verify` has central differences
    confirm the reference engine, which takes most of the time. Raises SuiteError, with file, case
    and line, where the suite is not fit to judge by.
    """
    outline = read_outline(text, file)
    head, sections = split(text, file)
    if "draw" in head.headings:
        sections = _draw_sections(head, sections, seed)
    cases = tuple(case for section in sections for case in _read_cases(section, verify))
    suite = Suite(
        name=outline.name,
        title=outline.title,
        about=outline.about,
        version=outline.version,
        weight=outline.weight,
        cases=cases,
        twice=_read_twice(head),
        drawn="draw" in head.headings,
    )
    if not sections:
        raise head.fault("the suite has no cases")
    ids = [section.need("case") for section in sections]
    for index, section in enumerate(sections):
        if ids[index] in ids[:index]:
            raise section.fault("there is another case of this id")
    return suite


def read_outline(text: str, file: str) -> Outline:
    """What the file says of its suite, without looking at any program; raises SuiteError."""
    head, sections = split(text, file)
    drawn = _read_order(head, sections).graphs if "draw" in head.headings else 0
    return Outline(
        name=head.need("suite"),
        title=head.need("title"),
        about=head.need("about"),
        version=head.need("version"),
        weight=_read_weight(head),
        order=_read_position(head),
        cases=drawn
        + sum(len(read_points(section)) if "at" in section.headings else 1 for section in sections),
    )


def _read_order(head: Section, sections: list[Section]) -> Draw:
    """How many graphs of which sizes the suite draws."""
    if sections:
        raise sections[0].fault("a suite that draws its graphs has no cases of its own")
    order = read_draw(head.need("draw"))
    if order is None:
        reason = "draw is written as '12 graphs of 3 to 60 nodes'"
        raise head.fault(reason, head.headings["draw"].line)
    return order


def _draw_sections(head: Section, sections: list[Section], seed: int) -> list[Section]:
    """A section for each program drawn, as if the file had it."""
    order, heading = _read_order(head, sections), head.headings["draw"]

    def note(text: str) -> Heading:
        return Heading(text=text, line=heading.line)

    return [
        Section(
            file=head.file,
            line=heading.line,
            headings={
                "case": note(f"graph-{number}"),
                "title": note(f"{drawn.topic} of {drawn.size} nodes"),
                "topic": note(drawn.topic),
                "size": note(str(drawn.size)),
            },
            repeated=[],
            program=drawn.program,
            program_line=heading.line,
        )
        for number, drawn in enumerate(
            draw_programs(order, f"{head.need('version')}:{seed}", is_fit), start=1
        )
    ]


def _read_weight(head: Section) -> float:
    try:
        weight = float(head.need("weight"))
    except ValueError:
        weight = math.nan
    if not 0 <= weight < math.inf:
        raise head.fault("the weight is a number of points", head.headings["weight"].line)
    return weight


def _read_position(head: Section) -> float:
    """The suite's position among all suites; without one it comes last."""
    heading = head.headings.get("order")
    if heading is None:
        return math.inf
    if not ORDER.match(heading.text):
        raise head.fault("order is a whole number, the suite's position in lists", heading.line)
    return int(heading.text)


def _read_twice(head: Section) -> bool:
    heading = head.headings.get("twice")
    if heading is not None and heading.text != "yes":
        raise head.fault("twice is 'yes', or not there", heading.line)
    return heading is not None


def _read_cases(section: Section, verify: bool) -> list[Case]:
    """One case, or one for each point."""
    graph_id = section.need("case")
    if not ID.match(graph_id):
        raise section.fault("an id is of small letters, digits and single hyphens")
    if "at" not in section.headings:
        return [read_case(section, graph_id, {}, verify)]
    return [
        read_case(section, f"{graph_id}@{number}", point, verify)
        for number, point in enumerate(read_points(section), start=1)
    ]
