"""The life of a child: it loads one file, then answers one graph after the other."""

from __future__ import annotations

import gc
import sys
from types import ModuleType
from typing import NoReturn, TextIO

from worker.driver.base.channel import end, receive, receive_question, send, send_numbers
from worker.driver.base.clock import start_clock
from worker.driver.base.messages import FILE, MODULE
from worker.driver.base.protocol import EXIT_OUT_OF_MEMORY, MOST_WORK
from worker.driver.base.sleep import install
from worker.driver.file.work_budget import Guard
from worker.driver.graph.engine import Engine
from worker.driver.graph.observe import observe
from worker.driver.load import load
from worker.driver.ordering.chance import repeat_chance
from worker.driver.ordering.dependence import dependence
from worker.driver.ordering.namespace import arrange
from worker.driver.repeats import Repeats


def serve(requests: int, answers: int) -> None:
    """Loads the source, which comes first, then answers graphs until there are no more."""
    streams = (sys.stdout, sys.stderr)
    sys.path[:], sys.argv[:] = [], [FILE]
    install()
    gc.set_threshold(5_000, 20, 20)
    try:
        module = ModuleType(MODULE)
        request = receive(requests)
        arrange(request["source"], request["reverse"])
        start_clock(reverse=request["reverse"])
        repeat_chance(reverse=request["reverse"])
        before = Guard.done  # by the zygote
        loaded = load(request["source"], module, request["names"])
        if not isinstance(loaded, Engine):
            send(answers, {"id": 1, **loaded}, streams)
        else:
            varies = {"may_vary": True} if loaded.may_vary or dependence.on_others else {}
            work = min(Guard.done - before, MOST_WORK)
            send(answers, {"id": 1, **loaded.to_answer(), "work": work, **varies}, streams)
            _answer(loaded, requests, answers, streams)
        receive(requests)  # ends the process at the end of the requests
    except MemoryError:
        end(EXIT_OUT_OF_MEMORY)


def _answer(engine: Engine, requests: int, answers: int, streams: tuple[TextIO, ...]) -> NoReturn:
    """Answers questions until there are no more. Then the process ends."""
    repeats = Repeats(engine)
    while True:
        number, question = receive_question(requests)
        if "again" in question:
            differing = repeats.compare(question["again"])
            send(answers, {"id": number, "differ": differing}, streams)
            continue
        answer = observe(question, engine)
        if engine.may_vary or dependence.is_possible:
            answer["may_vary"] = True
        repeats.note(number, question, answer)
        send_numbers(answers, number, answer, streams)
