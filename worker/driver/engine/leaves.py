"""Decides how leaves are made, if a class asks for more than a number or doesn't work with one.

Each way is tried on a product and rated. The usual class needs no trial, or a single sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import islice
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.members import find_member, is_own_function
from worker.driver.base.messages import class_name
from worker.driver.base.names import MAKERS
from worker.driver.engine.constructor import find_as_float, find_as_list, find_plain
from worker.driver.engine.filling import Filling
from worker.driver.engine.hints import Hints
from worker.driver.engine.search import find_constructor, find_parts
from worker.driver.engine.trials import ENDLESS, PRODUCT, compute, has_failed, run_trial
from worker.driver.engine.usual_names import find_usual
from worker.driver.graph.engine import Constructor, Engine
from worker.driver.graph.operations import apply_binary
from worker.driver.node.numbers import Node, number_in
from worker.driver.node.positions import positions

MOST_TRIALS = 40  # of each kind
LIST_OF_ONE = "The numbers of leaves and results are lists of one: {}[0] was read."
MADE_BY = "Leaves are made with {}(3.0), because {}(3.0) doesn't work."
_TRIED = (3, 0.5)


class Rating(IntEnum):
    """What leaves can do."""

    NOTHING = 0  # none can be made
    MADE = 1
    COMPUTES = 2  # they can be added or multiplied
    HAS_GRADIENTS = 3  # backward changes their gradients
    WORKS = 4  # a product and its gradients are right


@dataclass(frozen=True, slots=True)
class _Rated:
    """An engine, and what its leaves can do."""

    engine: Engine
    rating: Rating


def is_in_doubt(engine: Engine, filling: Filling) -> bool:
    """Whether other ways to make leaves than the engine's are worth a trial."""
    if filling.is_open or filling.has_flags:
        return True
    return filling.has_choice and not _computes(engine)


def improve(engine: Engine, filling: Filling, hints: Hints) -> Iterator[Engine]:
    """Engines with better and better ways to make leaves. None if the engine's own is the best.

    What isn't required is only filled in if the class doesn't work without it.
    """
    best = _Rated(engine, _rate(engine, hints))
    for goal, find_others in (
        (Rating.WORKS if filling.is_open else Rating.COMPUTES, filling.vary_required),
        (Rating.COMPUTES, filling.add_optional),
        (Rating.HAS_GRADIENTS, filling.add_flags),
    ):
        if best.rating >= goal:
            continue
        for constructor in islice(find_others(best.engine.constructor), MOST_TRIALS):
            rated = _rate_constructor(constructor, engine, hints)
            if rated.rating > best.rating:
                best = rated
                yield best.engine
            if best.rating >= goal:
                break


def find_other_makers(engine: Engine, _: Filling, hints: Hints) -> Iterator[Engine]:
    """Engines whose leaves a function makes, for a class that can't be called with a number.

    It is a static or class method, such as Value.leaf(3.0), or a function of the file.
    """
    kind, name = engine.kind, engine.class_name
    for shown, maker in _makers(engine):
        filling = Filling(maker, engine.namespace)
        if run_trial(filling.first().open({}), 3) is ENDLESS:
            continue
        constructor = find_constructor(filling)
        rated = _rate_constructor(constructor, engine, hints)
        leaf = attempt(constructor.open({}), 3)
        if rated.rating >= Rating.COMPUTES and kind is not None and issubclass(type(leaf), kind):
            yield rated.engine.with_notes(MADE_BY.format(shown, name))
            return


def find_labelled(engine: Engine, filling: Filling, hints: Hints) -> Engine | None:
    """An engine that works if leaves have labels: it may keep gradients by label."""
    constructor = filling.add_labels(engine.constructor)
    if constructor is None:
        return None
    labelled = replace(engine, constructor=constructor)
    return next((found.engine for found in find_parts(labelled, hints) if found.works), None)


def find_lists(engine: Engine, filling: Filling, hints: Hints) -> Engine | None:
    """An engine whose numbers are lists of one, if everything else works."""
    numbers = replace(engine.numbers, unwraps=True)
    plain = filling.first()
    for constructor in (plain, *find_as_list(plain)):
        engine = replace(engine, numbers=numbers, constructor=constructor)
        if not _holds_list(attempt(constructor.open({}), 3), hints):
            continue
        usual = find_usual(engine, hints)
        for finding in find_parts(usual[0], hints) if usual is not None else ():
            if finding.works:
                found = finding.engine
                return found.with_notes(LIST_OF_ONE.format(found.numbers.shown))
    return None


def _holds_list(leaf: Node, hints: Hints) -> bool:
    """Whether a leaf holds a list of one anywhere."""
    places = [] if leaf is FAILED else list(positions(leaf, hints.data_names))
    values = (attempt(read, leaf) for shown, read in places if not shown.endswith("()"))
    return any(type(value) in (list, tuple) and len(value) == 1 for value in values)


def _rate_constructor(constructor: Constructor, engine: Engine, hints: Hints) -> _Rated:
    """The constructor's rating with a number as it is, or as a float if that makes no leaf."""
    rated = _Rated(engine, Rating.NOTHING)
    for convert in (find_plain, find_as_float):
        for other in convert(constructor):
            if rated.rating == Rating.NOTHING:
                candidate = replace(engine, constructor=other)
                rated = _Rated(candidate, _rate(candidate, hints))
    return rated


def _rate(engine: Engine, hints: Hints) -> Rating:
    make = engine.constructor.open({})
    usual = find_usual(engine, hints)
    if usual is None or any(has_failed(run_trial(make, number)) for number in _TRIED):
        return Rating.NOTHING
    engine = usual[0]
    if not _computes(engine):
        return Rating.MADE
    rating = _rate_backward(engine)
    if rating < Rating.WORKS and any(finding.works for finding in find_parts(engine, hints)):
        return Rating.WORKS
    return rating


def _computes(engine: Engine) -> bool:
    """Whether two leaves can be added or multiplied, however long it takes."""
    make = engine.constructor.open({})
    left, right = (attempt(make, number) for number in _TRIED)
    results = (run_trial(apply_binary, symbol, left, right, engine) for symbol in "+*")
    return any(result is not FAILED for result in results)


def _rate_backward(engine: Engine) -> Rating:
    """What backward does to the gradients of a product's leaves."""
    run = attempt(engine.open)
    nodes = compute(PRODUCT, run.make, engine) if run is not FAILED else None
    if nodes is None:
        return Rating.COMPUTES

    def read() -> list[float | None]:
        return [number_in(run.read_gradient, leaf, engine.numbers) for leaf in nodes.leaves]

    before = read()
    run_trial(run.run_backward, nodes.root)
    after = read()
    if tuple(after) == PRODUCT.slopes:
        return Rating.WORKS
    has_changed = any(a is not None and a != b for a, b in zip(after, before, strict=True))
    return Rating.HAS_GRADIENTS if has_changed else Rating.COMPUTES


def _makers(engine: Engine) -> Iterator[tuple[str, Any]]:
    """The functions with usual names that may make leaves of a class."""
    kind: Any = engine.kind
    for name in MAKERS:
        member = find_member(kind, name)
        if type(member) is staticmethod and is_own_function(member.__func__):
            yield f"{class_name(kind)}.{name}", member.__func__
        elif type(member) is classmethod and is_own_function(member.__func__):
            yield f"{class_name(kind)}.{name}", getattr(kind, name)
        if is_own_function(engine.namespace.get(name)):
            yield name, engine.namespace[name]
