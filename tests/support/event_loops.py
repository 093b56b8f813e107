"""Runs coroutines apart from the event loop that a browser's tests leave in the main thread."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_apart(main: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end, in a thread and a loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, main).result()
