"""Writes the programs of a report with the names of the student's engine, so that they run with it.

Checks and messages keep the usual names: `x.grad` is the gradient of `x`, whatever it is called. A
program with a part that isn't just a name or a call begins with a comment that says so.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.report.model import ADAPT, CaseReport, Interface, SuiteReport, Verdict

ROOT = "root"  # the output, where a way to run backward takes it as an argument
OTHER_LEAVES = "leaves need other arguments"
LABEL = "'x1'"  # each leaf has another one
MOST_SPELLERS, MOST_REPORTS = 16, 1000  # that are kept; a course has few styles of names
MOST_LINES = 5000  # that are kept for each style; each random graph brings new ones
SYMBOLS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**",
}  # fmt: skip
CLASS, DATA, GRAD, BACKWARD = "Value(", ".data", ".grad", ".backward()"

_call = re.compile(r"([^\W\d]\w*(?:\(\))?(?:\.[^\W\d]\w*)*)\(([^()]*)\)")
_root = re.compile(rf"\b{ROOT}\b")
_leaf = re.compile(r"\bValue\(")
_assignment = re.compile(r"^([ ]*)([\w\[\]]+) \S{0,2}= ", re.MULTILINE)
_all_parts = re.compile(
    r"\bValue\(|\.data\b|(?<![\w\[\]])([\w\[\]]++)\.grad\b|^( *)([\w\[\]]++)\.backward\(\)",
    re.MULTILINE,
)
_item = re.compile(r'\["[A-Za-z_]\w*"\]', re.ASCII)  # of a node that is a dictionary
_dictionary = re.compile(r"(\.?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*) \(by (node|id)\)", re.ASCII)
_object = re.compile(r"\b(?!(?:set|dict)\()([A-Za-z_]\w*)\(\)", re.ASCII)  # such as Tape()
_first_name = re.compile(r"([A-Za-z_]\w*)(?:\.|\((?:root|leaf|\{\})| \(by)", re.ASCII)
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
        leaf = interface.leaf or "{}"
        self._leaf = leaf if interface.class_name is None else f"{CLASS}{leaf})"
        self._taken = list(dict.fromkeys((*interface.taken, *find_used(interface))))
        self._rewriter = _Rewriter(interface.functions)
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
        """The program with other leaves. If they belong to an object, each graph needs its own."""
        made = _object.search(self._leaf)
        if made is None:
            return write_leaves(program, self._leaf)
        if len(_backward.findall(program)) > 1:
            self._missing[OTHER_LEAVES] = None
            return program
        name = made[1].lower()
        while not self._is_free(program)(name):
            name += "_"
        return f"{name} = {made[0]}\n{write_leaves(program, self._leaf.replace(made[0], name))}"

    def _find_results(self, program: str) -> Results | None:
        """How the gradients of a program are found; None if it can't be written."""
        results, runs = self._results, _backward.findall(program)
        self._outputs = {root for _, root in runs}
        if results is not None and [indent for indent, _ in runs] != [""]:
            results = results.of_many
            reads_output = any(f"{output}.grad" in program for output in self._outputs)
            if results is not None and results.without_root and (reads_output or not runs):
                return None
        if results is None or not all(map(self._is_free(program), results.variables)):
            return None
        return results

    def _is_free(self, program: str) -> Callable[[str], bool]:
        """Whether a program may use a name for a variable of its own."""
        return lambda name: name not in self._taken and not re.search(rf"\b{name}\b", program)

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


