"""What one mistake costs: the points that engines with one slip lose out of 100.

The bands hold for several seeds of random graphs, because every grading may have another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.strength.forms.engine import write_engine
from tests.strength.grading import losses_of
from tests.students import engine
from tests.students.one_slip import one_slip

SLIPS = one_slip()
# A row: the fewest and the most points lost, and what is wrong. Below it, the engines: names of
# tests/students, of its slips, "without" an operation, "lacks" a method, or "zeros". Where a method
# is lacking, what is built on it doesn't work either: a / b is a * b ** -1, and a - b is a + -b.
TABLE = """
0-0 nothing
    slip right, right/closures, right/whole_numbers, right/numpy_arrays
2-6 a function is missing
    without tanh, without exp, without log, without relu, without sigmoid, without sin, without
    cos, without sqrt, without abs, lacks tanh, lacks exp, lacks log, lacks relu, lacks sigmoid,
    lacks sin, lacks cos, lacks sqrt, lacks __abs__
4-12 subtraction, division or negation is missing
    without -, without /, without neg, lacks __sub__, lacks __truediv__, lacks __neg__
6-16 power is missing
    without **, lacks __pow__
30-100 + or * is missing
    without +, without *, lacks __add__, lacks __mul__
0-5 single precision
    slip single precision
2-5 operands swapped in one form
    slip 1 - x swapped, slip 1 / x swapped, wrong/m33_rsub_is_sub, wrong/m33_rsub_swapped,
    wrong/m34_rtruediv_swapped, wrong/m61_rpow_swapped
2-6 one function
    slip tanh with 1 - t, slip exp with x * e, slip relu with 1, slip sigmoid with 1 - s, slip
    log of x + 1e-8, slip tanh without return, wrong/m02_assigns_in_exp,
    wrong/m02_assigns_in_relu, wrong/m02_assigns_in_tanh, wrong/m16_tanh_not_hooked_up,
    wrong/m18_relu_returns_nothing, wrong/m19_tanh_is_a_number, wrong/m27_tanh_from_x,
    wrong/m27_tanh_not_squared, wrong/m28_exp_from_x, wrong/m28_relu_like_tanh,
    wrong/m28_sigmoid_lacks_a_factor, wrong/m29_mask_always_true, wrong/m29_mask_inverted,
    wrong/m57_exp_takes_own_gradient,
    wrong/m64_tanh_hooked_up_in_itself
3-8 equal operands confused
    wrong/m41_keyed_by_operand
4-12 subtraction, division or negation
    slip -x is a number, slip a - b gives +1 to both, slip a / b with the sign lost,
    wrong/m17_division_without_closure, wrong/m17_negation_without_closure,
    wrong/m17_negation_of_a_copy, wrong/m19_negation_is_a_number,
    wrong/m25_difference_is_a_sum, wrong/m26_divisor_not_squared, wrong/m26_root_for_square,
    wrong/m26_sign_lost, wrong/m17_negation_forgets, wrong/m26_quotient_swapped
6-16 power
    slip the power forgets n, slip the power forgets upstream, wrong/m21_power_pair,
    wrong/m23_power_without_upstream, wrong/m24_always_a_square, wrong/m24_n_for_n_minus_1,
    wrong/m24_n_missing, wrong/m57_power_takes_own_gradient, wrong/m56_power_without_operand
8-20 equal numbers are one node
    slip equal numbers are one node, wrong/m39_equal_values_merge,
    wrong/m39_gradients_by_value, wrong/m39_leaves_interned, wrong/m39_unique_by_value,
    wrong/m39_eq_and_hash_by_value
15-30 wrong traversal
    slip naive recursion, slip breadth-first once, slip append outside the guard,
    wrong/m03_naive_recursion, wrong/m05_breadth_first_once, wrong/m05_levels,
    wrong/m06_breadth_first_again, wrong/m07_append_outside_the_if,
    wrong/m08_stack_appends_twice, wrong/m10_passes_on_the_sum, wrong/m04_children_before
