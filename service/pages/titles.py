"""What suites are called."""

from __future__ import annotations

from worker import suites


def suite_title(name: str) -> str:
    """A suite's title; its name where this installation no longer has it."""
    return suites.outline(name).title if name in suites.names() else name
