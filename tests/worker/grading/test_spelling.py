"""Programs of a report have the names of the student's engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.students import engine
from tests.support.factories import make_case, make_suite
from tests.worker.suites.test_shown_programs import find_error
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.grading.spelling import respell, spell_backward
from worker.report.model import Interface
from worker.sandbox import Sandbox
from worker.suites import catalogue

USUAL = Interface(class_name="Value", data="data", grad="grad", backward="backward()")
PROGRAM = "x = Value(3.0)\nL = x * x\nL.backward()\nassert x.grad == 6, x.grad\nprint(L.data)"


def spelled(interface: Interface | None) -> str:
    (suite,) = respell([make_suite("rules", make_case(program=PROGRAM))], interface)
    return suite.cases[0].program


def test_each_part_has_the_name_that_was_found() -> None:
    found = Interface(class_name="Box.Scalar", data="value()", grad="slope", backward="back(1.0)")
    assert spelled(found).splitlines() == [
        "x = Box.Scalar(3.0)",
        "L = x * x",
        "L.back(1.0)",
        "assert x.slope == 6, x.slope",
        "print(L.value())",
    ]
    seeded = replace(USUAL, seed="grad")
    assert "\nL.grad = 1; L.backward()\n" in spelled(seeded)
    assert "\nL.grad = 1\n" in spelled(replace(seeded, backward="grad = 1"))
    of_function = replace(USUAL, backward="run(root, 1.0)")
    assert "\nrun(L, 1.0)\n" in spelled(of_function)


@pytest.mark.parametrize("interface", [None, USUAL])
def test_a_program_stays_as_it_is_if_names_are_usual(interface: Interface | None) -> None:
    assert spelled(interface) == PROGRAM


@pytest.mark.parametrize(
    ("interface", "reason"),
    [
        (replace(USUAL, class_name=None), " (nodes are made by functions)"),
        (replace(USUAL, data="item 0"), " (number in item 0)"),
        (replace(USUAL, grad="returned (by node)"), " (gradient returned by backward() (by node))"),
        (replace(USUAL, grad="grads (by node)"), " (gradient in grads (by node))"),
        (replace(USUAL, backward="tape.run(root)"), " (backward by tape.run(root))"),
        (
            replace(USUAL, backward="g(root, leaf)", grad="g(root, leaf)"),
            " (gradient by g(root, leaf))",
        ),
        (replace(USUAL, data="\nimport os"), ""),  # forged
    ],
)
def test_a_program_says_which_part_of_the_engine_it_cannot_write(
    interface: Interface, reason: str
) -> None:
    comment = f"# Your engine is used in another way{reason}, so adapt these lines."
    assert spelled(interface) == f"{comment}\n{PROGRAM}"


def test_a_program_says_so_only_if_it_uses_that_part() -> None:
    values = [make_suite("values", make_case(program="x = Value(3)\nassert x.data == 3"))]
    (suite,) = respell(values, replace(USUAL, class_name="Node", grad="returned (by node)"))
    assert suite.cases[0].program == "x = Node(3)\nassert x.data == 3"


def test_the_output_replaces_whole_words_alone() -> None:
    assert "\nfrom_root(L)\n" in spelled(replace(USUAL, backward="from_root(root)"))


texts = st.text() | st.from_regex(r"[.\w\\]{0,4}\(?(root|leaf|[.\w]{0,3})(, 1)?\)?")


@given(
    st.builds(
        Interface,
        class_name=st.none() | texts,
        data=texts,
        grad=texts,
        backward=st.none() | texts,
        seed=st.none() | texts,
    )
)
@example(replace(USUAL, backward=".run(root)"))
@example(replace(USUAL, backward="(root)"))
@example(replace(USUAL, class_name="\\g<9>", backward="\\1(root)"))
def test_no_interface_makes_a_report_fail(interface: Interface) -> None:
    lines = spelled(interface).splitlines()
    assert len([line for line in lines if not line.startswith("#")]) == len(PROGRAM.splitlines())


def test_an_engine_without_backward_keeps_the_usual_name_of_it() -> None:
    assert "\nL.backward()\n" in spelled(replace(USUAL, class_name="Node", backward=None))


@pytest.mark.parametrize(
    ("way", "call"),
    [
        ("backprop()", "root.backprop()"),
        ("backward(1.0)", "root.backward(1.0)"),
        ("backward(root)", "backward(root)"),
        ("Engine.backward(root)", "Engine.backward(root)"),
        ("tape.backward(root)", None),  # a tape of each graph
        ("gradients(root, leaf)", None),
        ("backward(node)", None),
        ("grad_value = 1", None),
    ],
)
def test_a_way_to_run_backward_is_a_call_with_the_output(way: str, call: str | None) -> None:
    assert spell_backward(way) == call


@pytest.mark.parametrize(
    "name",
    [
        "right/memo_pull",
        "right/op_enum",
        "right/seed_by_caller",
        "spellings/getters",
        "spellings/function",
    ],
)
def test_programs_run_with_engines_of_other_names(name: str) -> None:
    suites = [catalogue.load(each, 3) for each in ("worked-example", "rules", "training")]
    selections = [Selection(suite=suite, weight=1) for suite in suites]
    with Sandbox() as sandbox:
        report = grade(engine(name), selections, sandbox, seed=3)
    passed = [case for suite in report.suites for case in suite.cases if case.passed]
    assert passed
    for case in passed:
        assert find_error(engine(name), case.program) is None, case.program
