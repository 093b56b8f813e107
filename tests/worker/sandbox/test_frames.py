"""Whatever bytes a child writes, reading them gives a frame or a reason, and never an exception."""

from __future__ import annotations

import json
import struct
from math import inf, nan
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from worker.driver.base.protocol import PACKED, packed
from worker.report.model import Problem, ProblemKind, Quantity, Verdict
from worker.sandbox import Failure, Loaded, Observation
from worker.sandbox.host.answers import (
    Malformed,
    clean,
    read_differing,
    read_loaded,
    read_observation,
)
from worker.sandbox.host.frames import FrameReader, decode, encode

CAP = 100


def frame(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + body


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
answers = st.fixed_dictionaries(
    {"id": st.just(1) | json_values},
    optional={
        "numbers": json_values,
        "class": json_values,
        "problem": st.fixed_dictionaries(
            {
                "kind": st.sampled_from([*ProblemKind]) | json_values,
                "message": json_values,
                "line": json_values,
                "column": json_values,
                "source_line": json_values,
            }
        ),
        "failure": st.fixed_dictionaries(
            {"verdict": st.sampled_from([*Verdict]) | json_values, "message": json_values}
        ),
    },
)
bodies = st.binary() | (json_values | answers).map(lambda value: json.dumps(value).encode())


@given(st.lists(st.binary(max_size=2 * CAP)))
@example([frame(b"{}"), b"more"])
@example([b"\x7f\xff\xff\xff", b"x" * CAP, b"x" * CAP])
def test_any_bytes_in_any_pieces_are_a_frame_or_malformed_or_not_there_yet(
    pieces: list[bytes],
) -> None:
    reader = FrameReader(CAP)
    for piece in pieces:
        reader.feed(piece)
    everything = b"".join(pieces)
    announced = int.from_bytes(everything[:4], "big") if len(everything) >= 4 else None
    if announced is None or len(everything) < 4 + announced <= 4 + CAP:
        assert not reader.is_complete()
        assert reader.malformed is None
    elif announced > CAP or len(everything) > 4 + announced:
        assert not reader.is_complete()
        assert reader.malformed
    else:
        assert reader.is_complete()
        assert reader.take() == everything[4:]
    assert len(reader._buffer) <= 4 + CAP


@given(st.binary(max_size=CAP), st.binary(max_size=CAP))
def test_after_a_frame_is_taken_the_next_can_come(first: bytes, second: bytes) -> None:
    reader = FrameReader(CAP)
    for body in (first, second):
        reader.feed(frame(body))
        assert reader.take() == body
        reader.expect(1)
    assert not reader.is_complete()


@given(st.lists(st.binary(max_size=CAP), min_size=1, max_size=6), st.integers(1, 40))
def test_several_expected_frames_can_arrive_in_any_pieces(frames: list[bytes], piece: int) -> None:
    reader = FrameReader(CAP, due=len(frames))
    sent = b"".join(map(frame, frames))
    for start in range(0, len(sent), piece):
        reader.feed(sent[start : start + piece])
    assert [reader.take() for _ in frames] == frames
    assert (reader.malformed, reader.is_complete()) == (None, False)


def test_frames_before_an_unexpected_one_can_be_taken() -> None:
    reader = FrameReader(CAP, due=2)
    reader.feed(frame(b"one") + frame(b"two") + frame(b"three"))
    assert reader.take() == b"one"
    assert not reader.is_complete()
    assert reader.malformed


def test_frames_before_a_frame_that_is_too_long_can_be_taken() -> None:
    reader = FrameReader(CAP, due=2)
    reader.feed(frame(b"one") + b"\x7f\xff\xff\xff" + b"x" * CAP)
    assert reader.take() == b"one"
    assert not reader.is_complete()
    assert reader.malformed


def test_more_bytes_than_the_cap_are_a_flood() -> None:
    reader = FrameReader(CAP)
    for _ in range(1000):
        reader.feed(b"flood" * 100)
    assert reader.flooded
    assert not reader._buffer


@given(bodies)
@example(b"[" * 60_000)
@example(b'{"id":' + b"9" * 20_000 + b"}")
@example(b'{"id": NaN}')
@example(b"\xff\xfe{\x00}\x00")
def test_any_body_is_an_object_or_nothing(body: bytes) -> None:
    assert decode(body) is None or isinstance(decode(body), dict)


@given(bodies)
@example(b'{"id":1,"failure":[]}')
@example(b'{"id":1,"failure":{"verdict":"passed","message":"mine"}}')
@example(b'{"id":1,"failure":{"verdict":[],"message":"mine"}}')
@example(b'{"id":1,"problem":{}}')
@example(b'{"id":1,"interface":true}')
@example(b'{"id":1,"interface":{"class":1,"data":"","grad":"","backward":"","notes":[]}}')
@example(b'{"id":1,"interface":{"class":null,"data":"","grad":"","backward":"","notes":[1]}}')
def test_any_answer_to_a_source_is_read_or_malformed(body: bytes) -> None:
    assert isinstance(read_loaded(body, 1), Loaded | Problem | Failure | Malformed)


@given(bodies | st.binary().map(PACKED.__add__), st.integers(0, 3))
@example(b'{"id":1,"numbers":[1e999, 1, null]}', 3)
@example(packed(2).pack(PACKED, 1, True, nan, inf), 2)
@example(b'{"id":true,"numbers":[]}', 0)
@example(b'{"id":1,"numbers":["NaN"]}', 1)
@example(b'{"id":1,"numbers":[1' + b"0" * 400 + b"]}", 1)
def test_any_answer_to_a_graph_is_read_or_malformed(body: bytes, count: int) -> None:
    read = read_observation(body, 1, count)
    assert isinstance(read, Observation | Failure | Malformed)
    if isinstance(read, Observation):
        assert len(read.numbers) == count
        assert all(number is None or type(number) is float for number in read.numbers)


@given(st.lists(st.floats() | st.none() | st.integers(-(2**53), 2**53), max_size=20))
def test_numbers_arrive_exactly(numbers: list[float | None]) -> None:
    spelled = [
        repr(number) if isinstance(number, float) and number - number != 0 else number
        for number in numbers
    ]
    body = encode({"id": 7, "numbers": spelled})[4:]
    read = read_observation(body, 7, len(numbers))
    assert isinstance(read, Observation)
    expected = [None if number is None else float(number) for number in numbers]
    assert [repr(number) for number in read.numbers] == [repr(number) for number in expected]


@given(st.lists(st.floats(), max_size=20), st.booleans())
def test_packed_numbers_arrive_exactly(numbers: list[float], may_vary: bool) -> None:
    body = packed(len(numbers)).pack(PACKED, 7, may_vary, *numbers)
    read = read_observation(body, 7, len(numbers))
    assert isinstance(read, Observation)
    assert read.may_vary is may_vary
    assert [number.hex() for number in read.numbers if number is not None] == [
        number.hex() for number in numbers
    ]


def test_packed_numbers_need_the_right_id_and_count_and_are_no_answer_with_calls() -> None:
    body = packed(2).pack(PACKED, 7, False, 1.0, 2.0)
    assert isinstance(read_observation(body, 7, 2), Observation)
    for wrong in (body[:-1], body + b"x", b"", PACKED, packed(1).pack(PACKED, 7, False, 1.0)):
        assert isinstance(read_observation(wrong, 7, 2), Malformed), wrong
    assert isinstance(read_observation(body, 8, 2), Malformed)
    assert isinstance(read_observation(body, 7, 2, has_calls=True), Malformed)


def test_what_differs_is_read_by_question() -> None:
    def read(differ: object, **more: object) -> Any:
        body = encode({"id": 9, "differ": differ} | more)[4:]
        return read_differing(body, 9, {2: 1, 3: 2})

    assert read([]) == {}
    assert read(None) is None
    assert read([[3, [1, "inf"]], [2, [None]]]) == {
        3: Observation((1.0, inf), may_vary=True),
        2: Observation((None,), may_vary=True),
    }
    wrongs: list[object] = [{}, 1, "no", [3], [[3]], [[3, [1.0]]], [[3, 1]], [[True, [1]]]]
    for wrong in [*wrongs, [[4, [1.0]]], [[2, ["x"]]], [[2, [1.0], 1]], [[2.0, [1.0]]]]:
        assert isinstance(read(wrong), Malformed), wrong
    assert isinstance(read([], score=100), Malformed)
    assert isinstance(read_differing(b'{"id":8,"differ":[]}', 9, {}), Malformed)


def test_bools_texts_and_huge_integers_are_not_numbers() -> None:
    for wrong in ("true", '"3"', '"Infinity"', "[]", "{}", "1" + "0" * 400, "9" * 5000):
        read = read_observation(b'{"id":1,"numbers":[%s]}' % wrong.encode(), 1, 1)
        assert isinstance(read, Malformed), wrong


def test_a_wrong_count_a_wrong_id_and_extra_bytes_are_rejected() -> None:
    for body in (
        b'{"id":1,"numbers":[1]}',
        b'{"id":2,"numbers":[1,2]}',
        b'{"numbers":[1,2]}',
        b'{"id":1,"numbers":[1,2],"score":100}',
        b'{"id":1,"failure":{"verdict":"passed","message":""}}',
        b'{"id":1,"failure":{"verdict":"error"}}',
        b'{"id":1,"failure":{"verdict":"error","message":%s}}' % (b'"' + b"x" * 2000 + b'"'),
    ):
        assert isinstance(read_observation(body, 1, 2), Malformed), body


def test_a_problem_keeps_its_position() -> None:
    problem = {
        "kind": "syntax_error",
        "message": "SyntaxError: invalid syntax",
        "line": 3,
        "column": 5,
        "source_line": "x = = 1",
    }
    assert read_loaded(encode({"id": 1, "problem": problem})[4:], 1) == Problem(
        kind=ProblemKind.SYNTAX_ERROR,
        message="SyntaxError: invalid syntax",
        line=3,
        column=5,
        source_line="x = = 1",
    )
    for change in ({"line": -1}, {"line": 1.5}, {"kind": "stopped"}, {"kind": 1}, {"message": 1}):
        body = encode({"id": 1, "problem": problem | change})[4:]
        assert isinstance(read_loaded(body, 1), Malformed)


@given(st.text(alphabet=st.characters(codec=None)))
def test_a_students_text_can_be_stored_anywhere(text: str) -> None:
    kept = clean(text)
    assert "\0" not in kept
    assert kept.encode().decode() == kept


def test_the_driver_reads_the_same_names_of_quantities() -> None:
    assert [str(part) for part in Quantity] == ["data", "grad"]


def test_calls_are_read_only_where_they_were_asked_for() -> None:
    body = b'{"id":1,"numbers":[2.5],"calls":7}'
    assert read_observation(body, 1, 1, has_calls=True) == Observation((2.5,), calls=7)
    assert isinstance(read_observation(body, 1, 1), Malformed)
    uncounted = b'{"id":1,"numbers":[2.5],"calls":null}'
    assert read_observation(uncounted, 1, 1, has_calls=True) == Observation((2.5,))


@pytest.mark.parametrize("calls", ["-1", "1000001", "1.0", "true", '"7"', "[]"])
def test_calls_that_are_no_possible_number_are_malformed(calls: str) -> None:
    body = f'{{"id":1,"numbers":[2.5],"calls":{calls}}}'.encode()
    assert isinstance(read_observation(body, 1, 1, has_calls=True), Malformed)
