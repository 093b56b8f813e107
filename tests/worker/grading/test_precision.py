"""Single precision is accepted, and reported once. So is rounding, whose tests stay wrong."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import assume, given, settings

from service.feedback.summary import find_broken_rules
from tests.students import engine, names
from tests.support.engines import SINGLE, Engine, observe, run, runs_on
from tests.support.engines.fakes import (
    Slope,
    central,
    extrapolated,
    fake,
    five_points,
    forward,
    four_steps,
)
from tests.support.program_strategies import programs
from worker.grading.grade import grade
from worker.grading.judge import judge
from worker.grading.marking import Selection
from worker.grading.precision import (
    APPROXIMATE,
    DOUBLE_REQUIRED,
    HALF_PRECISION,
    SINGLE_PRECISION,
    Loss,
    recognise,
    settle,
    widen,
)
from worker.graph import parse
from worker.reference import floats
from worker.report.model import Precision, PrecisionKind, Quantity, Report, Verdict
from worker.sandbox import Sandbox
from worker.sandbox.host.outcome import Observation
from worker.suites import catalogue
from worker.suites.cases import Case, Kind
from worker.suites.format.reader import read_suite
from worker.suites.rules import PRECISION
from worker.suites.validation import consult, find_hazard

SEED = 5
WEIGHTED = [name for name in catalogue.names() if catalogue.outline(name).weight]
CASES = [case for name in WEIGHTED for case in catalogue.load(name, SEED).cases]
PLAIN = [case for case in CASES if case.kind is Kind.NUMBERS]
ACCEPTED = Precision(kind=PrecisionKind.SINGLE, message=SINGLE_PRECISION, accepted=True)
LOSS = Loss(precision=ACCEPTED, formats=floats.IN_SINGLE)
UNPACK = r"struct\.unpack\(.*\)\[0\]"  # in tests/students/single/packed_data.py
SLIPS = {  # what is right in tests/students/single/packed_data.py, and what is wrong
    "tanh": ("1 - t * t", "1 - t"),
    "exp": ("return self._unary(e, e)", "return self._unary(e, e * 1.001)"),
    "seed": ("visit(self)\n        self.grad = 1.0", "visit(self)"),
    "sum": (".grad += ", ".grad = "),
    "product": ("self.grad += o.data * out.grad", "self.grad += self.data * out.grad"),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def grade_fully(source: str, sandbox: Sandbox, *, require_double: bool = False) -> Report:
    suites = [catalogue.load(name, SEED) for name in catalogue.names()]
    selections = [Selection(suite=suite, weight=suite.weight) for suite in suites]
    return grade(source, selections, sandbox, seed=SEED, require_double=require_double)


def recognise_numbers(
    change: Callable[[float], float],
    *,
    quantity: Quantity | None = None,
    cases: list[Case] = PLAIN,
    require_double: bool = False,
) -> Precision | None:
    """What is recognised of an engine that gives the expected numbers in another form."""
    judged = []
    for case in cases:
        numbers = tuple(
            change(due.expected) if quantity in (None, due.quantity) else due.expected
            for due in case.expectations
        )
        judged.append((case, judge(case, Observation(numbers))))
    loss = recognise(judged, require_double=require_double)
    return loss.precision if loss else None


@pytest.mark.no_cover
@pytest.mark.sandbox
@pytest.mark.parametrize("name", names("single"))
def test_a_right_engine_of_single_precision_gets_every_point_and_one_message(
    name: str, sandbox: Sandbox
) -> None:
    report = grade_fully(engine(name), sandbox)
    assert report.precision == ACCEPTED
    assert report.score == report.max_score == 100
    failed = [
        case
        for case in chain(*(s.cases for s in report.suites if s.gives_points))
        if not case.passed
    ]
    assert failed == []
    by_precision = [case for suite in report.suites for case in suite.cases if case.by_precision]
    assert len(by_precision) > 50
    assert all(not case.message for case in by_precision)


@pytest.mark.no_cover
@pytest.mark.sandbox
@pytest.mark.parametrize("slip", SLIPS)
def test_a_wrong_engine_of_single_precision_fails_what_it_fails_in_double(
    slip: str, sandbox: Sandbox
) -> None:
    right, wrong = SLIPS[slip]
    single = engine("single/packed_data")
    double = re.sub(UNPACK, "data", single)
    assert right in single
    assert double != single
    reports = [grade_fully(s.replace(right, wrong), sandbox) for s in (single, double)]
    assert [report.precision for report in reports] == [ACCEPTED, None]
    suites = [[s for s in r.suites_with_points if s.name != "random"] for r in reports]
    verdicts = [[case.verdict for suite in each for case in suite.cases] for each in suites]
    assert verdicts[0] == verdicts[1]
    assert [s.score for s in suites[0]] == [s.score for s in suites[1]]
    assert reports[1].score <= reports[0].score <= reports[1].score + 0.5  # small gradients


@pytest.mark.sandbox
def test_where_double_precision_is_required_single_precision_is_wrong(sandbox: Sandbox) -> None:
    report = grade_fully(engine("single/packed_data"), sandbox, require_double=True)
    assert report.precision == Precision(kind=PrecisionKind.SINGLE, message=DOUBLE_REQUIRED)
    assert report.score < 50
    assert {line.cause for line in report.ledger or ()} == {"too few digits"}
    assert not any(case.by_precision for suite in report.suites for case in suite.cases)


def test_single_precision_can_decide_every_test_that_gives_points() -> None:
    undecided = [case.id for case in CASES if case.kind is not Kind.CONVENTION and not widen(case)]
    assert undecided == []


@pytest.mark.no_cover
@pytest.mark.parametrize("single", SINGLE)
@pytest.mark.parametrize("name", WEIGHTED)
def test_an_engine_of_single_precision_passes_every_test_however_it_is_written(
    single: Engine, name: str
) -> None:
    """Also where it rounds other numbers than these engines do in double precision."""
    for case in catalogue.load(name, SEED).cases:
        report = settle(case, judge(case, observe(single, case)), LOSS)
        assert report.verdict is Verdict.PASSED, (case.id, report.message)


@given(programs())
@settings(max_examples=80, deadline=None)
def test_engines_of_single_precision_stay_within_its_tolerance(program: str) -> None:
    oracle = consult(parse(program), floats.IN_SINGLE)
    assume(find_hazard(oracle) is None)
    for single in SINGLE:
        if runs_on(single, oracle.graph):
            numbers = run(single, oracle.graph)
            for kind in ("data", "grad"):
                due, got = getattr(oracle.evaluation, kind), getattr(numbers, kind)
                most = getattr(oracle.bounds, kind)
                for expected, actual, tolerance in zip(due, got, most, strict=True):
                    if tolerance <= 0.05 * max(1, abs(expected)):
                        assert abs(expected - actual) <= tolerance, (single, kind, program)


@pytest.mark.parametrize("quantity", [None, *Quantity])
def test_float32_is_recognised_by_its_values_or_its_gradients(quantity: Quantity | None) -> None:
    assert recognise_numbers(floats.SINGLE.nearest, quantity=quantity) == ACCEPTED
    rejected = recognise_numbers(floats.SINGLE.nearest, quantity=quantity, require_double=True)
    assert rejected == Precision(kind=PrecisionKind.SINGLE, message=DOUBLE_REQUIRED)


def test_float16_is_recognised_and_not_accepted() -> None:
    found = recognise_numbers(floats.HALF.nearest)
    assert found == Precision(kind=PrecisionKind.HALF, message=HALF_PRECISION)
    assert recognise_numbers(floats.HALF.nearest, require_double=True) == found


@pytest.mark.parametrize("digits", range(1, 15))
@pytest.mark.parametrize("quantity", [None, *Quantity])
def test_numbers_rounded_to_some_decimals_are_recognised(
    digits: int, quantity: Quantity | None
) -> None:
    found = recognise_numbers(lambda number: round(number, digits), quantity=quantity)
    assert found is not None
    assert (found.kind, found.digits, found.accepted) == (PrecisionKind.ROUNDED, digits, False)
    what = {Quantity.DATA: "its values to", Quantity.GRAD: "its gradients to"}
    assert what[quantity] in found.message if quantity else "values and gradients" in found.message
    assert ("1 decimal." if digits == 1 else f"{digits} decimals.") in found.message


@pytest.mark.parametrize("digits", [2, 3, 4, 7, 10, 14])
@pytest.mark.parametrize("quantity", [None, *Quantity])
def test_numbers_rounded_to_some_significant_digits_are_recognised(
    digits: int, quantity: Quantity | None
) -> None:
    found = recognise_numbers(lambda number: float(f"{number:.{digits}g}"), quantity=quantity)
    assert found is not None
    assert (found.kind, found.digits, found.accepted) == (PrecisionKind.ROUNDED, digits, False)
    assert f"{digits} significant digits." in found.message


@pytest.mark.parametrize("digits", [2, 4])
def test_rounding_comes_before_single_precision(digits: int) -> None:
    found = recognise_numbers(lambda number: floats.SINGLE.nearest(round(number, digits)))
    assert found is not None
    assert (found.kind, found.digits) == (PrecisionKind.ROUNDED, digits)


@pytest.mark.parametrize(
    "change",
    [
        lambda number: number,
        lambda number: number * (1 + 1e-8),  # finite differences
        lambda number: number + 1e-8,
        lambda _: 0.0,
        lambda _: 1.0,
        lambda number: -number,
        lambda _: 0.7,
        lambda number: float(int(number)),  # an integer buffer: another mistake
        lambda number: floats.SINGLE.nearest(number * 1.01),  # of the form, but far off
        lambda _: float("nan"),
    ],
)
def test_other_numbers_have_no_precision_to_report(change: Callable[[float], float]) -> None:
    for quantity in (None, *Quantity):
        assert recognise_numbers(change, quantity=quantity) is None


@pytest.mark.parametrize("kind", [forward, central, extrapolated, five_points, four_steps])
@pytest.mark.parametrize("step", [1e-2, 1e-4, 1e-6, 1e-8, 2.0**-9, 2.0**-21])
def test_gradients_by_differences_are_no_lower_precision(
    kind: Callable[[float], Slope], step: float
) -> None:
    """Even those that are closer than single precision have exact values beside them."""
    judged = []
    for case in catalogue.load("rules").cases:
        with contextlib.suppress(ValueError, ZeroDivisionError, TypeError):  # left a domain
            judged.append((case, judge(case, observe(fake(kind(step)), case))))
    assert any(report.verdict is Verdict.WRONG_GRADIENT for _, report in judged)
    assert recognise(judged) is None


@pytest.mark.no_cover
@pytest.mark.parametrize("kind", [forward, central, extrapolated, five_points, four_steps])
@pytest.mark.parametrize("step", [10.0**-exponent for exponent in range(1, 15)])
def test_single_precision_hides_no_gradients_by_differences(
    kind: Callable[[float], Slope], step: float
) -> None:
    """Not even if each is rounded to float32, which makes many of them right to its last digit."""
    judged = []
    for name in ("rules", "functions"):
        for case in catalogue.load(name).cases:
            with contextlib.suppress(ValueError, ZeroDivisionError, TypeError):  # left a domain
                numbers = [
                    floats.SINGLE.nearest(number) if due.quantity is Quantity.GRAD else number
                    for due, number in zip(
                        case.expectations, observe(fake(kind(step)), case).numbers, strict=True
                    )
                    if number is not None
                ]
                judged.append((case, judge(case, Observation(tuple(numbers)))))
    loss = recognise(judged)
    failed = [case for case, report in judged if not settle(case, report, loss).passed]
    assert len(failed) > len(judged) / 10


DIFFERENCES = """
    def backward(self):
        nodes = [self]
        for node in nodes:
            nodes += [one for one in node.kids if one not in nodes]
        for moved in nodes:
            def find(node, by):
                if node is moved:
                    return node.exact + by
                return node.form(*(find(kid, by) for kid in node.kids)) if node.kids else node.exact
            moved.grad += (find(self, 1e-6) - find(self, -1e-6)) / 2e-6
