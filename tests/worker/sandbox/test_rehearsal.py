"""The rehearsal does in the zygote what children do, and leaves nothing of it behind."""

from __future__ import annotations

import gc
import sys

from tests.worker.driver.in_process import undisturbed
from tests.worker.sandbox.programs import HONEST, WORKED_EXAMPLE, grade, reads
from worker.driver.base.messages import MODULE
from worker.driver.rehearsal import ROUNDS, SOURCE, rehearse
from worker.sandbox import Limits, Loaded, Sandbox


def find_student_classes() -> list[type]:
    """The classes of students' files that are alive in this process."""
    return [kind for kind in object.__subclasses__() if kind.__module__ == MODULE]


def test_a_rehearsal_leaves_nothing_behind() -> None:
    gc.collect()  # classes that other tests left, since they can't be collected in there
    before = set(map(id, find_student_classes()))
    with undisturbed():
        finders, limit, path = list(sys.meta_path), sys.getrecursionlimit(), list(sys.path)
        rehearse()
        assert MODULE not in sys.modules
        assert (sys.meta_path, sys.getrecursionlimit(), sys.path) == (finders, limit, path)
        gc.collect()
        assert {id(kind) for kind in find_student_classes()} <= before


def test_it_lasts_until_python_has_specialised_its_functions() -> None:
    assert ROUNDS >= 8


def test_its_file_is_an_engine_as_students_write_them(sandbox: Sandbox) -> None:
    assert grade(sandbox, SOURCE) == "passed"


def test_a_child_finds_no_trace_of_it(sandbox: Sandbox) -> None:
    look = f"print([k for k in object.__subclasses__() if k.__module__ == {MODULE!r}])\n"
    with sandbox.session(look + HONEST, Limits()) as session:
        assert isinstance(session.load(), Loaded)
        session.run(WORKED_EXAMPLE, reads(WORKED_EXAMPLE))
        assert session.stdout == "[]\n"
