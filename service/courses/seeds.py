"""Seeds of random graphs: generated once for an assignment, and stored with every grading."""

from __future__ import annotations

import hashlib
import secrets
import uuid

MAX_SEED = 2_147_483_647  # the largest integer that fits every database; 0 means no random graphs


def generate_seed() -> int:
    """A seed that nobody can guess."""
    return 1 + secrets.randbelow(MAX_SEED)


def derive_seed(seed: int, student: uuid.UUID) -> int:
    """A student's own seed, derived from the assignment's; the same at every attempt."""
    digest = hashlib.sha256(f"{seed}:{student.hex}".encode()).digest()
    return 1 + int.from_bytes(digest[:8]) % MAX_SEED
