"""How the driver receives requests, sends answers and ends."""

from __future__ import annotations

import io
import json
import marshal
import math
import os
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.driver.in_process import PRODUCT, undisturbed
from tests.worker.sandbox.programs import HONEST
from worker.driver import serving
from worker.driver.base import channel
from worker.driver.base.protocol import EXIT_OUT_OF_MEMORY, PACKED, packed
from worker.graph import Question, parse
from worker.report.model import Quantity
from worker.sandbox.host.frames import frame, number_question

values = st.recursive(
    st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(values)
def test_the_driver_writes_json(value: Any) -> None:
    assert json.loads(channel.encode(value)) == value


def test_non_finite_numbers_are_written_as_words() -> None:
    assert channel.encode([math.nan, math.inf, -math.inf]) == '["nan","inf","-inf"]'


class EndedError(Exception):
    """Stands for the end of the process, with its exit status."""


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver ends by an exception here, and its paths and arguments are its own."""

    def end(code: int) -> None:
        raise EndedError(code)

    monkeypatch.setattr(channel, "_exit", end)
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "argv", [])


@pytest.mark.usefixtures("ending")
def test_a_request_is_read_in_pieces_and_the_end_stops_the_driver() -> None:
    reading, writing = os.pipe()
    channel.send(writing, {"steps": [["leaf", 1.5]]})
    assert channel.receive(reading) == {"steps": [["leaf", 1.5]]}
    os.write(writing, b"\0\0")
    os.close(writing)
    with pytest.raises(EndedError, match="0"):
        channel.receive(reading)
    os.close(reading)


@pytest.mark.usefixtures("ending")
def test_the_driver_serves_until_there_are_no_more_requests(
    capsys: pytest.CaptureFixture[str],
) -> None:
    requests, to_requests = os.pipe()
    from_answers, answers = os.pipe()
    source = HONEST + "print('loaded')\n"
    channel.send(to_requests, {"source": source, "names": None, "reverse": True})
    question = Question(graph=parse(PRODUCT), reads=[(2, Quantity.DATA)])
    os.write(to_requests, frame(number_question(2, question.body)))
    os.write(to_requests, frame(number_question(3, marshal.dumps({"again": frozenset({2})}))))
    os.close(to_requests)
    with undisturbed(), pytest.raises(EndedError, match="0"):
        serving.serve(requests, answers)
    loaded = channel.receive(from_answers)
    assert 0 < loaded.pop("work") < 10_000
    assert loaded == {
        "id": 1,
        "interface": {
            "class": "Value",
            "data": "data",
            "grad": "grad",
            "backward": "backward()",
            "seed": None,
            "leaf": "{}",
            "adapt": "",
            "functions": {},
            "taken": [],
            "unseeded": False,
            "warning": "",
            "notes": [],
        },
    }
    assert os.read(from_answers, 100) == frame(packed(1).pack(PACKED, 2, False, 6.0)) + frame(
        b'{"id":3,"differ":[]}'
    )
    assert capsys.readouterr().out == "loaded\n"
    for descriptor in (requests, from_answers, answers):
        os.close(descriptor)


@pytest.mark.usefixtures("ending")
def test_a_driver_without_memory_for_an_answer_exits_with_a_status(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run_out(_: int) -> None:
        raise MemoryError

    monkeypatch.setattr(serving, "receive", run_out)
    with undisturbed(), pytest.raises(EndedError, match=str(EXIT_OUT_OF_MEMORY)):
        serving.serve(0, 1)


@pytest.mark.parametrize(
    "answer",
    [
        {"numbers": [1.5, None]},
        {"numbers": [1.5], "calls": 12},
        {"failure": {"verdict": "error", "message": "KeyError"}},
        {"failure": {"verdict": "error", "message": "KeyError"}, "may_vary": True},
    ],
    ids=["none", "calls", "failure", "failure that may vary"],
)
def test_an_answer_that_is_not_just_floats_is_json(answer: dict[str, Any]) -> None:
    reading, writing = os.pipe()
    channel.send_numbers(writing, 4, answer)
    assert channel.receive(reading) == {"id": 4, **answer}
    for descriptor in (reading, writing):
        os.close(descriptor)


def test_floats_are_packed_with_what_may_vary() -> None:
    reading, writing = os.pipe()
    channel.send_numbers(writing, 4, {"numbers": [math.inf, -0.0], "may_vary": True})
    body = packed(2).pack(PACKED, 4, True, math.inf, -0.0)
    assert os.read(reading, 100) == frame(body)
    for descriptor in (reading, writing):
        os.close(descriptor)


def test_an_answer_is_sent_though_a_stream_cannot_be_flushed() -> None:
    stream = io.TextIOWrapper(io.BytesIO())
    stream.close()
    reading, writing = os.pipe()
    channel.send(writing, {"id": 1}, (stream,))
    assert channel.receive(reading) == {"id": 1}
    for descriptor in (reading, writing):
        os.close(descriptor)
