"""Whether numbers may depend on the order of sets and identities, or on chance.

Most engines only ask whether a node is in a set. Their graphs needn't run in a second order.
"""

from __future__ import annotations

from types import CodeType

from worker.driver.ordering.displays import parts_of

# Names of what differs from process to process, and of ways to it. Imports name their modules.
_CHANCES = frozenset(
    {
        *("random", "secrets", "uuid", "urandom", "getrandom", "time", "datetime"),
        *("os", "sys", "gc", "inspect", "ctypes", "tracemalloc", "tempfile", "subprocess"),
        *("threading", "_thread", "asyncio", "multiprocessing", "concurrent"),
        *("importlib", "__import__", "builtins", "__builtins__", "eval", "exec", "compile"),
    }
)


class Dependence:
    """Whether the one file that this process loads has used an order so far.

    Once it has, it stays so: what a set decided may be kept for later graphs.
    """

    def __init__(self) -> None:
        self.is_possible = False


dependence = Dependence()


def names_chance(code: CodeType) -> bool:
    """Whether the code names a source of chance."""
    return any(not _CHANCES.isdisjoint(part.co_names) for part in parts_of(code))
