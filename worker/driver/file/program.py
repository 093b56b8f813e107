"""A student's program, run so that no demo in it costs the class.

Everything runs in the order of the file. A statement that raises is left out, and noted; so is
training, and what takes too long. Annotations are not evaluated, whatever Python this is.
Definitions and imports have time of their own: what demos have used up is not charged to them.
"""

from __future__ import annotations
import __future__

import ast
import sys
from collections.abc import Iterator
from itertools import islice
from types import CodeType
from typing import Any

from worker.driver.base.errors import OvertimeError
from worker.driver.base.messages import (
    FILE,
    class_name,
    describe,
    line_of,
    numbering,
    problem,
    split_lines,
    traceback_of,
)
from worker.driver.base.protocol import LOAD_ERROR, SYNTAX_ERROR, Answer
from worker.driver.file.missing_modules import bind_imported
from worker.driver.file.time_budget import Guard
from worker.driver.file.training_loops import bound_names, does_something, find_training, walk

FLAGS = __future__.annotations.compiler_flag
UNEXPLAINED = "invalid syntax"
OF_TEXTS = "f-string"  # of which newer Pythons take more
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
MOST_TOLD = 8  # statements left out that are told one by one
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
KEPT = (*DEFINITIONS, ast.Import, ast.ImportFrom)  # what a file is loaded for
TRAINING = "it runs backward in a loop, which grading has no use for."
OVERTIME = "it took too long. Keep demos and training under `if __name__ == '__main__':`."


class UnreadableError(SyntaxError):
    """Python gives up on the text for another reason than its grammar."""


def compile_text(text: str) -> CodeType:
    """The text as code. Raises SyntaxError, or MemoryError, and nothing else."""
    try:
        code: CodeType = compile(text, FILE, "exec", FLAGS, dont_inherit=True)
    except (ValueError, RecursionError, OverflowError) as error:
        raise UnreadableError(f"Python cannot read the file: {error}") from None
    return code


class Omission:
    """A statement that was left out: where, why, and the problem that it is if no class is left."""

    def __init__(self, line: int, reason: str | None, told: Answer, defines: bool) -> None:
        self.line, self.reason, self.problem, self.defines = line, reason, told, defines


