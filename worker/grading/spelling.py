"""Writes the programs of a report with the names of the student's engine, so that they run with it.

Checks and messages keep the usual names: `x.grad` is the gradient of `x`, whatever it is called. A
program with a part that isn't just a name or a call begins with a comment that says so.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Mapping, Sequence

from worker.report.model import ADAPT, CaseReport, Interface, SuiteReport, Verdict

ROOT = "root"  # the output, where a way to run backward takes it as an argument
GET = "gradients.get("
LABEL = "'x1'"  # each leaf has another one
MOST_SPELLERS, MOST_REPORTS = 16, 1000  # that are kept; a course has few styles of names
MOST_LINES = 5000  # that are kept for each style; each random graph brings new ones
CLASS, DATA, GRAD, BACKWARD = "Value(", ".data", ".grad", ".backward()"

_call = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*)\((.*)\)")
_root = re.compile(rf"\b{ROOT}\b")
_leaf = re.compile(r"\bValue\(")
_assignment = re.compile(r"^([ ]*)([\w\[\]]+) \S{0,2}= ", re.MULTILINE)
_all_parts = re.compile(
    r"\bValue\(|\.data\b|(?<![\w\[\]])([\w\[\]]++)\.grad\b|^([\w\[\]]++)\.backward\(\)",
    re.MULTILINE,
)
_returned = re.compile(r"returned \(by (\.?[A-Za-z_]\w*)(\(node\))?\)", re.ASCII)
_asked = re.compile(
    r"(?:leaf\.[A-Za-z_]\w*\(root\)|root\.[A-Za-z_]\w*\(leaf\)"
    r"|[A-Za-z_]\w*\((?:root, leaf|leaf, root|root, \[leaf\])\))",
    re.ASCII,
)
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
        self._rewriter = _Rewriter(interface.functions)
        self._gradients: dict[str, str] = {}  # by node
        self._missing: dict[str, None] = {}
        self._output = ""
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
        text = rename(program, engine.taken) if engine.taken else program
        if engine.functions:
            text = self._rewriter.write(text)
            unwritten = self._rewriter.unwritten
            self._missing |= dict.fromkeys(f"{n}() is called in another way" for n in unwritten)
        text = text if engine.leaf is None else write_leaves(text, engine.leaf)
        if self._results is not None and self._can_write_results(text):
            text = _all_parts.sub(self._replace_all, text)
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

    def _can_write_results(self, program: str) -> bool:
        """Whether one backward alone, outside of loops, gives all gradients of a program."""
        runs, engine = _backward.findall(program), self._interface
        self._output = runs[-1][1] if runs else ""
        name = self._results[0].partition(" ")[0] if self._results else ""
        is_free = name not in engine.taken and not re.search(rf"\b{name}\b", program)
        return is_free and [indent for indent, _ in runs] == [""]

    def _replace_all(self, match: re.Match[str]) -> str:
        assert self._results is not None
        backward, gradient = self._results
        if node := match[1]:
            written = self._gradients.get(node)
            if written is None:
                written = self._gradients[node] = gradient.replace("{}", node)
            # A dictionary without the output means that its gradient is 1.
            of_output = node == self._output and written.startswith(GET)
            return f"{written[:-1]}, 1.0)" if of_output else written
        return _root.sub(match[2], backward) if match[2] else self._replace(match)

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


def write_leaves(program: str, leaf: str) -> str:
    """Returns the program with these arguments of each leaf, and with another label for each.

    >>> write_leaves("x = Value(3)\\ny = Value(x.data - 1)", "{}, name='x1'")
    "x = Value(3, name='x1')\\ny = Value(x.data - 1, name='x2')"
    """
    first, *pieces = _leaf.split(program)
    written = [first]
    for number, piece in enumerate(pieces, 1):
        depth = end = 0
        while depth >= 0 and end < len(piece):
            depth += (piece[end] == "(") - (piece[end] == ")")
            end += 1
        arguments = leaf.replace(LABEL, f"'x{number}'").replace("{}", piece[: end - 1])
        written.append(f"{CLASS}{arguments}){piece[end:]}")
    return "".join(written)


def rename(program: str, taken: Sequence[str]) -> str:
    """Returns the program with underscores after each variable that has a taken name.

    >>> rename("w = Value(3)\nL = w * 2\nassert L.data == 6", ["w", "data"])
    'w_ = Value(3)\nL = w_ * 2\nassert L.data == 6'
    """
    names = [name for name in taken if name in program]
    if names:
        assigned = {name for _, name in _assignment.findall(program)}
        names = [name for name in names if name in assigned]
    for name in names:
        other = f"{name}_"
        while other in taken or re.search(rf"\b{other}\b", program):
            other += "_"
        program = re.sub(rf"(?<![\w.'\"]){name}\b(?!\()", other, program)
    return program


class _Rewriter(ast.NodeTransformer):
    """Writes calls of functions in another way.

    Only graphs have calls to replace: an assertion's `abs` is Python's own.
    """

    def __init__(self, functions: Mapping[str, str]) -> None:
        self._functions = functions
        self._calls = re.compile(rf"(?:{'|'.join(functions)})\(")
        self._lines: dict[str, tuple[str, tuple[str, ...]]] = {}  # many programs share lines
        self._unwritten: dict[str, None] = {}
        self.unwritten: dict[str, None] = {}  # functions of the last program that can't be written

    def write(self, program: str) -> str:
        """Returns the program with the calls as they are written here."""
        self.unwritten = {}
        if not self._calls.search(program):
            return program
        if len(self._lines) >= MOST_LINES:
            self._lines.clear()
        return "\n".join(map(self._write_line, program.split("\n")))

    def _write_line(self, line: str) -> str:
        if line not in self._lines:
            self._unwritten, written = {}, line
            if (assignment := _assignment.match(line)) and self._calls.search(line):
                statement = ast.parse(line.strip())  # on one line, by itself
                written = assignment[1] + ast.unparse(self.visit(statement))
            self._lines[line] = written, tuple(self._unwritten)
        written, unwritten = self._lines[line]
        self.unwritten |= dict.fromkeys(unwritten)
        return written

    def visit_Call(self, call: ast.Call) -> ast.expr:
        self.generic_visit(call)
        if isinstance(call.func, ast.Attribute):
            node, name = call.func.value, call.func.attr
        else:
            assert isinstance(call.func, ast.Name)  # graphs call nothing else
            (node,), name = call.args, call.func.id
        written = self._functions.get(name)
        if not written:
            if written is not None:
                self._unwritten[name] = None
            return call
        return ast.parse(written.replace("{}", f"({ast.unparse(node)})"), mode="eval").body


def spell_results(interface: Interface) -> tuple[str, str] | None:
    """Returns how a program runs backward and reads a node's gradient where a call gives it.

    None if nodes hold their gradients, or if it needs more than that.

    >>> spell_results(Interface(data="data", grad="returned (by id)", backward="run(root)"))
    ('gradients = run(root)', 'gradients.get(id({}))')
    """
    way, grad = interface.backward or "backward()", interface.grad
    call = spell_backward(way)
    if interface.seed is not None or interface.unseeded:
        return None
    if grad == way and _asked.fullmatch(grad):
        asked = re.sub(r"\bleaf\b", "{}", re.sub(r"\broot\b", "output", grad))
        return "output = root", asked + ("[0]" if "[" in grad else "")
    if call is None or (found := _returned.fullmatch(grad)) is None:
        return None
    key, is_method = found[1], found[2]
    if is_method:
        return f"gradients = {call}", f"gradients.{key}({{}})"
    keys = {"node": "{}", "id": "id({})"}
    of_node = keys.get(key, f"{{}}.{key.removeprefix('.')}")
    return f"gradients = {call}", f"{GET}{of_node})"


def find_spellings(interface: Interface) -> dict[str, str | None]:
    """Returns how an engine writes each part of a program; None for a part that it can't write.

    An engine without a way to run backward keeps the usual one.
    """
    backward = spell_backward(interface.backward or "backward()")
    if interface.seed is not None and interface.seed.isidentifier():
        seed = f"{ROOT}.{interface.seed} = 1"
        alone = interface.backward == f"{interface.seed} = 1"
        backward = seed if alone else backward and f"{seed}; {backward}"
    name = interface.class_name or ""
    data, grad = (
        f".{shown}" if shown.removesuffix("()").isidentifier() else None
        for shown in (interface.data, interface.grad)
    )
    return {
        CLASS: f"{name}(" if all(map(str.isidentifier, name.split("."))) else None,
        DATA: data,
        GRAD: grad,
        BACKWARD: backward,
    }


def describe_parts(interface: Interface) -> dict[str, str]:
    """Returns what is unusual about each part of an engine, for a part that it can't write."""
    backward, grad = interface.backward or "backward()", interface.grad
    if grad == backward:
        gradient = f"gradient by {backward}"
    elif grad.startswith("returned "):
        gradient = f"gradient {grad.replace('returned', f'returned by {backward}', 1)}"
    else:
        gradient = f"gradient in {grad}"
    return {
        CLASS: "nodes are made by functions",
        DATA: f"number in {interface.data}",
        GRAD: gradient,
        BACKWARD: gradient if grad == backward else f"backward by {backward}",
    }


def spell_backward(way: str) -> str | None:
    """Returns the call that runs backward on `root`; None if it needs anything else.

    >>> spell_backward("backprop(1.0)"), spell_backward("run(root)"), spell_backward("g = run(L)")
    ('root.backprop(1.0)', 'run(root)', None)
    """
    match = _call.fullmatch(way)
    if match is None or not way.isprintable():
        return None
    function, arguments = match[1], match[2].split(", ")
    if arguments[0] == ROOT and not any(map(str.isidentifier, arguments[1:])):
        owner = function.partition(".")[0]
        return way if function.isidentifier() or owner[0].isupper() else None
    if function.isidentifier() and not any(map(str.isidentifier, arguments)):
        return f"{ROOT}.{way}"
    return None
