"""A storm: students submit while processes are killed, and nothing may be lost."""

from __future__ import annotations

import random
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from service.store.database import make_engine
from tests.storm.installations import Installation, opened
from tests.storm.outcome import Wait, count_open, find_complaints, measure_waits
from tests.storm.sources import find_expected
from tests.storm.strikes import ANY, Strike, Striker, plan
from tests.storm.traffic import Class, SilentConnections, Traffic

BURST = 40  # files that measure the capacity
STALLED_SECONDS = 120.0  # without a grading that ends, although everything works


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How long a storm is. `load` is the arrivals' share of the capacity; None: all at once."""

    files: int
    flood: int
    strikes: int
    students: int
    silent: int
    load: float | None


FULL = Size(files=800, flood=250, strikes=42, students=40, silent=64, load=1 / 3)
SHORT = Size(files=40, flood=20, strikes=7, students=6, silent=64, load=None)


@dataclass(slots=True, kw_only=True)
class Result:
    """What came out of a storm."""

    complaints: list[str] = field(default_factory=list)
    capacity: float = 0.0
    kills: dict[str, int] = field(default_factory=dict)
    moments: dict[str, int] = field(default_factory=dict)
    doubled: int = 0
    accepted: int = 0
    waits: list[Wait] = field(default_factory=list)


def run(form: str, size: Size, seed: int, folder: Path, kinds: tuple[str, ...] = ()) -> Result:
    """Let a storm of a size go over an installation of a form; by default it kills every kind."""
    rng = random.Random(seed)
    result = Result()
    expected = find_expected()
    with opened(form, folder, kinds) as installation:
        engine = make_engine(installation.settings)
        students = Class(engine, size.students)
        traffic = Traffic(installation.url, students.tokens, random.Random(f"files {seed}"))
        striker = Striker(installation, traffic, engine, rng)
        strikes = plan(random.Random(seed), installation.kinds, size.strikes)
        try:
            if size.load is not None:
                result.capacity = _measure_capacity(traffic, engine)
            _blow(installation, traffic, striker, strikes, size, result)
            _calm(installation, traffic, engine)
            if size.load is not None:
                result.waits = measure_waits(engine, traffic.sent[BURST:], installation.outages)
            outages = installation.outages
            result.complaints += find_complaints(engine, traffic.sent, expected, outages)
        finally:
            traffic.close()
            striker.close()
            engine.dispose()
        result.accepted = traffic.accepted
        result.doubled = striker.doubled
        result.kills, result.moments = dict(striker.kills), dict(striker.moments)
        result.complaints += _find_misses(result, strikes, size)
        left = installation.stop()
        result.complaints += [f"still there: {process.command}" for process in left]
    return result


def _find_misses(result: Result, strikes: list[Strike], size: Size) -> list[str]:
    """Strikes that hit nothing; in a long storm, also moments that no strike hit."""
    hits = sum(result.kills.values())
    misses = [f"{len(strikes) - hits} strikes hit no process"] if hits < len(strikes) else []
    if size.load is not None:
        wanted = {strike.moment for strike in strikes} - {ANY}
        misses += [f"no kill {moment}" for moment in sorted(wanted - result.moments.keys())]
    return misses


def _measure_capacity(traffic: Traffic, engine: Engine) -> float:
    """How many files are graded per second when all slots are busy."""
    begin = time.monotonic()
    traffic.arrive(BURST, rate=0)
    _calm_down(engine, traffic, seconds=STALLED_SECONDS)
    return BURST / (time.monotonic() - begin)


def _blow(
    installation: Installation,
    traffic: Traffic,
    striker: Striker,
    strikes: list[Strike],
    size: Size,
    result: Result,
) -> None:
    rate = 0.0 if size.load is None else size.load * result.capacity
    arrivals = threading.Thread(target=traffic.arrive, args=(size.files, rate), name="arrivals")
    silent = SilentConnections(installation.url, size.silent)
    before = traffic.accepted
    arrivals.start()
    try:
        for _ in range(size.flood):
            traffic.send(traffic.new(flood=True))
        for number, strike in enumerate(strikes, 1):
            goal = before + strike.share * (size.files + size.flood)
            _wait_for_accepted(traffic, goal)
            shown = f"{number}/{len(strikes)}: {strike.kind}, {strike.moment}"
            print(f"  {traffic.accepted} accepted; kill {shown}", file=sys.stderr, flush=True)
            striker.carry_out(strike)
    finally:
        arrivals.join()
        traffic.wait(STALLED_SECONDS)
        if late := len(traffic.sent) - traffic.accepted:
            seconds = f"{STALLED_SECONDS:g} s"
            result.complaints.append(f"{late} files weren't accepted within {seconds} of the last")
        silent.close()


def _wait_for_accepted(traffic: Traffic, goal: float) -> None:
    """Wait for so many accepted files. A service that accepts none any more is struck as well."""
    reached, since = traffic.accepted, time.monotonic()
    while reached < goal and time.monotonic() - since < STALLED_SECONDS / 4:
        time.sleep(0.02)
        if traffic.accepted > reached:
            reached, since = traffic.accepted, time.monotonic()


def _calm(installation: Installation, traffic: Traffic, engine: Engine) -> None:
    """Wait until everything works again and nothing is left to do, or nothing moves any more."""
    deadline = time.monotonic() + STALLED_SECONDS
    while not installation.is_whole and time.monotonic() < deadline:
        time.sleep(0.1)
    _calm_down(engine, traffic, STALLED_SECONDS)


def _calm_down(engine: Engine, traffic: Traffic, seconds: float) -> None:
    traffic.wait(seconds)
    fewest, since = sys.maxsize, time.monotonic()
    while fewest and time.monotonic() - since < seconds:
        try:
            left = count_open(engine)
        except SQLAlchemyError:
            left = fewest
        if left < fewest:
            fewest, since = left, time.monotonic()
        time.sleep(0.05)
