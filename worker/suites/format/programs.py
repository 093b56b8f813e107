"""Turns a case's headings and program into a case with its expected numbers."""

from __future__ import annotations

from collections.abc import Sequence

from worker.graph import Apply, Graph, ProgramError, Update, parse
from worker.reference.floats import IN_SINGLE
from worker.reference.gradient_check import Probe, perturb
from worker.report.model import Quantity
from worker.report.numbers import show_point
from worker.suites.cases import Case, Expectation, Kind
from worker.suites.coincidences import find_coincidences
from worker.suites.format.answers import read_answers
from worker.suites.format.points import Point
from worker.suites.format.sections import Heading, Section
from worker.suites.rules import EQUAL, RULES_IN_ORDER, find_rules, find_shapes
from worker.suites.validation import (
    Oracle,
    consult,
    contradicts,
    find_disagreement,
    find_fault,
    is_sharp,
)


def read_case(section: Section, case_id: str, point: Point, verify: bool) -> Case:
    """Returns the case at a point. Raises SuiteError if the case can't test an engine."""
    graph_title = section.need("title")
    title = f"{graph_title}, at {show_point(point)}" if point else graph_title
    try:
        graph = parse(section.program, constants=point)
    except ProgramError as error:
        line = section.program_line + error.line - 1
        raise section.fault(f"{title}: {error.reason}", line) from None
    kind, oracle = Kind(read_choice(section, "kind", list(Kind), Kind.NUMBERS)), consult(graph)
    if kind is not Kind.CONVENTION:
        fault = find_fault(oracle) or (find_disagreement(oracle) if verify else None)
        if fault:
            raise section.fault(f"{title}: this can't test an engine: {fault}")
    for assertion in graph.assertions:
        if reason := contradicts(oracle, assertion):
            raise section.fault(reason, section.program_line + assertion.line - 1)
    establishes = read_choice(section, "rule", RULES_IN_ORDER) or None
    rules = find_rules(graph)
    equal = list(find_coincidences(graph, oracle.evaluation.data))
    if equal and graph.outputs:
        rules |= {EQUAL}
    if kind in {Kind.NUMBERS, Kind.GRADIENT_CHECK} and establishes != EQUAL and verify:
        accidental = next((one.text for one in equal if not one.is_inherent), None)
        if accidental and not read_choice(section, "equal", ["yes"]):
            reason = f"{title}: {accidental}; let them differ, or say '# equal: yes'"
            raise section.fault(reason)
    if establishes is not None and establishes not in rules:
        raise section.fault(f"its graph does not need the rule {establishes!r}")
    if kind is Kind.GRADIENT_CHECK:
        probe = build_probe(section, graph, title)
        names = {node: name for name, node in graph.names.items()}
        expectations = (
            *(oracle.expect(names.get(n, f"leaf {n}"), n, Quantity.GRAD) for n in probe.pairs),
            *(oracle.expect(names.get(n, f"node {n}"), n, Quantity.DATA) for n in graph.outputs),
        )
    else:
        probe, expectations = None, read_expectations(section, oracle)
    topic = section.headings.get("topic")  # a title is `topic: graph`, or the topic alone
    return Case(
        id=case_id,
        title=title,
        graph_id=section.need("case"),
        graph_title=graph_title,
        topic=topic.text if topic else graph_title.partition(":")[0],
        point=point,
        size=find_size(section, kind, point),
        graph=graph,
        expectations=expectations,
        kind=kind,
        establishes=establishes,
        needs=rules - {establishes},
        shapes=find_shapes(graph),
        answers=read_answers(section, kind, expectations),
        probe=probe,
    )


def is_fit(program: str) -> bool:
    """Whether a random program can test an engine.

    All its numbers must differ. An engine that merges equal nodes would otherwise fail by chance.
    And single precision must leave two digits of each. A wrong engine would otherwise pass by it.
    """
    graph = parse(program)
    oracle = consult(graph)
    equal = find_coincidences(graph, oracle.evaluation.data)
    return not any(equal) and find_fault(oracle) is None and is_sharp(consult(graph, IN_SINGLE))


def read_choice(section: Section, key: str, choices: Sequence[str], default: str = "") -> str:
    """Returns the text of an optional heading, which must be one of the choices."""
    heading = section.headings.get(key)
    if heading is None:
        return default
    if heading.text not in choices:
        raise section.fault(f"{key} is one of {', '.join(choices)}", heading.line)
    return heading.text


def build_probe(section: Section, graph: Graph, title: str) -> Probe:
    """Returns the probe of a gradient check, which gives the gradients of leaves only."""
    if "check" in section.headings:
        reason = "a gradient check is of the leaves, without '# check:'"
        raise section.fault(reason, section.headings["check"].line)
    if any(isinstance(step, Update) for step in graph.nodes):
        raise section.fault(f"{title}: a gradient check has no step of gradient descent")
    probe = perturb(graph)
    if not probe.pairs:
        raise section.fault(f"{title}: central differences give no gradient here")
    return probe


def find_size(section: Section, kind: Kind, point: Point) -> float | None:
    """Returns the nodes of a random graph, or the last number of a point in a growth case."""
    if "size" in section.headings:
        return int(section.headings["size"].text)
    return list(point.values())[-1] if kind is Kind.GROWTH and point else None


def read_expectations(section: Section, oracle: Oracle) -> tuple[Expectation, ...]:
    """Returns the expected numbers that the `check` heading asks for, in the order of the nodes.

    Without backward these are the values of all named nodes.
    """
    names, nodes = oracle.graph.names, oracle.graph.nodes
    heading = section.headings.get("check", Heading(text="leaves", line=section.line))
    if not oracle.graph.outputs:
        if "check" in section.headings:
            reason = "the program never calls backward, so '# check:' has no choice but the values"
            raise section.fault(reason, heading.line)
        return tuple(
            oracle.expect(name, node, Quantity.DATA)
            for name, node in sorted(names.items(), key=lambda item: item[1])
        )
    if heading.text == "outputs":
        return tuple(
            oracle.expect(f"output {number}", node, Quantity.DATA)
            for number, node in enumerate(oracle.graph.outputs, start=1)
        )
    leaves = {name for name, node in names.items() if not isinstance(nodes[node], Apply)}
    if heading.text == "leaves":
        data, grad = set(names), leaves
    elif heading.text == "inner":
        data = grad = set(names) - leaves
    else:
        data = grad = {name.strip() for name in heading.text.split(",")}
    if not grad or not data <= set(names):
        reason = "check is 'leaves', 'inner', 'outputs' or names of the program, one at least"
        raise section.fault(reason, heading.line)
    wanted = ((Quantity.DATA, data), (Quantity.GRAD, grad))
    return tuple(
        oracle.expect(name, node, quantity)
        for name, node in sorted(names.items(), key=lambda item: item[1])
        for quantity, chosen in wanted
        if name in chosen
    )
