"""Whether a grading used the suites that its assignment has now: a digest of each can be compared.

A digest is of the suites' names, versions and points. It's stored with a grading, so that a
gradebook reads no reports.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from service.courses.models import Assignment
from worker.report.model import Report
from worker.suites import catalogue

LENGTH = 16  # hexadecimal digits: only a few digests of an assignment are ever compared


def digest_of_report(report: Report) -> str:
    """What a grading's report was made with."""
    versions = report.provenance.suite_versions
    return _digest(
        (each.name, versions.get(each.name, ""), each.max_score) for each in report.suites
    )


def digest_of_assignment(assignment: Assignment) -> str:
    """What a grading that starts now would use."""
    known = catalogue.names()
    return _digest(
        (
            each.suite,
            catalogue.outline(each.suite).version if each.suite in known else "",
            each.weight,
        )
        for each in assignment.suites
    )


def _digest(suites: Iterable[tuple[str, str, float]]) -> str:
    described = sorted((name, version, round(points, 6)) for name, version, points in suites)
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:LENGTH]
