"""Writes the programs of a report with the names of the student's engine, so that they run with it.

Checks and messages keep the usual names: `x.grad` is the gradient of `x`, whatever it is called. A
program with a part that isn't just a name or a call begins with a comment that says so.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from keyword import iskeyword

from worker.grading.spelling.calls import Rewriter, rename, write_leaves
from worker.grading.spelling.parts import (
    BACKWARD,
    CLASS,
    ROOT,
    describe_parts,
    find_spellings,
    find_used,
)
from worker.grading.spelling.results import Results, spell_results
from worker.report.model import ADAPT, CaseReport, Interface, SuiteReport, Verdict

OTHER_LEAVES = "leaves need other arguments"
MOST_SPELLERS, MOST_REPORTS = 16, 1000  # that are kept; a course has few styles of names

_root = re.compile(rf"\b{ROOT}\b")
_all_parts = re.compile(
    r"\bValue\(|\.data\b|(?<![\w\[\]])([\w\[\]]++)\.grad\b|^( *)([\w\[\]]++)\.backward\(\)",
    re.MULTILINE,
)
_object = re.compile(r"\b(?!(?:set|dict)\()([A-Za-z_]\w*)\(\)", re.ASCII)  # such as Tape()
_parts = re.compile(r"\bValue\(|\.(?:data|grad)\b")
_backward = re.compile(r"^( *)([\w\[\]]+)\.backward\(\)", re.MULTILINE)


def respell(suites: Sequence[SuiteReport], interface: Interface | None) -> tuple[SuiteReport, ...]:
    """Returns the suites with programs in the names of an engine."""
    if interface is None or _is_usual(interface):
        return tuple(suites)
    speller = _find_speller(interface)
    return tuple(
        dataclasses.replace(suite, cases=tuple(map(speller.respell_case, suite.cases)))
        for suite in suites
    )


def respell_program(program: str, interface: Interface) -> str:
    """Returns a program in the names of an engine."""
    return program if _is_usual(interface) else _Speller(interface).respell(program)


def _find_speller(interface: Interface) -> _Speller:
    """Returns the speller of these names, with the programs that it has written before."""
    key = repr(dataclasses.replace(interface, warning="", notes=()))
    speller = _spellers.pop(key, None) or _Speller(interface)
    _spellers[key] = speller
    if len(_spellers) > MOST_SPELLERS:
        del _spellers[next(iter(_spellers))]
    return speller


def _is_usual(interface: Interface) -> bool:
    """Whether an engine has the usual names."""
    is_usual = interface.leaf is None and not interface.adapt and not interface.functions
    spellings = find_spellings(interface).items()
    is_usual = is_usual and not interface.taken
    return is_usual and all(spelled in (part, f"{ROOT}{part}") for part, spelled in spellings)


class _Speller:
    """Writes programs in the names of an engine. A comment says which parts it can't write."""

    def __init__(self, interface: Interface) -> None:
        self._interface = interface
        spellings, self._reasons = find_spellings(interface), describe_parts(interface)
        self._backward = spellings.pop(BACKWARD)
        self._spellings = spellings
        self._is_usual = all(spelled == part for part, spelled in spellings.items())
        written = [interface.leaf or "", *interface.functions.values()]
        self._is_simple = _are_apart(spellings) and not any(map(_parts.search, written))
        self._results = spell_results(interface)
        leaf = interface.leaf or "{}"
        self._leaf = leaf if interface.class_name is None else f"{CLASS}{leaf})"
        self._taken = list(dict.fromkeys((*interface.taken, *find_used(interface))))
        self._rewriter = Rewriter(interface.functions)
        self._missing: dict[str, None] = {}
        self._outputs: set[str] = set()
        self._reports: dict[int, tuple[CaseReport, CaseReport]] = {}  # by id: usual, respelled

    def respell_case(self, case: CaseReport) -> CaseReport:
        """Returns the report of a case with its program in the names of the engine.

        Most cases have passed, with the same report each time, so reports are kept.
        """
        kept = self._reports.get(id(case))
        if kept is not None:
            return kept[1]
        program = self.respell(case.program)
        written = case if program == case.program else dataclasses.replace(case, program=program)
        if case.verdict is Verdict.PASSED:
            if len(self._reports) >= MOST_REPORTS:
                self._reports.clear()
            self._reports[id(case)] = case, written
        return written

    def respell(self, program: str) -> str:
        """Returns a program in the names of the engine."""
        engine = self._interface
        self._missing = {engine.adapt: None} if engine.adapt else {}
        text = rename(program, self._taken) if self._taken else program
        if engine.functions:
            text = self._rewriter.write(text)
            unwritten = self._rewriter.unwritten
            names = (f"{name}()" if name.isidentifier() else name for name in unwritten)
            self._missing |= dict.fromkeys(f"{name} is called in another way" for name in names)
        text = text if engine.leaf is None else self._write_leaves(text)
        if results := self._find_results(text):
            text = self._write_results(results, text)
        else:
            text = text if self._is_usual else self._replace_parts(text)
            if self._backward != f"{ROOT}{BACKWARD}":
                text = _backward.sub(self._replace_backward, text)
        if not self._missing:
            return text
        # A student's process could forge these texts. No line may end within the comment.
        shown = filter(str.isprintable, self._missing)
        because = ", ".join(shown)
        reasons = because and f" ({because})"
        return f"{ADAPT}{reasons}, so adapt these lines.\n{text}"

    def _write_leaves(self, program: str) -> str:
        """The program with other leaves. If they belong to objects, each graph needs its own."""
        leaf, lines = self._leaf, ""
        if _object.search(leaf) and len(_backward.findall(program)) > 1:
            self._missing[OTHER_LEAVES] = None
            return program
        while made := _object.search(leaf):
            name = made[1].lower()
            while iskeyword(name) or not self._is_free(name, lines + program):
                name += "_"
            lines += f"{name} = {made[0]}\n"
            leaf = leaf[: made.start()] + name + leaf[made.end() :]
        return lines + write_leaves(program, leaf)

    def _find_results(self, program: str) -> Results | None:
        """How the gradients of a program are found; None if it can't be written."""
        results, runs = self._results, _backward.findall(program)
        self._outputs = {root for _, root in runs}
        if results is not None and [indent for indent, _ in runs] != [""]:
            results = results.of_many
            reads_output = any(f"{output}.grad" in program for output in self._outputs)
            if results is not None and results.without_root and (reads_output or not runs):
                return None
        if results is None:
            return None
        is_free = all(self._is_free(name, program) for name in results.variables)
        return results if is_free else None

    def _is_free(self, name: str, program: str) -> bool:
        """Whether a program may use a name for a variable of its own."""
        return name not in self._taken and not re.search(rf"\b{name}\b", program)

    def _write_results(self, results: Results, program: str) -> str:
        def replace(match: re.Match[str]) -> str:
            if node := match[1]:
                written = results.gradient.replace("{}", node)
                by_default = results.without_root and node in self._outputs
                return f"{written[:-1]}, 1.0)" if by_default else written
            if match[3]:
                return match[2] + _root.sub(match[3], results.backward)
            return self._replace(match)

        text = _all_parts.sub(replace, program)
        return f"{results.first}\n{text}" if results.first else text

    def _replace_parts(self, program: str) -> str:
        if not self._is_simple:
            return _parts.sub(self._replace, program)
        for part, spelled in self._spellings.items():  # in a fifth of the time
            program = program.replace(part, spelled or part)
        return program

    def _replace(self, match: re.Match[str]) -> str:
        return self._spell(match[0], self._spellings[match[0]]) or match[0]

    def _replace_backward(self, match: re.Match[str]) -> str:
        spelled = self._spell(BACKWARD, self._backward)
        return match[1] + _root.sub(match[2], spelled) if spelled else match[0]

    def _spell(self, part: str, spelled: str | None) -> str | None:
        if spelled is None:
            self._missing[self._reasons[part]] = None
        return spelled


_spellers: dict[str, _Speller] = {}  # by names, the last used one at the end


def _are_apart(spellings: Mapping[str, str | None]) -> bool:
    """Whether parts can be replaced one after the other: no new name has another part in it."""
    return all(
        spelled is not None and not any(part in spelled for part in spellings if part != own)
        for own, spelled in spellings.items()
    )
