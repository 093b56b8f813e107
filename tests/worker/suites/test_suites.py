"""Suites are read from text, hold what the source document says, and are refused where they err."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.report.model import Quantity
from worker.suites import cache, catalogue
from worker.suites.cases import SuiteError
from worker.suites.format.reader import read_suite

HEAD = """\
# suite: small
# title: A small suite
# version: 1
# about: For tests.
# weight: 10
"""
CASE = """
# case: product
# title: Product
x = Value(3)
y = Value(4)
z = x * y
L = z + 1
L.backward()
"""


def expected(name: str, case_id: str, quantity: Quantity) -> dict[str, float]:
    case = next(case for case in catalogue.load(name).cases if case.id == case_id)
    return {due.name: due.expected for due in case.expectations if due.quantity is quantity}


def refusal(text: str) -> SuiteError:
    with pytest.raises(SuiteError) as refused:
        read_suite(text, "small.suite")
    return refused.value


def test_the_reference_finds_the_seven_values_and_gradients_of_the_worked_example() -> None:
    data = expected("worked-example", "leaves", Quantity.DATA)
    assert data == {"x1": 3, "x2": 4, "x3": 12, "x4": 5, "x5": 17, "x6": 2, "L": 34}
    leaves = expected("worked-example", "leaves", Quantity.GRAD)
    inner = expected("worked-example", "inner", Quantity.GRAD)
    assert leaves == {"x1": 8, "x2": 6, "x4": 2, "x6": 17}
    assert inner == {"x1": 8, "x3": 2, "x5": 2, "L": 1}


def test_the_second_example_is_right_for_the_sum_and_the_product() -> None:
    assert expected("rules", "sum-of-1-and-2", Quantity.GRAD) == {"x1": 1, "x2": 1}
    assert expected("rules", "product-of-1-and-2", Quantity.GRAD) == {"x1": 2, "x2": 1}


def test_a_suite_is_computed_once_in_a_process() -> None:
    assert catalogue.load("rules") is catalogue.load("rules")


def test_each_point_makes_a_case() -> None:
    text = (
        HEAD
        + "# case: sum\n# title: Sum\n# at: a=3, b=-4 | a=0.5, b=2\n"
        + ("x = Value(a)\nL = x + b\nL.backward()\n")
    )
    cases = read_suite(text, "small.suite").cases
    assert [case.id for case in cases] == ["sum@1", "sum@2"]
    assert cases[0].title == "Sum, at a = 3, b = -4"
    assert cases[1].graph.program == "x = Value(0.5)\nL = x + 2\nL.backward()"


@pytest.mark.parametrize(
    ("check", "reads"),
    [
        ("", "x.data x.grad y.data y.grad z.data L.data"),
        ("# check: leaves\n", "x.data x.grad y.data y.grad z.data L.data"),
        ("# check: inner\n", "z.data z.grad L.data L.grad"),
        ("# check: L, x\n", "x.data x.grad L.data L.grad"),
    ],
)
def test_a_case_reads_what_its_check_asks_for(check: str, reads: str) -> None:
    text = HEAD + CASE.replace("Product\n", f"Product\n{check}")
    case = read_suite(text, "small.suite").cases[0]
    assert [f"{due.name}.{due.quantity}" for due in case.expectations] == reads.split()
    assert case.reads == tuple((due.node, due.quantity) for due in case.expectations)


def test_a_case_without_backward_reads_the_values_of_all_named_nodes() -> None:
    case = read_suite(HEAD + CASE.replace("L.backward()", ""), "small.suite").cases[0]
    assert [f"{due.name}.{due.quantity}" for due in case.expectations] == [
        "x.data",
        "y.data",
        "z.data",
        "L.data",
    ]


def test_a_program_may_have_comments_and_blank_lines() -> None:
    text = HEAD + CASE.replace("z =", "\n# a remark, and: another\n# note: this\nz =")
    assert len(read_suite(text, "small.suite").cases[0].graph.nodes) == 4


@pytest.mark.parametrize("key", ["suite", "title", "version", "about", "weight"])
def test_a_suite_without_a_heading_is_rejected(key: str) -> None:
    head = "\n".join(line for line in HEAD.splitlines() if f"# {key}:" not in line)
    assert refusal(head + CASE).reason == f"'# {key}: ...' is missing"


@pytest.mark.parametrize(
    ("text", "case", "line", "reason"),
    [
        (HEAD, None, 1, "the suite has no cases"),
        (HEAD + "x = Value(3)\n" + CASE, None, 6, "only headings stand above the first case"),
        (HEAD.replace("10", "many") + CASE, None, 5, "the weight is a number of points"),
        (HEAD.replace("10", "-1") + CASE, None, 5, "the weight is a number of points"),
        (HEAD.replace("10", "inf") + CASE, None, 5, "the weight is a number of points"),
        (HEAD + "# order: first\n" + CASE, None, 6, "order is a whole number"),
        (HEAD + "# colour: red\n" + CASE, None, 6, "there is no heading '# colour:'"),
        (HEAD + "# title: Again\n" + CASE, None, 6, "'# title:' is there twice"),
        (HEAD + CASE + CASE, "product", 15, "there is another case of this id"),
        (HEAD + CASE.replace("# title: Product\n", ""), "product", 7, "'# title: ...' is missing"),
        (HEAD + CASE.replace("product", "My Case"), "My Case", 7, "an id is of small letters"),
        (HEAD + CASE + "# at: x=3\n", "product", 14, "'# at:' belongs above the program"),
        (HEAD + CASE.replace("z +", "w +"), "product", 12, "w is used before it is set"),
        (
            HEAD + CASE.replace("L.backward()", "").replace("x = V", "# check: x\nx = V"),
            "product",
            9,
            "the program never calls backward",
        ),
        (HEAD + CASE.replace("Value(4)", "Value(0)").replace("*", "/"), "product", 7, "not finite"),
        (HEAD + CASE.replace("z + 1", "relu(z - 12)"), "product", 7, "on a kink"),
        (
            HEAD + CASE.replace("z + 1", "z - 8"),
            "product",
            7,
            "y and L are both 4; let them differ",
        ),
        (HEAD + CASE.replace("z + 1", "(x * 1e-200) ** 2 + z"), "product", 7, "too close to 0"),
        (
            HEAD + CASE.replace("Value(3)", "Value(1e16)").replace("z + 1", "z - 4e16"),
            "product",
            7,
            "rounding leaves too little",
        ),
        (
            HEAD + CASE.replace("z + 1", "tanh((x - 3) * 1e9 + 1)"),
            "product",
            7,
            "the oracles disagree on a gradient: the engine says",
        ),
        (
            HEAD + CASE + "assert x.grad == 5\n",
            "product",
            14,
            "x.grad is asserted to be 5, but the",
        ),
        (
            HEAD + CASE.replace("x = V", "# check: q\nx = V"),
            "product",
            9,
            "check is 'leaves', 'inner'",
        ),
        (
            HEAD + CASE.replace("x = V", "# check: \nx = V"),
            "product",
            9,
            "check is 'leaves', 'inner'",
        ),
        (HEAD + CASE.replace("x = V", "# at: \nx = V"), "product", 7, "'# at: ...' is missing"),
        (HEAD + CASE.replace("x = V", "# at: a\nx = V"), "product", 9, "points are written as"),
        (HEAD + CASE.replace("x = V", "# at: a=b\nx = V"), "product", 9, "points are written as"),
        (HEAD + CASE.replace("x = V", "# at: a=1, a=2\nx = V"), "product", 9, "points are written"),
        (HEAD + CASE.replace("x = V", "# at: a=1\nx = V"), "product", 10, "gives a number for a"),
        (
            HEAD + CASE.replace("x = V", f"# at: a=1{'0' * 400}\nx = V"),
            "product",
            9,
            "points are written as",
        ),
        (
            HEAD + CASE.replace("x = Value(3)", "# at: a=nan\nx = Value(a)"),
            "product",
            10,
            "not finite",
        ),
    ],
)
def test_an_error_in_a_suite_has_a_file_a_case_and_a_line(
    text: str, case: str | None, line: int, reason: str
) -> None:
    error = refusal(text)
    assert reason in error.reason
    assert (error.file, error.case, error.line) == ("small.suite", case, line)
    place = f"small.suite, case {case}, line {line}" if case else f"small.suite, line {line}"
    assert str(error) == f"{place}: {error.reason}"


def test_a_case_may_say_that_numbers_are_equal() -> None:
    text = HEAD + CASE.replace("z + 1", "z - 8").replace("Product\n", "Product\n# equal: yes\n")
    (case,) = read_suite(text, "small.suite").cases
    assert "equal numbers" in case.needs


def test_a_case_of_inner_nodes_needs_inner_nodes() -> None:
    text = HEAD + "# case: leaf\n# title: Leaf\n# check: inner\nL = Value(3)\nL.backward()\n"
    assert "one at least" in refusal(text).reason


def test_an_unknown_suite_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(SuiteError, match="the suites are worked-example, pass"):
        catalogue.load("../secret")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of suites, in which the catalogue looks during the test."""
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    monkeypatch.setattr(cache, "FOLDER", tmp_path / "cache")
    _forget_suites()
    yield tmp_path
    _forget_suites()


def _forget_suites() -> None:
    for function in (catalogue.names, catalogue.outline, catalogue.read_text, catalogue._load):
        function.cache_clear()


def test_a_file_must_have_the_name_of_its_suite(folder: Path) -> None:
    folder.joinpath("other.suite").write_text(HEAD + CASE)
    with pytest.raises(SuiteError, match=r"^other\.suite, line 1: the file is named other"):
        catalogue.load("other")


def test_a_new_suite_needs_only_its_file(folder: Path) -> None:
    for name, order in (("last", ""), ("second", "# order: 20\n"), ("first", "# order: 3\n")):
        text = HEAD.replace("small", name) + order + CASE
        folder.joinpath(f"{name}.suite").write_text(text)
    assert catalogue.names() == ("first", "second", "last")
    assert catalogue.outline("second").cases == 1
    assert catalogue.load("second").cases[0].id == "product"
