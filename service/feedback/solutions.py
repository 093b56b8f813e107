"""What of a report only teachers see."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from worker.report.model import Summary


def hide_solutions(report: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a report's JSON without the right formulas, which would be the line to write."""
    diagnoses = [
        {**one, "formula": {**one["formula"], "right": ""}} if one["formula"] else one
        for one in report.get("diagnoses", ())
    ]
    return {**report, "diagnoses": diagnoses}


def without_solutions(report: Summary) -> Summary:
    """Returns a report without the right formulas."""
    diagnoses = tuple(
        dataclasses.replace(one, formula=dataclasses.replace(one.formula, right=""))
        if one.formula
        else one
        for one in report.diagnoses
    )
    return dataclasses.replace(report, diagnoses=diagnoses)
