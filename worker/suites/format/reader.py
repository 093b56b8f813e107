"""Reads the text of a suite's file and returns the suite.

# suite: rules                       # case: power
# title: The rules                   # title: Power rule: L = x ** 3
# version: 1                         # rule: power
# about: Every rule of the table     # at: x=2 | x=-1.5
# weight: 10                         # check: leaves
# order: 20                          x = Value(x)
                                     L = x ** 3
                                     L.backward()
"""

from __future__ import annotations

import math
import re

from worker.suites.cases import Case, Outline, Suite
from worker.suites.format.forms import expand
from worker.suites.format.points import read_points
from worker.suites.format.programs import is_fit, read_case
from worker.suites.format.sections import Heading, Section, read_head, split
from worker.suites.random_graphs import Plan, generate_programs, parse_plan

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
ORDER = re.compile(r"[0-9]{1,6}$")


def read_suite(text: str, file: str, *, seed: int = 0, verify: bool = True) -> Suite:
    """Returns the suite of a file's text, with its expected numbers.

    `seed` chooses the graphs of a suite of random graphs. `verify` confirms the reference engine
    by central differences, which takes most of the time. Raises SuiteError, with file, case and
    line, if the suite can't be used to grade an engine.
    """
    outline = read_outline(text, file)
    head, sections = split(text, file)
    sections = [one for section in sections for one in expand(section)]
    if "random" in head.headings:
        sections = generate_sections(head, seed)
    cases = tuple(case for section in sections for case in read_cases(section, verify))
    if not sections:
        raise head.fault("the suite has no cases")
    ids = [section.need("case") for section in sections]
    for index, section in enumerate(sections):
        if ids[index] in ids[:index]:
            raise section.fault("there is another case of this id")
    return Suite(
        name=outline.name,
        title=outline.title,
        about=outline.about,
        version=outline.version,
        weight=outline.weight,
        cases=cases,
        random="random" in head.headings,
    )


def read_outline(text: str, file: str) -> Outline:
    """Returns what the file says about its suite, without reading any program.

    Raises SuiteError for an error in the headings.
    """
    head, sections = split(text, file)
    name, order = read_position(text, file)
    if "random" in head.headings:
        if sections:
            raise sections[0].fault("a suite of random graphs has no cases of its own")
        cases = read_plan(head).graphs
    else:
        filled = (one for section in sections for one in expand(section))
        cases = sum(len(read_points(one)) if "at" in one.headings else 1 for one in filled)
    title, about, version = head.need("title"), head.need("about"), head.need("version")
    try:
        weight = float(head.need("weight"))
    except ValueError:
        weight = math.nan
    if not 0 <= weight < math.inf:
        raise head.fault("the weight is a number of points", head.headings["weight"].line)
    return Outline(
        name=name,
        title=title,
        about=about,
        version=version,
        weight=weight,
        order=order,
        cases=cases,
    )


def read_position(text: str, file: str) -> tuple[str, float]:
    """Returns the suite's name and its position in lists, from the head of the file alone.

    A suite without a position comes last.
    """
    head = read_head(text, file)
    heading = head.headings.get("order")
    if heading is None:
        return head.need("suite"), math.inf
    if not ORDER.match(heading.text):
        raise head.fault("order is a whole number, the suite's position in lists", heading.line)
    return head.need("suite"), int(heading.text)


def read_plan(head: Section) -> Plan:
    """Returns how many random graphs of which sizes the suite has."""
    plan = parse_plan(head.need("random"))
    if plan is None:
        reason = "random is written as '12 graphs of 3 to 60 nodes'"
        raise head.fault(reason, head.headings["random"].line)
    return plan


def generate_sections(head: Section, seed: int) -> list[Section]:
    """Returns a section for each random graph, as if the file had it."""
    line = head.headings["random"].line
    programs = generate_programs(read_plan(head), f"{head.need('version')}:{seed}", is_fit)
    return [
        Section(
            file=head.file,
            line=line,
            headings={
                "case": Heading(text=f"graph-{number}", line=line),
                "title": Heading(text=f"{program.topic} of {program.size} nodes", line=line),
                "topic": Heading(text=program.topic, line=line),
                "size": Heading(text=str(program.size), line=line),
            },
            repeated=[],
            program=program.text,
            program_line=line,
        )
        for number, program in enumerate(programs, start=1)
    ]


def read_cases(section: Section, verify: bool) -> list[Case]:
    """Returns the section's case, or its cases if it has several points."""
    base = section.need("case")
    if not ID.match(base):
        raise section.fault("an id is of small letters, digits and single hyphens")
    if "at" not in section.headings:
        return [read_case(section, base, {}, verify)]
    return [
        read_case(section, f"{base}@{number}", point, verify)
        for number, point in enumerate(read_points(section), start=1)
    ]
