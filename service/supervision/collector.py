"""How often Python's garbage collector runs in a process."""

from __future__ import annotations

import gc

# New objects before a collection, and collections before one of older objects too. Python's own 700
# would make starting a process take a quarter longer.
SELDOM = (20_000, 20, 20)


def collect_seldom() -> None:
    """Collect seldom from now on."""
    gc.set_threshold(*SELDOM)


def freeze_objects() -> None:
    """Collect seldom, and never what exists now, because it lasts until the process ends.

    A large page makes thousands of objects, and so does a diagnosis. Python would look at all
    modules again and again meanwhile, which doubles the page's time.
    """
    gc.collect()
    gc.freeze()
    collect_seldom()


def skip_last_collection() -> None:
    """Leave out the collection that Python makes at its end, which can take half a second.

    Close what must be written before.
    """
    gc.freeze()
