"""Makes workers that are there to be killed: `python -m tests.worker.sandbox.doomed`.

For each line of input it forks a worker, which says its process id, makes a sandbox, then grades
without end and says so after each. The worker's end is reported as a line `ended`.
"""

from __future__ import annotations

import os
import sys

from tests.worker.sandbox.programs import HONEST, grade
from worker.sandbox import Sandbox


def _say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def _work() -> None:
    _say(str(os.getpid()))
    with Sandbox() as made:
        while True:
            _say(grade(made, HONEST))


if __name__ == "__main__":
    for _ in sys.stdin:
        worker = os.fork()
        if worker == 0:
            _work()
        os.waitpid(worker, 0)
        _say("ended")
