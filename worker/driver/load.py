"""Reads a student's file, runs it, and finds the engine in it."""

from __future__ import annotations

import sys
from math import inf
from types import ModuleType
from typing import Any

from worker.driver.base.attempts import attempt, call_silently
from worker.driver.base.messages import (
    MODULE,
    OUT_OF_MEMORY,
    describe,
    line_of,
    numbering,
    problem,
    reserve,
)
from worker.driver.base.modules import PACKAGE
from worker.driver.base.names import find_declared
from worker.driver.base.protocol import LOAD_ERROR, MOST_TEXT, NO_CLASS, Answer
from worker.driver.base.sleep import allow_sleep
from worker.driver.engine.class_search import find
from worker.driver.engine.node_form import find_form
from worker.driver.file.missing_modules import Finder, missing
from worker.driver.file.notebook import read_notebook
from worker.driver.file.program import Program, syntax_problem
from worker.driver.graph.engine import Engine
from worker.driver.graph.observe import limit_recursion
from worker.driver.graph.program_names import find_taken, spell_functions
from worker.driver.ordering.dependence import dependence, names_chance, uses_identities
from worker.driver.ordering.ids import ids
from worker.driver.ordering.namespace import number_representations, student_builtins


def load(source: str, module: ModuleType, names: dict[str, Any] | None = None) -> Engine | Answer:
    """Runs the file in `module` and finds its engine. If it can't be used, the answer says why.

    `names` are those that an assignment fixes, for "class", "data", "grad" and "backward".
    """
    numbering.cells.clear()
    allow_sleep()
    missing.clear()
    source = source.removeprefix("\ufeff")
    limit_recursion(0)
    lines = source.split("\n")
    try:
        program = read_notebook(source) or Program(source)
        lines = program.lines
        may_vary = ids.are_counted and uses_identities(program.statements)
        code = program.compile()
        _prepare(module, program)
        program.run(code, vars(module))
        # The file may have kept what its own sets decided.
        may_vary |= names_chance(code) or dependence.on_sets
        number_representations(vars(module))
        ids.held.clear()  # the file's own objects live as long as the file
        allow_sleep(inf)  # the search has a budget of work
        fixed = {part: name for part, name in (names or {}).items() if name}
        return _find(program, vars(module), fixed, may_vary)
    except SyntaxError as error:
        return syntax_problem(error, lines)
    except MemoryError:
        reserve.clear()
    except BaseException as error:
        return problem(LOAD_ERROR, describe(error), lines, line_of(error))
    return OUT_OF_MEMORY


def _prepare(module: ModuleType, program: Program) -> None:
    sys.modules[MODULE] = module
    vars(module)["__builtins__"] = student_builtins()
    for name in program.files:
        sys.modules.setdefault(name, module)
        sys.modules[f"{PACKAGE}.{name}"] = module
    module.__package__ = PACKAGE  # so that a relative import gets a placeholder
    sys.meta_path.append(Finder(lambda: program.statements))


def _find(
    program: Program, namespace: dict[str, Any], fixed: dict[str, str], may_vary: bool
) -> Engine | Answer:
    said = find_declared(program.text)
    result = call_silently(find, namespace, program.text, fixed, said)
    if not isinstance(result, Engine):
        fields = result["problem"]
        is_explained = fields["kind"] != NO_CLASS or fields["source_line"] is not None
        if not is_explained:  # the class may be in a statement that was left out
            fields["message"] = " ".join((fields["message"], *program.describe_cut()))[:MOST_TEXT]
        return program.find_problem(of_definitions=is_explained) or result
    # Reading a member may run code of the file, which may do anything.
    spelled = call_silently(attempt, spell_functions, result)
    taken = call_silently(attempt, find_taken, namespace)
    # Not by `replace`, which uses built-in functions that the file may have replaced.
    form = call_silently(find_form, result)
    for name, value in (
        ("functions", spelled if type(spelled) is dict else {}),
        ("taken", tuple(taken) if type(taken) is list else ()),
        ("form", form),
        ("may_vary", may_vary),
    ):
        object.__setattr__(result, name, value)
    return result.with_notes(*missing.describe(), *program.describe_omissions())
