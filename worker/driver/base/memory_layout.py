"""The layout of memory, shuffled: what happens to follow addresses comes out otherwise."""

from __future__ import annotations

from random import Random

SIZES = range(48, 513, 16)  # of the blocks that Python's allocator keeps apart
FEW, MANY, OFTEN_USED = 50, 400, 160  # how many blocks; more of the sizes that nodes have
_kept: list[list[bytes]] = []
_EMPTY = b"".__sizeof__()


def shuffle_memory(layout: int) -> None:
    """Fills free blocks and frees a random half of them, so that new objects lie in any order."""
    random = Random(layout)
    for size in SIZES:
        blocks = [bytes(size - _EMPTY) for _ in range(MANY if size <= OFTEN_USED else FEW)]
        random.shuffle(blocks)
        _kept.append(blocks[len(blocks) // 2 :])
        del blocks[len(blocks) // 2 :]
        while blocks:
            blocks.pop()
