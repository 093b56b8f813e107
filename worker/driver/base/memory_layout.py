"""Shuffles the layout of memory, to show whether an engine depends on addresses.

Sets order most objects by their addresses.
"""

from __future__ import annotations

from random import Random

SIZES = range(48, 513, 16)  # bytes; Python's allocator has separate blocks for each
FEW, MANY, OFTEN_USED = (
    50,
    400,
    160,
)  # numbers of blocks: MANY of sizes up to OFTEN_USED, as nodes have
_kept: list[list[bytes]] = []
_EMPTY = b"".__sizeof__()


def shuffle_memory(layout: int) -> None:
    """Fills free blocks and frees a random half, so that new objects get addresses in any order."""
    random = Random(layout)
    for size in SIZES:
        blocks = [bytes(size - _EMPTY) for _ in range(MANY if size <= OFTEN_USED else FEW)]
        random.shuffle(blocks)
        _kept.append(blocks[len(blocks) // 2 :])
        del blocks[len(blocks) // 2 :]
        while blocks:
            blocks.pop()
