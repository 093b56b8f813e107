"""Makes a failing graph smaller for as long as it fails in the same way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from worker.grading.candidates import (
    Candidate,
    Due,
    Shown,
    compare_all,
    find_verdict,
    list_due,
    vary,
)
from worker.grading.diagnosis.diagnose import Findings
from worker.grading.diagnosis.prepared import Prepared
from worker.grading.diagnosis.search import agree
from worker.grading.diagnosis.simulate import simulate
from worker.grading.explain import Send
from worker.grading.parts import Part, list_smaller
from worker.grading.small_graphs import name_nodes
from worker.graph import Apply, Leaf
from worker.reference.engine import evaluate
from worker.report.model import Check, Verdict
from worker.suites.rules import find_rules

BATCH = 24  # parts that are asked together


@dataclass(slots=True, kw_only=True)
class Reduction:
    """The search for a small part of a failing graph. `asked` counts the questions so far.

    A part fails in the same way if it has the same verdict, still needs the rule that the first
    diagnosis is about, and if the diagnoses still predict its numbers.
    """

    send: Send
    start: Part
    verdict: Verdict
    due: Due
    findings: Findings
    asked: int = 0

    def find_smallest(self, most: int) -> Part | None:
        """Returns the smallest part found; None if none fails. Asks about `most` at most."""
        best, pending = None, list_smaller(self.start)
        seen = set[object]()
        while True:
            fresh = self._list_candidates(part for part in pending if part.steps not in seen)
            batch = list(islice(fresh, min(BATCH, most - self.asked)))
            if not batch:
                return best
            seen.update(part.steps for part, _ in batch)
            self.asked += len(batch)
            outcomes = self.send([candidate.question for _, candidate in batch])
            if not outcomes:  # the session has ended
                return best
            for (part, candidate), outcome in zip(batch, outcomes, strict=False):
                if self._fails(candidate, compare_all(candidate, outcome)):
                    best, pending = part, list_smaller(part)
                    break

    def choose_numbers(self, part: Part) -> Shown | None:
        """Returns a part with the simplest numbers with which it fails in the same way."""
        candidates = [
            candidate
            for candidate in vary(part.graph, self.verdict, self._find_due(part))
            if self._is_about_it(candidate) and not _is_at_a_kink(candidate)
        ]
        outcomes = self.send([candidate.question for candidate in candidates])
        for candidate, outcome in zip(candidates, outcomes, strict=False):
            checks = compare_all(candidate, outcome)
            if self._fails(candidate, checks):
                return candidate, checks
        return None

    def _list_candidates(self, parts: Iterator[Part]) -> Iterator[tuple[Part, Candidate]]:
        """The parts with answers, each with its graph under the numbers that it has."""
        for part in parts:
            own = {
                node: step.number for node, step in enumerate(part.steps) if isinstance(step, Leaf)
            }
            graph = name_nodes(part.graph, own)
            right = evaluate(graph)
            candidate = Candidate(
                graph=graph, right=right, verdict=self.verdict, due=self._find_due(part)
            )
            is_finite = all(map(math.isfinite, (*right.data, *right.grad)))
            if is_finite and self._is_about_it(candidate) and not _is_at_a_kink(candidate):
                yield part, candidate

    def _find_due(self, part: Part) -> Due:
        """The numbers that every engine has, and those that the whole graph's case reads."""
        own = list_due(part.graph, frozenset(range(len(part.steps))))
        read = {
            (node, quantity)
            for node, origin in enumerate(part.origins)
            for of, quantity in self.due
            if of == origin
        }
        return frozenset(own | read)

    def _is_about_it(self, candidate: Candidate) -> bool:
        """Whether a graph needs the rule of the first diagnosis, if the whole graph does."""
        if not self.findings.diagnoses:
            return True
        rule = self.findings.diagnoses[0].rule
        return rule in find_rules(candidate.graph) or rule not in find_rules(self.start.graph)

    def _fails(self, candidate: Candidate, checks: Sequence[Check]) -> bool:
        if find_verdict(candidate, checks) is not self.verdict:
            return False
        if self.findings.model is None:
            return True
        names = candidate.graph.names
        due = [one for one in checks if (names[one.node], one.quantity) in candidate.due]
        reads = [(names[one.node], one.quantity) for one in due]
        predicted = simulate(self.findings.model, Prepared(candidate.graph, reads))
        return predicted is not None and agree(predicted, tuple(one.actual for one in due))


def _is_at_a_kink(candidate: Candidate) -> bool:
    """Whether relu or abs is asked at 0, where more than one slope is right."""
    return any(
        candidate.right.data[operand] == 0
        for step in candidate.graph.nodes
        if isinstance(step, Apply) and step.operation in {"relu", "abs"}
        for operand in step.operands
        if isinstance(operand, int)
    )