"""
BY_DIFFERENCES = (
    """
import math
import struct


def keep(number):
    return number


def single(number):
    return struct.unpack("f", struct.pack("f", number))[0]


class Value:
    def __init__(self, data, kids=(), form=None):
        self.exact, self.kids, self.form = data, kids, form
        self.data = keep(data)
        self._grad = 0.0

    @property
    def grad(self):
        return self._grad

    @grad.setter
    def grad(self, number):
        self._grad = keep_grad(number)

    def _apply(self, form, *others):
        nodes = (self, *(o if isinstance(o, Value) else Value(o) for o in others))
        return Value(form(*(node.exact for node in nodes)), nodes, form)

    def __add__(self, o):
        return self._apply(lambda a, b: a + b, o)

    def __mul__(self, o):
        return self._apply(lambda a, b: a * b, o)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, o):
        return self._apply(lambda a, b: a - b, o)

    def __truediv__(self, o):
        return self._apply(lambda a, b: a / b, o)

    def __pow__(self, o):
        return self._apply(lambda a, b: a**b, o)

    def tanh(self):
        return self._apply(math.tanh)

    def exp(self):
        return self._apply(math.exp)

    def log(self):
        return self._apply(math.log)

    def sin(self):
        return self._apply(math.sin)

    def cos(self):
        return self._apply(math.cos)
