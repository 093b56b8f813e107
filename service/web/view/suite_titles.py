"""Titles of suites."""

from __future__ import annotations

from worker.suites import catalogue


def suite_title(name: str) -> str:
    """A suite's title, or its name if this installation no longer has the suite."""
    return catalogue.outline(name).title if name in catalogue.names() else name
