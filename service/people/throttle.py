"""Limits how often a sign-in may fail, and how often a link or a code may be wrong."""

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

PER_PERSON = parse("10 per 5 minutes")  # failures on one account from one address
PER_EMAIL = parse("100 per hour")  # on one account, from anywhere
PER_ADDRESS = parse("300 per 5 minutes")  # from one address, on any account
PER_DEVICE = parse("10 per 10 minutes")  # on one account, from a browser that it has signed in on

PER_GUESSER = parse("30 per 5 minutes")  # wrong links and codes from one address

SKEW = 60  # seconds: how far the clocks of two machines may be apart

IPV6_NETWORK = 64  # bits: a host can choose any address in a network of this size

Count = tuple[RateLimitItem, tuple[str, ...]]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to sign in; `device` is set on a browser that the account has signed in on."""

    email: str
    address: str
    device: str = ""

    @property
    def own(self) -> Count:
        """The limit that is counted before the password is checked, and cleared if it was right."""
        if self.device:
            return PER_DEVICE, ("device", self.device)
        return PER_PERSON, ("person", self.email, self._network)

    @property
    def shared(self) -> tuple[Count, ...]:
        """The limits that strangers could use up. They don't apply to a known browser."""
        if self.device:
            return ()
        return (PER_EMAIL, ("email", self.email)), (PER_ADDRESS, ("address", self._network))

    @property
    def _network(self) -> str:
        return _network_of(self.address)


def _network_of(address: str) -> str:
    try:
        found = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), IPV6_NETWORK), strict=False))


def _guesses_of(address: str) -> Count:
    return PER_GUESSER, ("guess", _network_of(address))


class Throttle:
    """Counts failed attempts to sign in: in Redis if it is the broker, otherwise in this process.

    If Redis is down, each process counts for itself, so that people can still sign in.
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
        """Call before a password is checked; raises TooManyRequests after too many failures.

        The attempt counts as a failure until `forgive`. Testing and counting are one step, so
        sending many attempts at once gains nothing.
        """
        for limit, who in attempt.shared:
            self._require(MovingWindowRateLimiter.test, limit, who)
        self._require(MovingWindowRateLimiter.hit, *attempt.own)

    def forgive(self, attempt: Attempt) -> None:
        """The password was right: forget this person's failures."""
        self._ask(MovingWindowRateLimiter.clear, *attempt.own)

    def count_failure(self, attempt: Attempt) -> None:
        """The password was wrong: count a failure for the account and for the address too.

        Successes don't count, or a lecture hall behind one address couldn't sign in.
        """
        for limit, who in attempt.shared:
            self._ask(MovingWindowRateLimiter.hit, limit, who)

    def require_guesses_left(self, address: str) -> None:
        """Call before a link or code is looked up; raises TooManyRequests after too many guesses.

        Right ones don't count, or a lecture hall behind one address couldn't join a course.
        """
        self._require(MovingWindowRateLimiter.test, *_guesses_of(address))

    def count_guess(self, address: str) -> None:
        """A link or code was wrong."""
        self._ask(MovingWindowRateLimiter.hit, *_guesses_of(address))

    def _require(
        self, method: Callable[..., bool], limit: RateLimitItem, who: tuple[str, ...]
    ) -> None:
        if self._ask(method, limit, who):
            return
        seconds = self._seconds_left(limit, who)
        if seconds > limit.get_expiry() + SKEW:
            # The failures are in the future, so the clock was set back. They would count for as
            # long as it was set back. Count from now on instead.
            self._ask(MovingWindowRateLimiter.clear, limit, who)
            if self._ask(method, limit, who):
                return
            seconds = self._seconds_left(limit, who)
        raise TooManyRequests(
            f"Too many attempts. Try again in {seconds} s.",
            retry_after=seconds,
        )

    def _seconds_left(self, limit: RateLimitItem, who: tuple[str, ...]) -> int:
        window = self._ask(MovingWindowRateLimiter.get_window_stats, limit, who)
        return max(1, math.ceil(window.reset_time - time.time()))

    def _ask(
        self, method: Callable[..., Answer], limit: RateLimitItem, who: tuple[str, ...]
    ) -> Answer:
        try:
            return method(self._shared, limit, *who)
        except StorageError as error:
            log.warning("failed sign-ins are counted per process: %s", error.storage_error)
            return method(self._local, limit, *who)
