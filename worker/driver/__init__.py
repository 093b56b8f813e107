"""The part of ours that runs beside a student's code, inside the sandbox.

It takes the source, finds out how the student spells the engine, then makes graphs with it and
answers with plain numbers. It is told no expected number, and nothing that it says is trusted: the
other end checks every byte. The standard library alone; what it uses, it holds before the student's
first line runs.
"""

from worker.driver.base.protocol import receive, send
from worker.driver.rehearsal import rehearse
from worker.driver.serving import serve

__all__ = ["receive", "rehearse", "send", "serve"]
