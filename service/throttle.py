"""How often somebody may fail to sign in."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import TypeVar

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from service.errors import TooManyRequests
from service.settings import Settings

log = logging.getLogger(__name__)

# Failures of one who mistypes, on one account from everywhere, from one address on everybody.
PER_PERSON = parse("10 per 5 minutes")
PER_EMAIL = parse("100 per hour")
PER_ADDRESS = parse("300 per 5 minutes")

Answer = TypeVar("Answer")


class Throttle:
    """Counts failed attempts to sign in: in Redis where it is the broker, else in this process.

    When Redis is away each process counts for itself, so that people can still sign in.
    """

    def __init__(self, settings: Settings) -> None:
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._shared = self._local
        if settings.broker_url.startswith(("redis:", "rediss:")):
            storage = RedisStorage(
                settings.broker_url,
                wrap_exceptions=True,
                socket_connect_timeout=1.0,
                socket_timeout=1.0,
            )
            self._shared = MovingWindowRateLimiter(storage)

    def begin(self, email: str, address: str) -> None:
        """Before a password is looked at; raises TooManyRequests after too many failures.

        The attempt counts as a failure of this person until `forgive`: test and count are one
        step, so that many at once get no further than one after another.
        """
        for limit, who in _wide_limits(email, address):
            if not self._ask(_test(limit, who)):
                raise self._refusal(limit, who)
        who = _person(email, address)
        if not self._ask(_hit(PER_PERSON, who)):
            raise self._refusal(PER_PERSON, who)

    def forgive(self, email: str, address: str) -> None:
        """The password was right: this person has a clean slate."""
        self._ask(_clear(PER_PERSON, _person(email, address)))

    def count_failure(self, email: str, address: str) -> None:
        """The password was wrong: it counts for the account and for the address too.

        Only failures do, or a lecture hall behind one address could not sign in.
        """
        for limit, who in _wide_limits(email, address):
            self._ask(_hit(limit, who))

    def _refusal(self, limit: RateLimitItem, who: tuple[str, ...]) -> TooManyRequests:
        free_at = self._ask(_reset_time(limit, who))
        seconds = max(1, math.ceil(free_at - time.time()))
        return TooManyRequests(
            f"Too many attempts to sign in. Try again in {seconds} seconds.",
            retry_after=seconds,
        )

    def _ask(self, question: Callable[[MovingWindowRateLimiter], Answer]) -> Answer:
        try:
            return question(self._shared)
        except StorageError as error:
            log.warning("failed sign-ins are counted per process: %s", error.storage_error)
            return question(self._local)


def _person(email: str, address: str) -> tuple[str, ...]:
    return ("person", email, address)


def _wide_limits(email: str, address: str) -> tuple[tuple[RateLimitItem, tuple[str, ...]], ...]:
    return (
        (PER_EMAIL, ("email", email)),
        (PER_ADDRESS, ("address", address)),
    )


def _test(limit: RateLimitItem, who: tuple[str, ...]) -> Callable[[MovingWindowRateLimiter], bool]:
    return lambda limiter: limiter.test(limit, *who)


def _hit(limit: RateLimitItem, who: tuple[str, ...]) -> Callable[[MovingWindowRateLimiter], bool]:
    return lambda limiter: limiter.hit(limit, *who)


def _clear(limit: RateLimitItem, who: tuple[str, ...]) -> Callable[[MovingWindowRateLimiter], None]:
    return lambda limiter: limiter.clear(limit, *who)


def _reset_time(
    limit: RateLimitItem, who: tuple[str, ...]
) -> Callable[[MovingWindowRateLimiter], float]:
    return lambda limiter: limiter.get_window_stats(limit, *who).reset_time
