"""Runs a student's program so that a failing demo doesn't lose the class.

Everything runs in the order of the file. A statement that raises an exception, trains a model or
takes too long is left out and reported. Annotations aren't evaluated in any version of Python.
Definitions and imports have their own time, so they don't pay for slow demos.
"""

from __future__ import annotations
import __future__

import ast
import sys
from collections.abc import Iterator
from itertools import islice
from types import CodeType
from typing import Any

from worker.driver.base.errors import MissingFileError, MissingModuleError, OvertimeError
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
from worker.driver.base.protocol import LOAD_ERROR, MISSING_MODULE, SYNTAX_ERROR, Answer
from worker.driver.file.missing_modules import bind_imported
from worker.driver.file.training_loops import bound_names, does_something, find_training, walk
from worker.driver.file.work_budget import Guard
from worker.driver.ordering.displays import Displays, has_displays, has_views

FLAGS = __future__.annotations.compiler_flag
UNEXPLAINED = "invalid syntax"
OF_TEXTS = "f-string"  # newer Pythons accept more of them
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
MOST_LISTED = 8  # omitted statements that the report lists one by one
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
KEPT = (*DEFINITIONS, ast.Import, ast.ImportFrom)  # the statements that a file is loaded for
TRAINING = "it runs backward in a loop, which grading doesn't need."
DEPENDENT = "Also left out, because it depends on a statement that was left out:"
OVERTIME = "it took too long. Keep demos and training under `if __name__ == '__main__':`."


class UnreadableError(SyntaxError):
    """Python can't read the text for another reason than its grammar."""


def compile_text(text: str) -> CodeType:
    """The text as code. Raises only SyntaxError or MemoryError."""
    try:
        code: CodeType = compile(text, FILE, "exec", FLAGS, dont_inherit=True)
    except (ValueError, RecursionError, OverflowError) as error:
        raise UnreadableError(f"Python can't read the file: {error}") from None
    return code


class Omission:
    """A statement that was left out: its line, the reason, and the problem if no class is found.

    Without a reason, it depends on another statement that was left out.
    """

    def __init__(self, line: int, reason: str | None, problem: Answer, defines: bool) -> None:
        self.line, self.reason, self.problem, self.defines = line, reason, problem, defines


