"""What of a report only teachers see."""

from __future__ import annotations

from service.feedback.solutions import hide_solutions


def test_students_get_their_own_formula_and_not_the_right_one() -> None:
    formula = {"of": "tanh(x)", "by": "x", "yours": "1 - t", "right": "1 - t**2", "where": ""}
    report = {"score": 1, "diagnoses": [{"title": "T", "formula": formula}, {"formula": None}]}
    shown = hide_solutions(report)
    assert shown["diagnoses"][0]["formula"] == {**formula, "right": ""}
    assert shown["diagnoses"][1]["formula"] is None
    assert shown["score"] == 1
    assert formula["right"] == "1 - t**2"


def test_a_report_without_diagnoses_stays_as_it_is() -> None:
    assert hide_solutions({"score": 1}) == {"score": 1, "diagnoses": []}
