"""Zygotes that are not as they should be, to see that it is noticed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from worker.sandbox import Sandbox
from worker.sandbox.host import zygote_process

PROGRAM = zygote_process.PROGRAM
RUN = f"""
import runpy
runpy.run_path({str(PROGRAM)!r}, run_name="__main__")
"""


@contextmanager
def altered(folder: Path, before: str, **environ: str) -> Iterator[Sandbox]:
    """A sandbox whose zygote does something beforehand, or is started with an environment."""
    program = folder / "zygote.py"
    program.write_text(before + RUN)
    start = subprocess.Popen

    def start_with(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        return start(*arguments, **options | {"env": environ})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zygote_process, "PROGRAM", program)
        patch.setattr(subprocess, "Popen", start_with)
        with Sandbox() as made:
            yield made
