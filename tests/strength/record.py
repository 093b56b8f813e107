"""Writes into the headers of wrong engines what they really do: python -m tests.strength.record.

Look at the difference before you keep it: the header is the promise that the tests hold.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.strength.corpus import files, outcomes_of, render, with_outcomes
from tests.strength.grading import all_cases, grade_all
from worker.sandbox import Sandbox


def record(path: Path, sandbox: Sandbox) -> bool:
    """Grade one engine and write its header; whether that changed it."""
    source = path.read_text(encoding="utf-8")
    report = grade_all(source, sandbox)
    written = with_outcomes(source, render(outcomes_of(report), all_cases()))
    path.write_text(written, encoding="utf-8")
    return written != source


def main(chosen: list[str]) -> None:
    """Record the files named, or all."""
    with Sandbox() as sandbox:
        for path in [Path(name) for name in chosen] or files():
            if record(path, sandbox):
                print(f"{path.name} changed")


if __name__ == "__main__":
    main(sys.argv[1:])
