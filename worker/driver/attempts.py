"""Calls of a student's code that may fail, made to find out what it can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worker.driver.guard import OvertimeError
from worker.driver.stand_ins import MissingModuleError

FAILED = object()


def attempt(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the call gives; FAILED where it raises.

    Raises MissingModuleError where a number of a module that is not here was wanted, and what
    ends the search: OvertimeError and MemoryError.
    """
    try:
        return function(*arguments)
    except (MissingModuleError, OvertimeError, MemoryError):
        raise
    except BaseException:
        return FAILED
