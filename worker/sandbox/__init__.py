"""The sandbox: untrusted Python in, numbers or a verdict out."""

from worker.sandbox.errors import SandboxError
from worker.sandbox.outcome import Failure, Limits, Loaded, Observation
from worker.sandbox.sandbox import Sandbox
from worker.sandbox.session import Session

__all__ = ["Failure", "Limits", "Loaded", "Observation", "Sandbox", "SandboxError", "Session"]
