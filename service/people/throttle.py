"""How often somebody may fail to sign in."""

from __future__ import annotations

import ipaddress
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from service.errors import TooManyRequests
from service.people.devices import Devices
from service.settings import Settings

log = logging.getLogger(__name__)

# Failures of one who mistypes, on one account from everywhere, from one address on everybody; and
# on one account from a browser that it signed in on before, which the other limits do not concern.
PER_PERSON = parse("10 per 5 minutes")
PER_EMAIL = parse("100 per hour")
PER_ADDRESS = parse("300 per 5 minutes")
PER_DEVICE = parse("10 per 10 minutes")

IPV6_NETWORK = 64  # bits: in a network of this size a single host can choose its address

Count = tuple[RateLimitItem, tuple[str, ...]]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries an account; `device` is set on a browser that it signed in on before."""

    email: str
    address: str
    device: str = ""

    @property
    def own(self) -> Count:
        """What is counted before the password is looked at, and forgiven when it was right."""
        if self.device:
            return PER_DEVICE, ("device", self.device)
        return PER_PERSON, ("person", self.email, self._network)

    @property
    def shared(self) -> tuple[Count, ...]:
        """What strangers could have used up: it does not hold for a browser that is known."""
        if self.device:
            return ()
        return (PER_EMAIL, ("email", self.email)), (PER_ADDRESS, ("address", self._network))

    @property
    def _network(self) -> str:
        try:
            found = ipaddress.IPv6Address(self.address)
        except ValueError:
            return self.address
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(found), IPV6_NETWORK), strict=False))


class Throttle:
    """Counts failed attempts to sign in: in Redis where it is the broker, else in this process.

    When Redis is away each process counts for itself, so that people can still sign in.
    """

    def __init__(self, settings: Settings) -> None:
        self.devices = Devices(settings.secret_key)
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

    def begin(self, attempt: Attempt) -> None:
        """Before a password is looked at; raises TooManyRequests after too many failures.

        The attempt counts as a failure of this person until `forgive`: test and count are one
        step, so that many at once get no further than one after another.
        """
        for limit, who in attempt.shared:
            if not self._ask(_test(limit, who)):
                raise self._refusal(limit, who)
        limit, who = attempt.own
        if not self._ask(_hit(limit, who)):
            raise self._refusal(limit, who)

    def forgive(self, attempt: Attempt) -> None:
        """The password was right: this person has a clean slate."""
        self._ask(_clear(*attempt.own))

    def count_failure(self, attempt: Attempt) -> None:
        """The password was wrong: it counts for the account and for the address too.

        Only failures do, or a lecture hall behind one address could not sign in.
        """
        for limit, who in attempt.shared:
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
