"""Writes the programs of a report with the names of the student's engine, so that they run with it.

Checks and messages keep the usual names: `x.grad` is the gradient of `x`, whatever it is called.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from worker.report.model import Interface, SuiteReport

ROOT = "root"  # the output, where a way to run backward takes it as an argument

_call = re.compile(r"([\w.]+)\((.*)\)")
_parts = re.compile(r"\bValue\(|\.(?:data|grad)\b|([\w\[\]]+)\.backward\(\)")


def respell(suites: Sequence[SuiteReport], interface: Interface | None) -> tuple[SuiteReport, ...]:
    """Returns the suites with programs in the names of an engine.

    They stay as they are if the names are the usual ones, or if one of the engine's parts isn't
    just a name or a call.
    """
    spellings = None if interface is None else find_spellings(interface)
    if spellings is None:
        return tuple(suites)

    def replace(match: re.Match[str]) -> str:
        output = match[1]
        if output is None:
            return spellings[match[0]]
        return spellings[".backward()"].replace(ROOT, output)

    return tuple(
        dataclasses.replace(
            suite,
            cases=tuple(
                dataclasses.replace(case, program=_parts.sub(replace, case.program))
                for case in suite.cases
            ),
        )
        for suite in suites
    )


def find_spellings(interface: Interface) -> dict[str, str] | None:
    """Returns how an engine writes each part of a program; None to leave programs as they are."""
    backward = spell_backward(interface.backward or "backward()")
    if interface.seed is not None and interface.seed.isidentifier():
        seed = f"{ROOT}.{interface.seed} = 1"
        alone = interface.backward == f"{interface.seed} = 1"
        backward = seed if alone else backward and f"{seed}; {backward}"
    names = (interface.data.removesuffix("()"), interface.grad.removesuffix("()"))
    class_parts = (interface.class_name or "").split(".")
    if backward is None or not all(map(str.isidentifier, (*names, *class_parts))):
        return None
    spellings = {
        "Value(": f"{interface.class_name}(",
        ".data": f".{interface.data}",
        ".grad": f".{interface.grad}",
        ".backward()": backward,
    }
    is_usual = all(spelled in (part, f"{ROOT}{part}") for part, spelled in spellings.items())
    return None if is_usual else spellings


def spell_backward(way: str) -> str | None:
    """Returns the call that runs backward on `root`; None if it needs anything else.

    >>> spell_backward("backprop(1.0)"), spell_backward("run(root)"), spell_backward("g = run(L)")
    ('root.backprop(1.0)', 'run(root)', None)
    """
    match = _call.fullmatch(way)
    if match is None:
        return None
    function, arguments = match[1], match[2].split(", ")
    if arguments[0] == ROOT and not any(map(str.isidentifier, arguments[1:])):
        owner = function.partition(".")[0]
        return way if function.isidentifier() or owner[0].isupper() else None
    if function.isidentifier() and not any(map(str.isidentifier, arguments)):
        return f"{ROOT}.{way}"
    return None
