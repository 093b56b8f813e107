"""The sandbox: runs untrusted Python and returns numbers or a verdict."""

from worker.report.names import Names
from worker.sandbox.errors import SandboxError
from worker.sandbox.host.outcome import Failure, Limits, Loaded, Observation
from worker.sandbox.host.sandbox import Sandbox
from worker.sandbox.host.session import Session

__all__ = [
    "Failure",
    "Limits",
    "Loaded",
    "Names",
    "Observation",
    "Sandbox",
    "SandboxError",
    "Session",
]