class Program:
    """The text that runs, and the statements that were left out."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = split_lines(text)
        self.files: list[str] = []  # the modules that a notebook writes parts of it to
        self.omissions: list[Omission] = []
        self._lost_names: set[str] = set()
        self._tree: list[ast.stmt] | None = None

    @property
    def statements(self) -> list[ast.stmt]:
        """The top-level statements of a text that was compiled."""
        if self._tree is None:
            try:
                flags = FLAGS | ast.PyCF_ONLY_AST
                self._tree = compile(self.text, FILE, "exec", flags, dont_inherit=True).body
            except (ValueError, RecursionError):  # it is nested too deep
                self._tree = []
        return self._tree

    def compile(self) -> CodeType:
        """The text as code whose sets keep their order. Raises only SyntaxError or MemoryError."""
        code = compile_text(self.text)
        if not has_displays(code) or not self.statements:
            return code
        try:
            displays = Displays(has_views(code))
            return compile_statements([displays.visit(item) for item in self.statements])
        except RecursionError:  # it is nested too deep
            return code

    def run(self, code: CodeType, namespace: dict[str, Any]) -> None:
        """Runs its code. A statement that raises is left out, except for MemoryError."""
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
        """Leaves out a notebook's cell, which begins in this line and can't be read."""
        reason = f"{class_name(type(error))}: {error.msg}"
        unread = syntax_problem(error, cell.split("\n"), line)
        self.omissions.append(Omission(line, reason, unread, True))

    def find_problem(self, of_definitions: bool = False) -> Answer | None:
        """The problem of the omitted statement that most likely had the class in it."""
        problems = [o for o in self.omissions if o.problem]
        defining = next((o.problem for o in problems if o.defines), None)
        if defining or of_definitions:
            return defining
        return next((o.problem for o in problems), None)

    def describe_cut(self) -> Iterator[str]:
        """A sentence for each statement that was left out because of its time."""
        return (_describe(o) for o in self.omissions if o.reason in (TRAINING, OVERTIME))

    def describe_omissions(self) -> Iterator[str]:
        """A sentence for each statement that was left out."""
        self.omissions.sort(key=lambda omission: omission.line)
        reasons = [o for o in self.omissions if o.reason]
        for omission in reasons[:MOST_LISTED]:
            yield _describe(omission)
        if len(reasons) > MOST_LISTED:
            yield f"{len(reasons) - MOST_LISTED} more statements were left out."
        if dependent := [numbering.describe(o.line) for o in self.omissions if not o.reason]:
            listed = ", ".join(dependent[:MOST_LISTED])
            more = (
                f" and {len(dependent) - MOST_LISTED} more" if len(dependent) > MOST_LISTED else ""
            )
            yield f"{DEPENDENT} {listed}{more}."

    def _run_whole(
        self, run: Any, code: CodeType, body: list[ast.stmt] | None, namespace: dict[str, Any]
    ) -> list[ast.stmt]:
        """Runs it at once. If a statement raises, leaves it out and returns those after it.

        A definition or an import that ran out of the demos' time is returned too, to run again.
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
                end = statement.end_lineno or 0, statement.end_col_offset or 0
                if position and end > position:
                    if type(error) is OvertimeError and isinstance(statement, KEPT):
                        return body[index:]
                    self._blame(statement, error, namespace)
                    return body[index + 1 :]
            self._blame(None, error, namespace)
            return []

    def _blame(
        self, statement: ast.stmt | None, error: BaseException, namespace: dict[str, Any]
    ) -> None:
        """Leaves out the statement that raised. An import gets placeholders for its names."""
        kind = type(error)  # isinstance() would ask the error itself
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and issubclass(kind, ImportError):
            bind_imported(statement, namespace)
            return None
        if type(error) is OvertimeError:
            return self._leave_out(statement, OVERTIME, {})
        if type(error) is NameError and error.name in self._lost_names:
            return self._leave_out(statement, None, {})
        if type(error) is MissingFileError and statement is not None:
            for name in bound_names(statement):  # what needs it names the file too
                namespace.setdefault(name, error.placeholder)
        reason = describe(error)
        what = MISSING_MODULE if issubclass(kind, MissingModuleError) else LOAD_ERROR
        failed = problem(what, reason, self.lines, line_of(error))
        return self._leave_out(statement, reason, failed)

    def _leave_out(self, statement: ast.stmt | None, reason: str | None, failed: Answer) -> None:
        defines = False
        if statement is not None:
            self._lost_names |= bound_names(statement)
            defines = any(isinstance(node, DEFINITIONS) for node in walk(statement))
        line = 1 if statement is None else statement.lineno
        self.omissions.append(Omission(line, reason, failed, defines))


def syntax_problem(error: SyntaxError, lines: list[str], first: int = 1) -> Answer:
    """A syntax error as a problem. `first` is the program's line that `lines` begin with."""
    if isinstance(error, UnreadableError):
        return problem(SYNTAX_ERROR, error.msg, lines)
    message = f"{class_name(type(error))}: {error.msg}"
    if error.msg == UNEXPLAINED or error.msg.startswith(OF_TEXTS):  # a newer Python may accept it
        message += f" in Python {PYTHON}"
    line = error.lineno and error.lineno + first - 1
    padding = [""] * (first - 1)
    return problem(SYNTAX_ERROR, message, padding + lines, line, error.offset)


def compile_statements(statements: list[ast.stmt]) -> CodeType:
    """These statements as code."""
    module = ast.Module(body=statements, type_ignores=[])
    code: CodeType = compile(module, FILE, "exec", FLAGS, dont_inherit=True)
    return code


def _describe(omission: Omission) -> str:
    position = numbering.describe(omission.line)
    return f"{position[0].upper()}{position[1:]} was left out: {omission.reason}"


def _module_position(error: BaseException) -> tuple[int, int] | None:
    """The line and column at the top level of the file that was running, if it is known."""
    traceback = traceback_of(error)
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == FILE and code.co_name == "<module>":
            positions = islice(code.co_positions(), traceback.tb_lasti // 2, None)
            _, _, column, _ = next(positions, (None, None, None, None))
            return traceback.tb_lineno, column or 0
        traceback = traceback.tb_next
    return None
