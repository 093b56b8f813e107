"""What goes wrong on our side. A student's failure is never one of these."""

from __future__ import annotations


class SandboxError(Exception):
    """The sandbox itself failed: a sentence that says what, and what to do about it."""
