"""From a case's headings and program to a case with its expected numbers."""

from __future__ import annotations

from worker.graph import Apply, Graph, ProgramError, Update, parse
from worker.reference.gradient_check import Probe, perturb
from worker.report.model import Quantity, show_point
from worker.suites.cases import Case, Expectation, Kind
from worker.suites.format.answers import read_answers
from worker.suites.format.points import Point
from worker.suites.format.sections import Heading, Section
from worker.suites.rules import NAMES, find_rules, find_shapes
from worker.suites.validation import Oracle, consult, contradicts, find_disagreement, find_fault


def read_case(section: Section, case_id: str, point: Point, verify: bool) -> Case:
    """The case at a point. Raises SuiteError where no engine could be judged by it."""
    graph_title = section.need("title")
    title = f"{graph_title}, at {show_point(point)}" if point else graph_title
    try:
        graph = parse(section.program, constants=point)
    except ProgramError as error:
        line = section.program_line + error.line - 1
        raise section.fault(f"{title}: {error.reason}", line) from None
    kind, oracle = _read_kind(section), consult(graph)
    if kind is not Kind.CONVENTION:
        fault = find_fault(oracle) or (find_disagreement(oracle) if verify else None)
        if fault:
            raise section.fault(f"{title}: no engine can be judged by this: {fault}")
    for assertion in graph.assertions:
        if reason := contradicts(oracle, assertion):
            raise section.fault(reason, section.program_line + assertion.line - 1)
    establishes, rules = _read_rule(section), find_rules(graph)
    if establishes is not None and establishes not in rules:
        raise section.fault(f"its graph does not need the rule {establishes!r}")
    probe = _probe(section, graph, title) if kind is Kind.GRADIENT_CHECK else None
    expectations = _expect(section, oracle) if probe is None else _expect_of(probe, oracle)
    return Case(
        id=case_id,
        title=title,
        graph_id=section.need("case"),
        graph_title=graph_title,
        topic=_read_topic(section),
        point=point,
        size=_read_size(section, kind, point),
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
    """Whether an engine can be judged by a program that we have drawn ourselves.

    Equal numbers in it would try an engine that merges them, by luck, for what `reuse` asks.
    """
    oracle = consult(parse(program))
    numbers = oracle.evaluation.data
    return len(set(numbers)) == len(numbers) and find_fault(oracle) is None


def _probe(section: Section, graph: Graph, title: str) -> Probe:
    """What asks for the gradients of leaves, which are all that differences tell."""
    if "check" in section.headings:
        reason = "a gradient check is of the leaves, without '# check:'"
        raise section.fault(reason, section.headings["check"].line)
    if any(isinstance(step, Update) for step in graph.nodes):
        raise section.fault(f"{title}: a gradient check has no step of gradient descent")
    probe = perturb(graph)
    if not probe.pairs:
        raise section.fault(f"{title}: differences tell no gradient here")
    return probe


def _read_kind(section: Section) -> Kind:
    heading = section.headings.get("kind", Heading(text=Kind.NUMBERS, line=section.line))
    if heading.text not in list(Kind):
        raise section.fault(f"kind is one of {', '.join(Kind)}", heading.line)
    return Kind(heading.text)


def _read_topic(section: Section) -> str:
    """What the case asks. A title is `topic: graph`, or the topic alone."""
    heading = section.headings.get("topic")
    return heading.text if heading else section.need("title").partition(":")[0]


def _read_size(section: Section, kind: Kind, point: Point) -> float | None:
    """The nodes of a random graph, or the last number of a point where growth is measured."""
    if "size" in section.headings:
        return int(section.headings["size"].text)
    return list(point.values())[-1] if kind is Kind.GROWTH and point else None


def _read_rule(section: Section) -> str | None:
    heading = section.headings.get("rule")
    if heading is None:
        return None
    if heading.text not in NAMES:
        raise section.fault(f"rule is one of {', '.join(sorted(NAMES))}", heading.line)
    return heading.text


def _expect(section: Section, oracle: Oracle) -> tuple[Expectation, ...]:
    """What the `check` heading asks for; the numbers of a node in the order of making."""
    names, nodes = oracle.graph.names, oracle.graph.nodes
    heading = section.headings.get("check", Heading(text="leaves", line=section.line))
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


def _expect_of(probe: Probe, oracle: Oracle) -> tuple[Expectation, ...]:
    """The gradients of the leaves that a probe can tell."""
    names = {node: name for name, node in oracle.graph.names.items()}
    return tuple(
        oracle.expect(names.get(leaf, f"leaf {leaf}"), leaf, Quantity.GRAD) for leaf in probe.pairs
    )
