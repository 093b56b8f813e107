"""Correct engines, each spelled its own way, and engines that fake their gradients."""

from tests.worker.engines.closures import Closures
from tests.worker.engines.composed import Composed
from tests.worker.engines.dual import Dual
from tests.worker.engines.exact_sums import ExactSums
from tests.worker.engines.exponentials import Exponentials
from tests.worker.engines.paths import Paths
from tests.worker.engines.runner import Engine, Numbers, observe, run, runs_on
from tests.worker.engines.tape import Tape

CORRECT: tuple[Engine, ...] = (Closures, Composed, Dual, ExactSums, Exponentials, Paths, Tape)

__all__ = ["CORRECT", "Engine", "Numbers", "observe", "run", "runs_on"]