def write_leaves(program: str, leaf: str) -> str:
    """Returns the program with this call for each leaf, and with another label for each.

    >>> write_leaves("x = Value(3)\\ny = Value(x.data - 1)", "Value({}, name='x1')")
    "x = Value(3, name='x1')\\ny = Value(x.data - 1, name='x2')"
    """
    first, *pieces = _leaf.split(program)
    written = [first]
    for number, piece in enumerate(pieces, 1):
        depth = end = 0
        while depth >= 0 and end < len(piece):
            depth += (piece[end] == "(") - (piece[end] == ")")
            end += 1
        call = leaf.replace(LABEL, f"'x{number}'").replace("{}", piece[: end - 1])
        written.append(f"{call}{piece[end:]}")
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

    Only graphs have calls to replace: an assertion's `abs` is Python's own. Operators are replaced
    where they are functions or methods.
    """

    def __init__(self, functions: Mapping[str, str]) -> None:
        self._functions = functions
        names = [name for name in functions if name.isidentifier()]
        parts = [rf"\b{name}\(" for name in names]
        if "neg" in names or len(names) < len(functions):
            parts.append("[-+*/]")
        self._calls = re.compile("|".join(parts) or "(?!)")
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

    def visit_BinOp(self, operation: ast.BinOp) -> ast.expr:
        self.generic_visit(operation)
        return self._apply(operation.op, operation.left, operation.right) or operation

    def visit_AugAssign(self, statement: ast.AugAssign) -> ast.stmt:
        self.generic_visit(statement)
        target = statement.target
        made = self._apply(statement.op, target, statement.value)
        return statement if made is None else ast.Assign([target], made, lineno=1)

    def visit_UnaryOp(self, operation: ast.UnaryOp) -> ast.expr:
        self.generic_visit(operation)
        is_number = isinstance(operation.operand, ast.Constant)
        written = None if is_number else self._functions.get("neg")
        return self._write(written, operation.operand) if written else operation

    def _apply(self, operator: ast.operator, left: ast.expr, right: ast.expr) -> ast.expr | None:
        """The call that replaces an operator; None if it stays."""
        symbol = SYMBOLS.get(type(operator), "")
        written = self._functions.get(symbol)
        if written == "":
            self._unwritten[symbol] = None
        return self._write(written, left, right) if written else None

    def _write(self, written: str, *nodes: ast.expr) -> ast.expr:
        """The call that is written so, with these for each {}."""
        pieces = written.split("{}")
        texts = [f"({ast.unparse(node)})" for node in nodes]
        text = "".join(map("".join, zip(pieces, texts, strict=False))) + pieces[-1]
        return ast.parse(text, mode="eval").body

    def visit_Call(self, call: ast.Call) -> ast.expr:
        if isinstance(call.func, ast.Name) and call.func.id == CLASS[:-1]:
            return call  # its argument is a number, not a node
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
        return self._write(written, node)


@dataclass(frozen=True, slots=True)
class Results:
    """How a program runs backward and finds gradients where nodes don't hold them.

    `gradient` has {} for the node. `variables` are those that it needs. `first` is a line that must
    come before. `without_root` says that a dictionary without the output means that its gradient
    is 1. `of_many` is how it is written if backward runs several times.
    """

    backward: str
    gradient: str
    variables: tuple[str, ...] = ()
    first: str = ""
    without_root: bool = False
    of_many: Results | None = None


def spell_results(interface: Interface) -> Results | None:
    """Returns how a program finds gradients that a call gives, or that a dictionary keeps.

    None if nodes hold their gradients, or if it needs more than that. For example, an engine with
    `run(root)` and a gradient "returned (by id)" has `gradients.get(id({}))`.
    """
    way, grad = interface.backward or "backward()", interface.grad
    call = spell_backward(way)
    if interface.seed is not None or interface.unseeded:
        return None
    if grad == way and _asked.fullmatch(grad):
        asked = re.sub(r"\bleaf\b", "{}", re.sub(r"\broot\b", "output", grad))
        return _ask(asked + ("[0]" if "[" in grad else ""))
    if call is None:
        return None
    keys = {"node": "{}", "id": "id({})"}
    if found := _returned.fullmatch(grad):
        key, is_method = found[1], found[2]
        if is_method:
            return Results(f"gradients = {call}", f"gradients.{key}({{}})", ("gradients",))
        return _look_up(f"gradients = {call}", keys.get(key, f"{{}}.{key.removeprefix('.')}"))
    if found := _dictionary.fullmatch(grad):
        name, key = found[1], keys[found[2]]
        if name.startswith("."):  # each node has it
            lasting = Results(call, f"{{}}{name}.get({key})")
            return dataclasses.replace(lasting, of_many=lasting)
        return _look_up(f"{call}; gradients = {name}", key)
    return None


def _ask(asked: str) -> Results:
    """A call that gives the gradient of an output by a node."""
    many = Results(
        f"outputs.append({ROOT})",
        f"sum({asked} for output in outputs)",
        ("outputs", "output"),
        "outputs = []",
    )
    return Results(f"output = {ROOT}", asked, ("output",), of_many=many)


def _look_up(backward: str, key: str) -> Results:
    """A dictionary that backward returns or leaves somewhere.

    Several passes add up. If they give the same dictionary, it has the sums.
    """
    many = Results(
        f"{backward}; passes[id(gradients)] = gradients",
        f"sum(gradients.get({key}, 0) for gradients in passes.values())",
        ("gradients", "passes"),
        "passes = {}",
        without_root=True,
    )
    return Results(
        backward, f"gradients.get({key})", ("gradients",), without_root=True, of_many=many
    )


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
    made = CLASS if interface.leaf is not None and not name else None  # it is written already
    data, grad = (
        f".{shown}" if _is_attribute(shown) else shown if _item.fullmatch(shown) else None
        for shown in (interface.data, interface.grad)
    )
    return {
        CLASS: f"{name}(" if all(map(str.isidentifier, name.split("."))) else made,
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


def _is_attribute(shown: str) -> bool:
    """Whether it is a name, a method's name with (), or names with dots between them."""
    return all(map(str.isidentifier, shown.removesuffix("()").split(".")))


def find_used(interface: Interface) -> Iterator[str]:
    """Yields the names of the file's functions and objects that programs use."""
    used = [interface.backward or "", interface.grad, *interface.functions.values()]
    if interface.class_name is None:
        used.append(interface.leaf or "")
    for written in used:
        if (name := _first_name.match(written)) and name[1] != ROOT:
            yield name[1]


def spell_backward(way: str) -> str | None:
    """Returns the call that runs backward on `root`; None if it needs anything else.

    >>> spell_backward("backprop(1.0)"), spell_backward("run(root)"), spell_backward("g = run(L)")
    ('root.backprop(1.0)', 'run(root)', None)
    >>> spell_backward("backward(node)"), spell_backward("tape.run(root)")
    ('root.backward(root)', 'tape.run(root)')
    """
    if _item.fullmatch(way.removesuffix("()")):
        return f"{ROOT}{way}"
    match = _call.fullmatch(way)
    if match is None or not way.isprintable():
        return None
    function, arguments = match[1], match[2].split(", ")
    if arguments == ["node"] and function.isidentifier():  # a static method
        return f"{ROOT}.{function}({ROOT})"
    if arguments[0] == ROOT and not any(map(str.isidentifier, arguments[1:])):
        return way
    if function.isidentifier() and not any(map(str.isidentifier, arguments)):
        return f"{ROOT}.{way}"
    return None
