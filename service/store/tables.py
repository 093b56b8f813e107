"""The list of all tables."""

from __future__ import annotations

import importlib

from sqlalchemy import MetaData

from service.store.base import Base

# By name, since they are in layers above this one.
MODULES = (
    "service.audit.models",
    "service.people.models",
    "service.courses.models",
    "service.submissions.models",
    "service.marks.models",
    "service.upkeep.models",
)


def load_metadata() -> MetaData:
    """All tables, no matter what has been imported so far."""
    for module in MODULES:
        importlib.import_module(module)
    return Base.metadata
