"""The life of a child: it loads one file, then answers one graph after the other."""

from __future__ import annotations

import gc
import sys
from types import ModuleType

from worker.driver.base.channel import end, receive, receive_question, send
from worker.driver.base.messages import FILE, MODULE
from worker.driver.base.protocol import EXIT_OUT_OF_MEMORY, Answer
from worker.driver.base.sleep import install
from worker.driver.graph.engine import Engine
from worker.driver.graph.observe import observe
from worker.driver.load import load
from worker.driver.ordering.chance import repeat_chance
from worker.driver.ordering.dependence import dependence
from worker.driver.ordering.namespace import arrange


def serve(requests: int, answers: int) -> None:
    """Loads the source, which comes first, then answers graphs until there are no more."""
    streams = (sys.stdout, sys.stderr)
    sys.path[:], sys.argv[:] = [], [FILE]
    install()
    gc.set_threshold(20_000, 20, 20)
    try:
        module = ModuleType(MODULE)
        request = receive(requests)
        arrange(request["source"], request["reverse"])
        repeat_chance(reverse=request["reverse"])
        loaded = load(request["source"], module, request["names"])
        answer = loaded.to_answer() if isinstance(loaded, Engine) else loaded
        send(answers, {"id": 1} | answer | _warn(loaded), streams)
        while isinstance(loaded, Engine):  # until there are no more requests
            number, question = receive_question(requests)
            answer = observe(question, loaded)
            send(answers, {"id": number} | answer | _warn(loaded), streams)
        receive(requests)  # ends the process at the end of the requests
    except MemoryError:
        end(EXIT_OUT_OF_MEMORY)


def _warn(loaded: Engine | Answer) -> Answer:
    """What an answer also says if the order of sets, or chance, may matter."""
    is_written = isinstance(loaded, Engine) and loaded.may_vary
    return {"may_vary": True} if is_written or dependence.is_possible else {}
