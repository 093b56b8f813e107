"""Makes what programs take for chance the same in every session.

An engine that visits nodes in the order of a `uuid4` would otherwise get a new score each time.
"""

from __future__ import annotations

import os
import random
import sys

SEED, REVERSE_SEED = 0, 1  # the zygote seeds `random` and numpy with the first


def repeat_chance(*, reverse: bool) -> None:
    """Replaces the random bytes of the system, which `secrets`, `uuid` and numpy's generators read.

    A reversed session has other numbers, so that an engine that depends on them shows it.
    """
    source = random.Random(REVERSE_SEED if reverse else SEED)
    os.urandom = source.randbytes
    os.getrandom = lambda size, flags=0: source.randbytes(size)  # noqa: ARG005
    random._urandom = source.randbytes  # type: ignore[attr-defined]
    _seed_without_the_system(source)
    if reverse:
        random.seed(REVERSE_SEED)
        if "numpy.random" in sys.modules:
            sys.modules["numpy.random"].seed(REVERSE_SEED)


def _seed_without_the_system(source: random.Random) -> None:
    """Has generators that are made without a seed take one from here."""
    usual = random.Random.seed

    def seed(self: random.Random, a: object = None, version: int = 2) -> None:
        usual(self, source.getrandbits(64) if a is None else a, version)  # type: ignore[arg-type]

    random.Random.seed = seed  # type: ignore[method-assign]
    random.seed = random._inst.seed
