"""Engines as students write them, right and wrong: read as text, never imported."""

from pathlib import Path

HERE = Path(__file__).parent


def engine(name: str) -> str:
    """The source of an engine, such as "right/closures"."""
    return (HERE / f"{name}.py").read_text(encoding="utf-8")
