"""Hunts with atheris for bytes that the frame reader cannot stand: it seeks code not yet run.

`python -m tests.worker.sandbox.hunting FOLDER -max_total_time=60` hunts for a minute, `-runs=N`
with N inputs. It starts from answers of a driver, and keeps in the folder what reaches new code.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

with atheris.instrument_imports(
    include=["worker.sandbox.host.frames", "worker.sandbox.host.answers"]
):
    from tests.worker.sandbox.fuzzing import CAP, LENGTH, SEEDS, swallow


def hunt(folder: Path) -> None:
    """Ends the process when it is done, or when it has found something."""
    for number, seed in enumerate(SEEDS):
        (folder / str(number)).write_bytes(seed)
    atheris.Setup(sys.argv, _try)
    atheris.Fuzz()


def _try(data: bytes) -> None:
    """The bytes as they are, and as the body of a frame of the right length."""
    framed = len(data).to_bytes(LENGTH, "big") + data
    assert swallow(data, 1 + len(data) // 2) <= CAP + LENGTH
    assert swallow(framed, 2**16) <= CAP + LENGTH


if __name__ == "__main__":
    hunt(Path(sys.argv[1]))
