"""The error of an operator's command."""

from __future__ import annotations


class OperationError(Exception):
    """Something can't be done to the installation; the message says why and what to do."""
