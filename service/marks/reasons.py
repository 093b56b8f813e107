"""Why staff gave a mark or an extension."""

from __future__ import annotations

MAX_REASON = 2_000  # characters


def find_fault(reason: str) -> str:
    """What is wrong with a reason; empty if nothing is. It may be left out."""
    if "\0" in reason:
        return "The reason has a NUL character in it. Remove it."
    if len(reason) > MAX_REASON:
        return f"Say it in at most {MAX_REASON:,} characters."
    return ""
