"""The list of all tables."""

from __future__ import annotations

import importlib

from sqlalchemy import MetaData

from service.store.base import Base

# By name: each lies in a layer above this one, and only the whole needs them together.
MODULES = (
    "service.people.models",
    "service.courses.models",
    "service.submissions.models",
    "service.marks.models",
)


def load_metadata() -> MetaData:
    """All tables, whatever has been imported so far."""
    for module in MODULES:
        importlib.import_module(module)
    return Base.metadata