"""
    + DIFFERENCES
)


def test_keeping_numbers_in_float32_gives_differences_few_points(sandbox: Sandbox) -> None:
    """In float32 they are right where the gradient is a number such as 1 or -2.5."""
    sources = (
        BY_DIFFERENCES.replace("keep_grad(", "single("),
        BY_DIFFERENCES.replace("keep_grad(", "single(").replace("= keep(", "= single("),
    )
    suites = [catalogue.load(name, SEED) for name in ("rules", "functions")]
    selections = [Selection(suite=suite, weight=50) for suite in suites]
    for source in sources:
        report = grade(source, selections, sandbox, seed=SEED)
        assert report.precision == Precision(kind=PrecisionKind.SINGLE, message=APPROXIMATE)
        assert report.score < 60


def test_differences_in_one_function_stay_wrong_if_only_leaves_are_in_float32(
    sandbox: Sandbox,
) -> None:
    """Float32 leaves pass on their own errors, and other numbers keep their digits."""
    slope = "(math.tanh(self.data + 1e-5) - math.tanh(self.data - 1e-5)) / 2e-5"
    source = engine("single/packed_data").replace("1 - t * t", slope)
    (packed,) = re.findall(UNPACK, source)
    report = grade_fully(source.replace(packed, f"data if kids else {packed}"), sandbox)
    assert report.precision == ACCEPTED
    assert {line.cause for line in report.ledger or ()} == {"tanh"}


@pytest.mark.parametrize(
    ("change", "formats"),
    [
        ({Quantity.DATA}, floats.IN_SINGLE),
        ({Quantity.GRAD}, floats.Formats(gradients=floats.SINGLE)),
        (set(Quantity), floats.IN_SINGLE),
    ],
)
def test_only_what_is_in_single_precision_is_judged_by_it(
    change: set[Quantity], formats: floats.Formats
) -> None:
    judged = []
    for case in PLAIN:
        numbers = tuple(
            floats.SINGLE.nearest(due.expected) if due.quantity in change else due.expected
            for due in case.expectations
        )
        judged.append((case, judge(case, Observation(numbers))))
    loss = recognise(judged)
    assert loss is not None
    assert loss.formats == formats


def test_gradients_in_float32_leave_values_in_double_precision() -> None:
    case = next(case for case in PLAIN if case.id == "product-beside-a-number@1")
    wider = widen(case, floats.Formats(gradients=floats.SINGLE))
    assert wider is not None
    for due, wide in zip(case.expectations, wider, strict=True):
        assert (wide.tolerance > due.tolerance) == (due.quantity is Quantity.GRAD), due.name


def test_a_few_numbers_show_nothing() -> None:
    assert recognise_numbers(floats.SINGLE.nearest, cases=PLAIN[-1:]) == ACCEPTED
    few = replace(PLAIN[-1], expectations=PLAIN[-1].expectations[:4])
    assert recognise_numbers(floats.SINGLE.nearest, cases=[few]) is None


def test_an_engine_that_rounds_one_function_alone_is_not_called_rounded() -> None:
    """The right numbers of other functions are evidence against it."""
    of_tanh = {case.id for case in PLAIN if case.establishes == "tanh"}
    assert len(of_tanh) >= 5
    judged = []
    for case in PLAIN:
        digits = 2 if case.id in of_tanh else 17
        numbers = tuple(round(due.expected, digits) for due in case.expectations)
        judged.append((case, judge(case, Observation(numbers))))
    assert recognise(judged) is None
    assert recognise([pair for pair in judged if pair[0].id in of_tanh]) is not None


@pytest.mark.parametrize("digits", [1, 4, 8, 12])
def test_rounding_is_the_only_cause_of_an_engine_that_is_right_otherwise(
    digits: int, sandbox: Sandbox
) -> None:
    source = engine("single/packed_data")
    report = grade_fully(re.sub(UNPACK, f"round(data, {digits})", source), sandbox)
    assert report.precision is not None
    assert (report.precision.kind, report.precision.digits) == (PrecisionKind.ROUNDED, digits)
    assert {line.cause for line in report.ledger or ()} == {"too few digits"}
    (broken,) = find_broken_rules(report)
    assert broken.heading == "Numbers have too few digits"
    assert broken.messages[0].startswith("Fails because of too few digits: ")


def test_a_mistake_is_a_cause_of_its_own_beside_rounding(sandbox: Sandbox) -> None:
    source = engine("single/packed_data").replace("1 - t * t", "1 - t")
    report = grade_fully(re.sub(UNPACK, "round(data, 4)", source), sandbox)
    assert {line.cause for line in report.ledger or ()} == {"too few digits", "tanh"}
    assert [broken.rule for broken in find_broken_rules(report)] == [PRECISION, "tanh"]


def test_half_precision_is_a_cause_too(sandbox: Sandbox) -> None:
    source = engine("single/packed_data").replace('"f"', '"e"')
    report = grade_fully(source, sandbox)
    assert report.precision == Precision(kind=PrecisionKind.HALF, message=HALF_PRECISION)
    causes = {line.cause for line in report.ledger or ()}
    assert causes == {"too few digits", "multiplication"}  # struct can't pack 4e12


def test_only_wrong_numbers_are_judged_again() -> None:
    case = PLAIN[0]
    error = case.report(Verdict.ERROR, "It raised.")
    wrong = case.report(Verdict.WRONG_VALUE, "It is wrong.")
    assert settle(case, error, LOSS) is error
    assert settle(case, wrong, None) is wrong
    right = case.report(Verdict.WRONG_GRADIENT, "Wrong in another way.", case.fulfilled_checks)
    assert settle(case, right, LOSS) is right


HEAD = "# suite: s\n# title: S\n# version: 1\n# about: A.\n# weight: 1\n\n# case: c\n# title: C\n"


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("x = Value(1e30)\nL = x * x", "too large for float32"),
        ("x = Value(1e-30)\nL = x * x", "too small for float32"),
        ("x = Value(1.1)\ny = Value(-1.10000001)\nL = relu(x + y)", "on a kink in float32"),
        ("x = Value(1000.1)\ny = x * x\nL = (y - 1000195) * y", "cancels in float32"),
    ],
)
def test_what_single_precision_cannot_decide_passes(program: str, reason: str) -> None:
    case = read_suite(f"{HEAD}{program}\nL.backward()\n", "s.suite", verify=False).cases[0]
    assert widen(case) is None, reason
    wrong = judge(case, Observation(tuple(2 * due.expected + 1 for due in case.expectations)))
    assert wrong.verdict is Verdict.WRONG_VALUE
    report = settle(case, wrong, LOSS)
    assert (report.verdict, report.message, report.by_precision) == (Verdict.PASSED, "", True)


def test_accepted_answers_are_accepted_in_single_precision_too() -> None:
    answer = "# answer: x.grad == 0.3 -> Another answer.\n"
    program = "x = Value(0.7)\nL = x * x\nL.backward()\n"
    case = read_suite(HEAD + answer + program, "s.suite").cases[0]
    numbers = (0.3 if due.quantity is Quantity.GRAD else due.expected for due in case.expectations)
    wrong = judge(case, Observation(tuple(map(floats.SINGLE.nearest, numbers))))
    assert wrong.verdict is Verdict.WRONG_VALUE
    report = settle(case, wrong, LOSS)
    assert (report.verdict, report.message) == (Verdict.PASSED, "Another answer.")
