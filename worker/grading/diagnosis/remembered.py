"""What was found for an engine's numbers, remembered for others that give the same ones.

Many students of a class make the same mistake.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from worker.grading.diagnosis.questions import Probe
from worker.grading.diagnosis.simulate import Numbers

MOST_REMEMBERED = 1_000  # of each kind
Found = TypeVar("Found")


class Memory(Generic[Found]):
    """Results by all that they depend on. A full memory forgets all of them first."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Found] = {}

    def __len__(self) -> int:
        return len(self._found)

    def get(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """Returns what is known for a key, or finds it now. Don't change what it returns."""
        if key not in self._found:
            if len(self._found) >= MOST_REMEMBERED:
                self.forget()
            self._found[key] = find()
        return self._found[key]

    def forget(self) -> None:
        """Forgets everything."""
        self._found.clear()


def digest(asked: Sequence[Probe], observed: Mapping[str, Numbers | None]) -> bytes:
    """Names what an engine was asked and answered."""
    numbers = [(probe.key, observed.get(probe.id)) for probe in asked]
    # Version 2 writes equal numbers in the same way, whether they are the same objects or not.
    return hashlib.sha256(marshal.dumps(numbers, 2)).digest()
