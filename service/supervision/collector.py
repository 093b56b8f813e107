"""How often a process searches for unused cycles of objects."""

from __future__ import annotations

import gc

# New objects before a search, and searches before one that looks at older objects too. Python's own
# 700 would make starting a process take a quarter longer.
SELDOM = (20_000, 20, 20)


def search_seldom() -> None:
    """Search seldom from now on."""
    gc.set_threshold(*SELDOM)


def leave_out_what_is_there() -> None:
    """Search seldom, and never in what exists now, because it lasts until the process ends.

    A large page makes thousands of objects. Python would look at all modules again and again
    meanwhile, which doubles the page's time.
    """
    gc.collect()
    gc.freeze()
    search_seldom()


def search_no_more() -> None:
    """Leave out the search that Python makes at its end, which can take half a second.

    Close what must be written before.
    """
    gc.freeze()
