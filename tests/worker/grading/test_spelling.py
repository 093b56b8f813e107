"""Programs of a report have the names of the student's engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.factories import make_case, make_suite
from worker.grading.spelling import calls, speller
from worker.grading.spelling.parts import spell_backward
from worker.grading.spelling.speller import respell
from worker.report.model import ADAPT, Interface

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


@pytest.mark.parametrize(
    ("data", "grad"), [("grad", "data"), ("value", "data_grad"), ("grad_data", "gradient")]
)
def test_names_that_have_one_another_in_them_are_not_mixed_up(data: str, grad: str) -> None:
    found = spelled(replace(USUAL, data=data, grad=grad))
    assert f"assert x.{grad} == 6, x.{grad}\nprint(L.{data})" in found


@pytest.mark.parametrize("interface", [None, USUAL])
def test_a_program_stays_as_it_is_if_names_are_usual(interface: Interface | None) -> None:
    assert spelled(interface) == PROGRAM


@pytest.mark.parametrize(
    ("interface", "reason"),
    [
        (replace(USUAL, class_name=None), " (nodes are made by functions)"),
        (replace(USUAL, data="item 0"), " (number in item 0)"),
        (
            replace(USUAL, grad="returned (in the leaves' order)"),
            " (gradient returned by backward() (in the leaves' order))",
        ),
        (replace(USUAL, backward="run(make)"), " (backward by run(make))"),
        (
            replace(USUAL, backward="g(root, leaves)", grad="g(root, leaves)"),
            " (gradient by g(root, leaves))",
        ),
        (replace(USUAL, grad="class"), " (gradient in class)"),
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


@pytest.mark.parametrize(
    ("way", "grad", "lines"),
    [
        ("backward()", "returned (by node)", ["gradients = L.backward()", "gradients.get(x)"]),
        ("run(root)", "returned (by id)", ["gradients = run(L)", "gradients.get(id(x))"]),
        ("backward()", "returned (by name)", ["gradients = L.backward()", "gradients.get(x.name)"]),
        ("backward()", "returned (by .id)", ["gradients = L.backward()", "gradients.get(x.id)"]),
        ("grad()", "returned (by wrt(node))", ["gradients = L.grad()", "gradients.wrt(x)"]),
        ("slope(root, leaf)", "slope(root, leaf)", ["output = L", "slope(output, x)"]),
        ("slopes(root, [leaf])", "slopes(root, [leaf])", ["output = L", "slopes(output, [x])[0]"]),
        ("leaf.of(root)", "leaf.of(root)", ["output = L", "x.of(output)"]),
        ("backward()", ".grads (by node)", ["L.backward()", "x.grads.get(x)"]),
        ("run(root)", ".grads (by id)", ["run(L)", "x.grads.get(id(x))"]),
        (
            "tape.run(root)",
            "GRADS (by id)",
            ["tape.run(L); gradients = GRADS", "gradients.get(id(x))"],
        ),
        (
            "backward()",
            "root.grads (by node)",
            ["L.backward(); gradients = L.grads", "gradients.get(x)"],
        ),
        (
            "gradients(root)",
            "returned (by node)",
            ["results = gradients(L)", "results.get(x)"],
        ),
        (
            "run(root)",
            "gradients (by id)",
            ["run(L); results = gradients", "results.get(id(x))"],
        ),
        ("Engine().run(root)", "grad.data", ["Engine().run(L)", "x.grad.data"]),
        ("backward(node)", "grad", ["L.backward(L)", "x.grad"]),
        ("root.by(leaf)", "root.by(leaf)", ["output = L", "output.by(x)"]),
    ],
)
def test_gradients_that_a_call_gives_are_written(way: str, grad: str, lines: list[str]) -> None:
    backward, gradient = lines
    assert spelled(replace(USUAL, backward=way, grad=grad)).splitlines() == [
        "x = Value(3.0)",
        "L = x * x",
        backward,
        f"assert {gradient} == 6, {gradient}",
        "print(L.data)",
    ]


def test_a_dictionary_without_the_output_means_that_its_gradient_is_1() -> None:
    program = "x = Value(3.0)\nL = x * x\nL.backward()\nassert L.grad == 1 and x.grad == 6"
    given = replace(USUAL, grad="returned (by node)")
    (suite,) = respell([make_suite("rules", make_case(program=program))], given)
    assert suite.cases[0].program.splitlines()[-1] == (
        "assert gradients.get(L, 1.0) == 1 and gradients.get(x) == 6"
    )


@pytest.mark.parametrize(
    ("program", "taken"),
    [
        (f"{PROGRAM}\nL.backward()\nassert L.grad == 2", ()),
        (f"passes = 3\n{PROGRAM}\nL.backward()", ()),
        (PROGRAM, ("gradients", "results")),
        (PROGRAM.replace("L", "gradients"), ()),
    ],
)
def test_gradients_that_a_program_cannot_collect_must_be_adapted(
    program: str, taken: tuple[str, ...]
) -> None:
    given = replace(USUAL, grad="returned (by node)", taken=taken)
    (suite,) = respell([make_suite("rules", make_case(program=program))], given)
    assert suite.cases[0].program.startswith(ADAPT)


def test_leaves_have_the_arguments_that_the_class_asks_for() -> None:
    labelled = spelled(replace(USUAL, class_name="Node", leaf="{}, label='x1', children=()"))
    assert labelled.startswith("x = Node(3.0, label='x1', children=())\nL = x * x\n")
    values = [make_suite("values", make_case(program="x = Value(float('inf')) * Value(x.data)"))]
    (suite,) = respell(values, replace(USUAL, leaf="label='x1', data=float({})"))
    one, two = "label='x1', data=float(float('inf'))", "label='x2', data=float(x.data)"
    assert suite.cases[0].program == f"x = Value({one}) * Value({two})"


def test_gradients_of_several_passes_are_added_up() -> None:
    twice = (
        "x = Value(3.0)\nfor _ in range(2):\n    L = x * x\n    L.backward()\nassert x.grad == 9"
    )
    assert written(twice, grad="returned (by node)").splitlines() == [
        "passes = {}",
        "x = Value(3.0)",
        "for _ in range(2):",
        "    L = x * x",
        "    gradients = L.backward(); passes[id(gradients)] = gradients",
        "assert sum(gradients.get(x, 0) for gradients in passes.values()) == 9",
    ]
    asked = written(twice, backward="grad(root, leaf)", grad="grad(root, leaf)").splitlines()
    assert (asked[0], asked[4]) == ("outputs = []", "    outputs.append(L)")
    assert asked[5] == "assert sum(grad(output, x) or 0 for output in outputs) == 9"
    assert written(twice, grad=".grads (by id)").splitlines()[-2:] == [
        "    L.backward()",
        "assert x.grads.get(id(x)) == 9",
    ]


def test_operators_are_written_as_functions_or_methods() -> None:
    program = (
        "x = Value(-3.0)\ny = Value(x.data - 0.5 * 2)\nz = 2 * -x + y\nz *= x\n"
        "L = (z - 1) / 2 ** y\nL.backward()\nassert abs(L.data - 2) <= 1 + 1"
    )
    calls = {"+": "add({}, {})", "-": "{}.minus({})", "neg": "neg({})", "**": "power({}, {})"}
    assert written(program, functions=calls).splitlines() == [
        "x = Value(-3.0)",
        "y = Value(x.data - 0.5 * 2)",
        "z = add(2 * neg(x), y)",
        "z *= x",
        "L = z.minus(1) / power(2, y)",
        "L.backward()",
        "assert abs(L.data - 2) <= 1 + 1",
    ]
    assert written(program, functions={"-": ""}).startswith(f"{ADAPT} (- is called in another way)")


def test_nodes_may_be_made_by_a_function_and_hold_their_numbers_by_key() -> None:
    found = written(
        PROGRAM, class_name=None, leaf="node({})", data='["v"]', grad='["g"]', backward='["back"]()'
    )
    assert found.splitlines() == [
        "x = node(3.0)",
        "L = x * x",
        'L["back"]()',
        'assert x["g"] == 6, x["g"]',
        'print(L["v"])',
    ]


def test_leaves_may_belong_to_an_object_that_is_made_for_the_graph() -> None:
    found = written(PROGRAM, class_name="Var", leaf="Tape(), {}")
    assert found.splitlines()[:3] == ["tape = Tape()", "x = Var(tape, 3.0)", "L = x * x"]
    own = written(PROGRAM, class_name="Var", leaf="{}, tape=tape")
    assert own.splitlines()[0] == "x = Var(3.0, tape=tape)"
    renamed = written(f"{PROGRAM}\ntape = 3", leaf="{}, tape=Tape()")
    assert renamed.startswith("tape_ = Tape()\nx = Value(3.0, tape=tape_)\n")
    keyword = written(PROGRAM, leaf="Lambda(), {}")
    assert keyword.startswith("lambda_ = Lambda()\nx = Value(lambda_, 3.0)\n")
    several = written("x = Value(3)\ny = Value(2)", leaf="Tape(), {}, graph=Graph(), of=Tape()")
    assert several.splitlines() == [
        "tape = Tape()",
        "graph = Graph()",
        "tape_ = Tape()",
        "x = Value(tape, 3, graph=graph, of=tape_)",
        "y = Value(tape, 2, graph=graph, of=tape_)",
    ]
    twice = written(f"{PROGRAM}\nL.backward()", leaf="{}, Tape()")
    assert twice.startswith(f"{ADAPT} (leaves need other arguments)")


def test_variables_give_way_to_the_objects_that_a_program_uses() -> None:
    program = "tape = Value(3.0)\nL = tape * tape\nL.backward()"
    assert written(program, backward="tape.run(root)").splitlines() == [
        "tape_ = Value(3.0)",
        "L = tape_ * tape_",
        "tape.run(L)",
    ]
    of_object = written(program, class_name="Node", leaf="tape=tape, data={}").splitlines()
    assert of_object[0] == "tape_ = Node(tape=tape, data=3.0)"
    assert written(PROGRAM, class_name="L").splitlines()[:2] == ["x = L(3.0)", "L_ = x * x"]


FUNCTIONS = "x = Value(3.0)\nL = (x * x).log() + abs(x) + x.tanh()\nassert abs(L.data - 2) <= 1"


def written(program: str, **found: Any) -> str:
    suites = [make_suite("functions", make_case(program=program))]
    (suite,) = respell(suites, replace(USUAL, **found))
    return suite.cases[0].program


def test_functions_are_called_as_the_engine_has_them() -> None:
    calls = {"log": "log({}, base=2.5)", "abs": "{}.absolute()", "exp": "F.exp({})"}
    assert written(FUNCTIONS, functions=calls).splitlines() == [
        "x = Value(3.0)",
        "L = log(x * x, base=2.5) + x.absolute() + x.tanh()",
        "assert abs(L.data - 2) <= 1",
    ]
    looped = "L = Value(2.0)\nfor _ in range(3):\n    L = tanh(L * 2)"
    assert written(looped, functions={"tanh": "{}.th()"}).endswith("\n    L = (L * 2).th()")


def test_a_function_that_a_program_cannot_call_is_named() -> None:
    comment = f"{ADAPT} (log() is called in another way), so adapt these lines."
    assert written(FUNCTIONS, functions={"log": ""}) == f"{comment}\n{FUNCTIONS}"
    assert written(FUNCTIONS, functions={"sin": ""}) == FUNCTIONS


def test_a_renamed_variable_gets_no_name_that_is_taken_or_used() -> None:
    program = "w = Value(3)\nw__ = Value(2)\nL = w * w__"
    assert written(program, taken=("w", "w_")).splitlines() == [
        "w___ = Value(3)",
        "w__ = Value(2)",
        "L = w___ * w__",
    ]


def test_variables_leave_the_names_alone_that_the_file_reads() -> None:
    program = "w = Value(3.0)\nfor _ in range(2):\n    w += w\nassert w.w_data == 12, w.data"
    assert written(program, taken=("w", "data", "Value")).splitlines() == [
        "w_ = Value(3.0)",
        "for _ in range(2):",
        "    w_ += w_",
        "assert w_.w_data == 12, w_.data",
    ]


def test_an_engine_that_a_program_cannot_write_is_described() -> None:
    comment = f"{ADAPT} (numbers are decimals), so adapt these lines."
    assert spelled(replace(USUAL, adapt="numbers are decimals")) == f"{comment}\n{PROGRAM}"


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
        ("tape.backward(root)", "tape.backward(root)"),
        ("gradients(root, leaf)", None),
        ("backward(node)", "root.backward(root)"),
        ("grad_value = 1", None),
        ("max(root, 'text', key=os.system)", None),  # forged
        ("run(root, [each for each in names])", None),
        ("backward('text')", None),
    ],
)
def test_a_way_to_run_backward_is_a_call_with_the_output(way: str, call: str | None) -> None:
    assert spell_backward(way) == call


def test_a_program_is_written_once_for_all_engines_with_the_same_names() -> None:
    suites = [make_suite("rules", make_case(program=PROGRAM))]
    found = replace(USUAL, data="value")
    (first,) = respell(suites, found)
    (second,) = respell(suites, replace(found, notes=("A placeholder was used.",)))
    assert first.cases[0].program == PROGRAM.replace(".data", ".value")
    assert second.cases[0] is first.cases[0]
    (other,) = respell(suites, replace(found, grad="slope"))
    assert "x.slope == 6" in other.cases[0].program


def test_only_the_programs_of_a_few_styles_of_names_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    suite = make_suite("rules", *(make_case(program=f"{PROGRAM}  # {n}") for n in range(9)))
    for number in range(2 * speller.MOST_SPELLERS):
        respell([suite], replace(USUAL, data=f"value{number}"))
    assert len(speller._spellers) == speller.MOST_SPELLERS
    monkeypatch.setattr(speller, "MOST_REPORTS", 4)
    (written,) = respell([suite], replace(USUAL, data="number"))
    assert [case.program[-1] for case in written.cases] == [*"012345678"]
    assert all("L.number" in case.program for case in written.cases)


def test_only_so_many_lines_of_programs_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST_LINES", 10)
    programs = [PROGRAM.replace("L = x * x", f"L = x.exp() * {n}") for n in range(30)]
    suite = make_suite("rules", *(make_case(program=program) for program in programs))
    (written,) = respell([suite], replace(USUAL, functions={"exp": "power_of_e({})"}))
    lines = [case.program.splitlines()[1] for case in written.cases]
    assert lines == [f"L = power_of_e(x) * {n}" for n in range(30)]
    (*_, last) = speller._spellers.values()
    assert len(last._rewriter._lines) < 10 + len(PROGRAM.splitlines())