25-40 assigns everywhere
    slip assigns everywhere, wrong/m01_assigns_everywhere, wrong/m01_assigns_in_the_loop
30-50 multiplication or addition
    slip * gives own data, slip * without closure, slip + drops the second operand,
    wrong/m30_own_data, wrong/m30_own_data_once, wrong/m16_product_not_hooked_up,
    wrong/m57_product_takes_siblings_gradient, wrong/m64_hooked_up_in_itself
40-65 the pass stops or runs in the wrong order
    slip order not reversed, wrong/m04_order_not_reversed, wrong/m04_order_of_a_set,
    wrong/m04_sorted_by_age_upwards, wrong/m62_only_the_last_step, wrong/m62_two_levels_only
40-65 the output's gradient is never set
    slip never seeded, wrong/m12_never_seeded
60-80 every gradient is 0, or no backward
    slip order never built, slip backward uses a global, slip no backward,
    wrong/m20_parameter_ignored, wrong/m64_order_of_a_copy, wrong/m64_visited_is_appended
98-100 nothing works
    wrong/m20_backward_of_nothing, zeros
"""
# Every number is 0, so its gradients agree with its own differences.
ZEROS = """
class Value:
    def __init__(self, data):
        self.data, self.grad = data, 0.0

    def zero(self, *_):
        return Value(0.0)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = zero
    __rtruediv__ = __pow__ = __rpow__ = __neg__ = __abs__ = zero
    tanh = exp = log = relu = sigmoid = sin = cos = sqrt = zero

    def backward(self):
        self.grad = 1.0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A row of the table."""

    fewest: int
    most: int
    engines: tuple[str, ...]


def read_table() -> dict[str, Band]:
    """The rows by what is wrong."""
    rows = re.findall(r"^(\d+)-(\d+) (.*)\n((?:    .*\n)+)", TABLE, re.MULTILINE)
    return {
        row: Band(
            fewest=int(fewest),
            most=int(most),
            engines=tuple(" ".join(listed.split()).split(", ")),
        )
        for fewest, most, row, listed in rows
    }


BANDS = read_table()


def find_source(name: str) -> str:
    """The file that a name of the table stands for."""
    if name == "zeros":
        return ZEROS
    kind, _, rest = name.partition(" ")
    if kind == "slip":
        return SLIPS[rest]
    if kind == "without":
        return write_engine("left first", without=[rest])
    if kind == "lacks":
        return remove_method(SLIPS["right"], rest)
    return engine(name)


def remove_method(source: str, name: str) -> str:
    """The file without one of its methods and its other name, `__radd__` for `__add__`."""
    shorter, found = re.subn(rf"    def {name}\(.*?\n\n", "", source, flags=re.DOTALL)
    assert found == 1, name
    return re.sub(rf"    __\w+__ = {name}\n", "", shorter)


@pytest.fixture(scope="module")
def lost() -> dict[str, tuple[float, ...]]:
    """The points that each engine of the table loses, with each seed."""
    names = [name for band in BANDS.values() for name in band.engines]
    return dict(zip(names, losses_of(map(find_source, names)), strict=True))


@pytest.mark.parametrize("row", BANDS)
def test_a_mistake_costs_what_its_band_says(row: str, lost: dict[str, tuple[float, ...]]) -> None:
    band = BANDS[row]
    points = {name: lost[name] for name in band.engines}
    out = {
        name: some
        for name, some in points.items()
        if not band.fewest <= min(some) <= max(some) <= band.most
    }
    assert out == {}


def test_no_gradients_at_all_costs_at_least_as_much_as_never_seeded(
    lost: dict[str, tuple[float, ...]],
) -> None:
    unseeded = BANDS["the output's gradient is never set"].engines
    without = BANDS["every gradient is 0, or no backward"].engines
    assert max(max(lost[name]) for name in unseeded) <= min(min(lost[name]) for name in without)
