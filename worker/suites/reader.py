"""From the text of a suite's file to a suite that is fit to judge by.

# suite: rules                       # case: power
# title: The rules                   # title: Power rule: L = x ** 3
# version: 1                         # at: x=2 | x=-1.5
# about: Every rule of the table     # check: leaves
# weight: 10                         x = Value(x)
                                     L = x ** 3
                                     L.backward()
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from worker.graph import Leaf, Number, ProgramError, parse
from worker.report import Quantity, show
from worker.suites.cases import Case, Expectation, Suite
from worker.suites.oracles import Oracle, consult, contradicts, find_fault
from worker.suites.text import Heading, Section, split

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
Point = Mapping[str, Number]


def read_suite(text: str, file: str) -> Suite:
    """The suite that a file's text spells, with its expected numbers.

    Raises SuiteError, with file, case and line, where it is not fit to judge by.
    """
    head, sections = split(text, file)
    suite = Suite(
        name=head.need("suite"),
        title=head.need("title"),
        about=head.need("about"),
        version=head.need("version"),
        weight=_read_weight(head),
        cases=tuple(case for section in sections for case in _read_cases(section)),
    )
    if not sections:
        raise head.fault("the suite has no cases")
    ids = [section.need("case") for section in sections]
    for index, section in enumerate(sections):
        if ids[index] in ids[:index]:
            raise section.fault("there is another case of this id")
    return suite


def _read_weight(head: Section) -> float:
    try:
        weight = float(head.need("weight"))
    except ValueError:
        weight = math.nan
    if not 0 <= weight < math.inf:
        raise head.fault("the weight is a number of points", head.headings["weight"].line)
    return weight


def _read_cases(section: Section) -> list[Case]:
    """One case, or one for each point."""
    base, title = section.need("case"), section.need("title")
    if not ID.match(base):
        raise section.fault("an id is of small letters, digits and single hyphens")
    if "at" not in section.headings:
        return [_read_case(section, base, title, {})]
    return [
        _read_case(section, f"{base}@{number}", f"{title}, at {_spell(point)}", point)
        for number, point in enumerate(_read_points(section), start=1)
    ]


def _read_points(section: Section) -> list[Point]:
    """`x1=3, x2=-4 | x1=0.5, x2=2`"""
    return [_read_point(section, text) for text in section.need("at").split("|")]


def _read_point(section: Section, text: str) -> Point:
    point: dict[str, Number] = {}
    for part in text.split(","):
        name, _, number = (piece.strip() for piece in part.partition("="))
        try:
            value: Number = float(number) if re.search(r"[.en]", number) else int(number)
        except ValueError:
            name = ""
        if not name.isidentifier() or name in point:
            reason = "points are written as 'x1=3, x2=-4 | x1=0.5, x2=2'"
            raise section.fault(reason, section.headings["at"].line)
        point[name] = value
    return point


def _spell(point: Point) -> str:
    return ", ".join(f"{name} = {show(number)}" for name, number in point.items())


def _read_case(section: Section, case_id: str, title: str, point: Point) -> Case:
    try:
        graph = parse(section.program, constants=point)
    except ProgramError as error:
        line = section.program_line + error.line - 1
        raise section.fault(f"{title}: {error.reason}", line) from None
    oracle = consult(graph)
    if fault := find_fault(oracle):
        raise section.fault(f"{title}: no engine can be judged by this: {fault}")
    for assertion in graph.assertions:
        if reason := contradicts(oracle, assertion):
            raise section.fault(reason, section.program_line + assertion.line - 1)
    return Case(id=case_id, title=title, graph=graph, expectations=_expect(section, oracle))


def _expect(section: Section, oracle: Oracle) -> tuple[Expectation, ...]:
    """What the `check` heading asks for; the numbers of a node in the order of making."""
    names = oracle.graph.names
    heading = section.headings.get("check", Heading(text="leaves", line=section.line))
    leaves = {name for name, node in names.items() if isinstance(oracle.graph.nodes[node], Leaf)}
    if heading.text == "leaves":
        data, grad = set(names), leaves
    elif heading.text == "inner":
        data = grad = set(names) - leaves
    else:
        data = grad = {name.strip() for name in heading.text.split(",")}
    if not grad or not data <= set(names):
        reason = "check is 'leaves', 'inner' or names of the program, and finds one at least"
        raise section.fault(reason, heading.line)
    wanted = ((Quantity.DATA, data), (Quantity.GRAD, grad))
    return tuple(
        oracle.expect(name, node, quantity)
        for name, node in sorted(names.items(), key=lambda item: item[1])
        for quantity, chosen in wanted
        if name in chosen
    )