class Program:
    """The text that runs, and what of it was left out."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = split_lines(text)
        self.files: list[str] = []  # the modules that a notebook writes it to, in part
        self.omissions: list[Omission] = []
        self._lost_names: set[str] = set()
        self._tree: list[ast.stmt] | None = None

    @property
    def statements(self) -> list[ast.stmt]:
        """The top-level statements of a text that could be compiled."""
        if self._tree is None:
            try:
                flags = FLAGS | ast.PyCF_ONLY_AST
                self._tree = compile(self.text, FILE, "exec", flags, dont_inherit=True).body
            except (ValueError, RecursionError):  # it nests too deep to be looked at
                self._tree = []
        return self._tree

    def run(self, code: CodeType, namespace: dict[str, Any]) -> None:
        """Runs it, compiled. Raises MemoryError alone; what raises anything else is left out."""
        guard = Guard()
        if not does_something(self.text):
            rest = self._run_whole(exec, code, None, namespace)
        elif training := find_training(self.statements):
            for statement in training:
                self._leave_out(statement, TRAINING, {})
            body = [statement for statement in self.statements if statement not in training]
            rest = self._run_whole(guard.run, compile_statements(body), body, namespace)
        else:
            rest = self._run_whole(guard.run, code, None, namespace)
        for statement in rest:
            try:
                budget = Guard() if isinstance(statement, KEPT) else guard
                budget.run(compile_statements([statement]), namespace)
            except MemoryError:
                raise
            except BaseException as error:
                self._blame(statement, error, namespace)

    def leave_out_cell(self, line: int, error: SyntaxError, cell: str) -> None:
        """Notes that a notebook's cell, which begins in this line, cannot be read."""
        told = syntax_problem(error, cell.split("\n"), line)
        self.omissions.append(Omission(line, f"{class_name(type(error))}: {error.msg}", told, True))

    def find_problem(self, of_definitions: bool = False) -> Answer | None:
        """What was left out that most likely had the class in it, as a problem."""
        problems = [o for o in self.omissions if o.problem]
        defining = next((o.problem for o in problems if o.defines), None)
        if defining or of_definitions:
            return defining
        return next((o.problem for o in problems), None)

    def tell_cut(self) -> Iterator[str]:
        """A sentence for each statement that did not fail and was left out for its time."""
        return (_tell(o) for o in self.omissions if o.reason in (TRAINING, OVERTIME))

    def tell_omissions(self) -> Iterator[str]:
        """A sentence for each statement that was left out."""
        self.omissions.sort(key=lambda omission: omission.line)
        reasons = [o for o in self.omissions if o.reason]
        for omission in reasons[:MOST_TOLD]:
            yield _tell(omission)
        if len(reasons) > MOST_TOLD:
            yield f"{len(reasons) - MOST_TOLD} more statements were left out."
        if dependent := [numbering.tell(o.line) for o in self.omissions if not o.reason]:
            told = ", ".join(dependent[:MOST_TOLD])
            more = f" and {len(dependent) - MOST_TOLD} more" if len(dependent) > MOST_TOLD else ""
            yield f"Left out too, because it needs what was left out before: {told}{more}."

    def _run_whole(
        self, run: Any, code: CodeType, body: list[ast.stmt] | None, namespace: dict[str, Any]
    ) -> list[ast.stmt]:
        """Runs it in one go. Returns the statements after one that raised, which is left out.

        A definition or an import that ran out of the demos' time comes again.
        """
        try:
            run(code, namespace)
            return []
        except MemoryError:
            raise
        except BaseException as error:
            body = self.statements if body is None else body
            position = _module_position(error)
            for index, statement in enumerate(body):
                if position and _end_of(statement) > position:
                    if isinstance(error, OvertimeError) and isinstance(statement, KEPT):
                        return body[index:]
                    self._blame(statement, error, namespace)
                    return body[index + 1 :]
            self._blame(None, error, namespace)
            return []

    def _blame(
        self, statement: ast.stmt | None, error: BaseException, namespace: dict[str, Any]
    ) -> None:
        """Leaves out the statement that raised; an import gets stand-ins for its names."""
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and isinstance(error, ImportError):
            bind_imported(statement, namespace)
            return None
        if isinstance(error, OvertimeError):
            return self._leave_out(statement, OVERTIME, {})
        if type(error) is NameError and error.name in self._lost_names:
            return self._leave_out(statement, None, {})
        reason = describe(error)
        told = problem(LOAD_ERROR, reason, self.lines, line_of(error))
        return self._leave_out(statement, reason, told)

    def _leave_out(self, statement: ast.stmt | None, reason: str | None, told: Answer) -> None:
        defines = False
        if statement is not None:
            self._lost_names |= bound_names(statement)
            defines = any(isinstance(node, DEFINITIONS) for node in walk(statement))
        line = 1 if statement is None else statement.lineno
        self.omissions.append(Omission(line, reason, told, defines))


def syntax_problem(error: SyntaxError, lines: list[str], first: int = 1) -> Answer:
    """A syntax error as a problem. `first` is the line of the program that `lines` begin with."""
    if isinstance(error, UnreadableError):
        return problem(SYNTAX_ERROR, error.msg, lines)
    message = f"{class_name(type(error))}: {error.msg}"
    if error.msg == UNEXPLAINED or error.msg.startswith(OF_TEXTS):  # a newer Python may take it
        message += f" in Python {PYTHON}"
    line = error.lineno and error.lineno + first - 1
    padding = [""] * (first - 1)
    return problem(SYNTAX_ERROR, message, padding + lines, line, error.offset)


def compile_statements(statements: list[ast.stmt]) -> CodeType:
    """These statements alone as code."""
    module = ast.Module(body=statements, type_ignores=[])
    code: CodeType = compile(module, FILE, "exec", FLAGS, dont_inherit=True)
    return code


def _end_of(statement: ast.stmt) -> tuple[int, int]:
    return statement.end_lineno or 0, statement.end_col_offset or 0


def _tell(omission: Omission) -> str:
    place = numbering.tell(omission.line)
    return f"{place[0].upper()}{place[1:]} was left out: {omission.reason}"


def _module_position(error: BaseException) -> tuple[int, int] | None:
    """The line and column of the file's top level that was being run, where it is known."""
    traceback = traceback_of(error)
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == FILE and code.co_name == "<module>":
            places = islice(code.co_positions(), traceback.tb_lasti // 2, None)
            _, _, column, _ = next(places, (None, None, None, None))
            return traceback.tb_lineno, column or 0
        traceback = traceback.tb_next
    return None
