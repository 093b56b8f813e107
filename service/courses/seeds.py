"""Seeds of random graphs: drawn once for an assignment, kept with every grading."""

from __future__ import annotations

import hashlib
import secrets
import uuid

MOST = 2_147_483_647  # what every database holds in an integer; 0 would leave a suite undrawn


def draw_seed() -> int:
    """A seed that nobody guesses beforehand."""
    return 1 + secrets.randbelow(MOST)


def derive_seed(seed: int, student: uuid.UUID) -> int:
    """A student's own seed of an assignment's: the same at every attempt."""
    digest = hashlib.sha256(f"{seed}:{student.hex}".encode()).digest()
    return 1 + int.from_bytes(digest[:8]) % MOST
