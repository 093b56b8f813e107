"""Among several gradients that fit the product, one that also fits a reused leaf is preferred."""

from __future__ import annotations

from tests.worker.driver.in_process import found, observe
from tests.worker.sandbox.programs import HONEST

REUSED = "a = Value(3)\nb = Value(5)\nc = a * b\nd = c * a\nd.backward()"
# The engine adds up gradients in `slope`, and keeps the last contribution in `last`.
BOTH = HONEST.replace(".grad", ".slope").replace("self.slope = 0.0", "self.last = self.slope = 0.0")
BOTH = BOTH.replace(
    "self.slope += other.data * out.slope",
    "self.last = other.data * out.slope; self.slope += self.last",
).replace(
    "other.slope += self.data * out.slope",
    "other.last = self.data * out.slope; other.slope += other.last",
)


def test_a_gradient_that_also_fits_a_reused_leaf_is_preferred() -> None:
    assert found(BOTH)["grad"] == "slope"
    assert observe(BOTH, REUSED, "a", "b") == {"numbers": [3, 5, 30, 9]}


def test_a_wrong_gradient_is_used_if_no_other_fits_a_reused_leaf() -> None:
    wrong = BOTH.replace("slope += self.last", "slope = self.last").replace(
        "slope += other.last", "slope = other.last"
    )
    assert found(wrong)["grad"] == "last"
    assert observe(wrong, REUSED, "a")["numbers"] != [3, 30]


def test_the_report_mentions_another_attribute_with_the_same_gradients() -> None:
    twice = HONEST.replace(".grad", ".slope")
    twice += "\nValue.steepness = property(lambda self: self.slope)\n"
    interface = found(twice)
    assert interface["grad"] in {"slope", "steepness"}
    (other,) = {"slope", "steepness"} - {interface["grad"]}
    assert f"The gradient is also in .{other}." in interface["notes"]
