"""Float arithmetic that never raises."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from worker.reference import floats

INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("function", "arguments", "result"),
    [
        (floats.divide, (1.0, 4.0), 0.25),
        (floats.divide, (1.0, 0.0), INF),
        (floats.divide, (-1.0, 0.0), -INF),
        (floats.divide, (1.0, -0.0), -INF),
        (floats.divide, (0.0, 0.0), NAN),
        (floats.divide, (NAN, 0.0), NAN),
        (floats.power, (2.0, 10.0), 1024.0),
        (floats.power, (0.0, 0.0), 1.0),
        (floats.power, (10.0, 400.0), INF),
        (floats.power, (-10.0, 401.0), -INF),
        (floats.power, (-10.0, 400.0), INF),
        (floats.power, (-8.0, 1 / 3), NAN),
        (floats.power, (0.0, -1.0), INF),
        (floats.power, (-0.0, -1.0), -INF),
        (floats.power, (-0.0, -2.0), INF),
        (floats.exp, (1.0,), math.e),
        (floats.exp, (1000.0,), INF),
        (floats.exp, (-1000.0,), 0.0),
        (floats.log, (1.0,), 0.0),
        (floats.log, (0.0,), -INF),
        (floats.log, (-1.0,), NAN),
        (floats.sqrt, (9.0,), 3.0),
        (floats.sqrt, (-1.0,), NAN),
        (floats.sin, (0.0,), 0.0),
        (floats.sin, (INF,), NAN),
        (floats.cos, (0.0,), 1.0),
        (floats.cos, (-INF,), NAN),
        (floats.relu, (2.5,), 2.5),
        (floats.relu, (-2.5,), 0.0),
        (floats.relu, (NAN,), NAN),
        (floats.sigmoid, (0.0,), 0.5),
        (floats.sigmoid, (1000.0,), 1.0),
        (floats.sigmoid, (-1000.0,), 0.0),
    ],
)
def test_results_are_inf_or_nan_where_python_raises(
    function: Callable[..., float], arguments: tuple[float, ...], result: float
) -> None:
    got = function(*arguments)
    assert got == result or (math.isnan(got) and math.isnan(result))
