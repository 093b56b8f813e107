"""What suites are called."""

from __future__ import annotations

from worker.suites import catalogue


def suite_title(name: str) -> str:
    """A suite's title; its name where this installation no longer has it."""
    return catalogue.outline(name).title if name in catalogue.names() else name
