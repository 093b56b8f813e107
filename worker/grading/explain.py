"""Asks a failing engine the questions of diagnosis, and says what its answers show."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from worker.grading.diagnosis.diagnose import Findings, diagnose, is_worth_asking
from worker.grading.diagnosis.observations import Judged, list_questions, read_answers, sign
from worker.grading.diagnosis.search import NEAR
from worker.grading.precision import Loss, find_near
from worker.grading.sessions import Run
from worker.graph import Question
from worker.sandbox.errors import SandboxError
from worker.sandbox.host.outcome import Failure, Loaded, Observation

T = TypeVar("T")
Send = Callable[[Sequence[Question]], Sequence[Observation | Failure]]

log = logging.getLogger(__name__)


def explain(run: Run, judged: Judged, loss: Loss | None = None) -> Findings:
    """Returns the diagnoses of a file whose cases have all been judged.

    A right engine is asked nothing. If one loses precision, its numbers are compared with fewer
    digits. A loss that isn't accepted is a mistake of its own, so nothing else explains everything.
    Verdicts and points are settled by now: whatever happens here, even an error of ours, costs no
    more than the diagnosis.
    """
    if run.interface is None:
        return Findings()
    try:
        run.phases.enter("diagnose")
        outcomes = ask(run, list_questions()) if is_worth_asking(judged) else ()
        with_points = [one for one in judged if run.budget.gives_points(one[1])]
        near = NEAR if loss is None else find_near(loss.formats.coarsest)
        if near is None:
            observed = read_answers(outcomes)
            return Findings(signature=sign(observed) if outcomes else "")
        found = diagnose(judged, outcomes, run.interface, with_points or judged, near)
        if loss is None or loss.precision.accepted:
            return found
        halves = tuple(replace(one, exact=False) for one in found.diagnoses)
        return replace(found, diagnoses=halves)
    except Exception:
        log.exception("a diagnosis failed")
        return Findings()


def ask(
    run: Run, questions: Sequence[Question], *, reverse: bool = False
) -> Sequence[Observation | Failure]:
    """Returns the answers of a new session, until one ends it. There is none if it can't load.

    `reverse`: sets have the reverse of their usual order.
    """
    return converse(run, lambda send: send(questions), reverse=reverse) or ()


def converse(run: Run, talk: Callable[[Send], T], *, reverse: bool = False) -> T | None:
    """Returns what `talk` returns after asking questions in a new session; None if none opens.

    `talk` gets the function that sends questions and returns their answers. There are fewer of
    these if one ends the session. If the sandbox fails, everything is asked once more, so that a
    file keeps its diagnosis. `reverse`: sets have the reverse of their usual order.
    """
    try:
        return _converse(run, talk, reverse)
    except SandboxError as error:
        log.warning("asking again for a diagnosis: %s", error)
        return _converse(run, talk, reverse)


def _converse(run: Run, talk: Callable[[Send], T], reverse: bool) -> T | None:
    if run.budget.stopped is not None or not run.budget.allows_another_session:
        return None
    session = run.sandbox.session(run.source, run.budget.limits, names=run.names, reverse=reverse)

    def send(questions: Sequence[Question]) -> Sequence[Observation | Failure]:
        return list(session.run_all(questions)) if session.alive else []

    with session:
        outcome = session.load()
        run.budget.charge_load(session.cpu_seconds, outcome)
        result = talk(send) if isinstance(outcome, Loaded) else None
    run.budget.spend(session.cpu_seconds)
    return result
