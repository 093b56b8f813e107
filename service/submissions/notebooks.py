"""Notebooks that students submit. The driver reads them with the same code."""

from __future__ import annotations

from worker.driver.base.notebook import read_cells

__all__ = ["is_called_notebook", "read_cells"]

SUFFIX = ".ipynb"


def is_called_notebook(filename: str) -> bool:
    """Whether the file's name says that it is a notebook."""
    return filename.lower().endswith(SUFFIX)
