"""An account of an interface is read strictly: exact members, exact types, and caps."""

from __future__ import annotations

from typing import Any

import pytest

from worker.driver.base.protocol import MOST_NAME, MOST_NOTE, MOST_NOTES, MOST_TEXT, MOST_WORK
from worker.report.model import Interface
from worker.sandbox import Loaded
from worker.sandbox.host.answers import Malformed, read_loaded, read_observation
from worker.sandbox.host.frames import encode
from worker.sandbox.host.outcome import Failure, Observation

ACCOUNT: dict[str, Any] = {
    "class": "Scalar",
    "data": "value",
    "grad": "gradient",
    "backward": "backprop()",
    "seed": None,
    "leaf": None,
    "adapt": "",
    "functions": {"tanh": "tanh({})", "log": "{}.log(base=2.718281828459045)", "exp": ""},
    "taken": ["w", "ln"],
    "unseeded": True,
    "warning": "backprop() never sets the output's own gradient.",
    "notes": ["torch isn't available here; a placeholder was used instead."],
}


def read(account: object) -> Any:
    return read_loaded(encode({"id": 1, "interface": account, "work": 250_000})[4:], 1)


def test_an_interface_is_read_as_it_was_sent() -> None:
    loaded = read(ACCOUNT)
    assert isinstance(loaded, Loaded)
    assert loaded.interface == Interface(
        class_name="Scalar",
        data="value",
        grad="gradient",
        backward="backprop()",
        unseeded=True,
        warning="backprop() never sets the output's own gradient.",
        notes=("torch isn't available here; a placeholder was used instead.",),
        functions=ACCOUNT["functions"],
        taken=("w", "ln"),
    )


def test_an_interface_comes_with_the_counted_work_of_loading() -> None:
    assert read(ACCOUNT).counted_seconds == 0.25

    def read_work(**work: object) -> Any:
        return read_loaded(encode({"id": 1, "interface": ACCOUNT} | work)[4:], 1)

    assert isinstance(read_work(work=0), Loaded)
    assert isinstance(read_work(work=MOST_WORK), Loaded)
    assert isinstance(read_work(), Malformed)
    wrong: object
    for wrong in (None, True, 1.0, "1", [], -1, MOST_WORK + 1, 10**40):
        assert isinstance(read_work(work=wrong), Malformed)


def test_an_answer_may_say_that_its_numbers_may_vary() -> None:
    def answer(**said: object) -> Any:
        return read_observation(encode({"id": 1, "numbers": [2.0]} | said)[4:], 1, 1)

    assert answer() == Observation((2.0,))
    assert answer(may_vary=True) == Observation((2.0,), may_vary=True)
    failed = {"verdict": "error", "message": "KeyError"}
    failure = read_observation(encode({"id": 1, "failure": failed, "may_vary": True})[4:], 1, 1)
    assert isinstance(failure, Failure)
    assert failure.may_vary
    wrong: object
    for wrong in (1, None, "yes", []):
        assert isinstance(answer(may_vary=wrong), Malformed)
        wrong_load = encode({"id": 1, "interface": ACCOUNT, "work": 1, "may_vary": wrong})[4:]
        assert isinstance(read_loaded(wrong_load, 1), Malformed)


def test_an_interface_may_be_of_functions_and_objects() -> None:
    calls = {"+": "add({}, {})", "*": "{}.mul({})", "-": "", "tanh": "F().tanh({})"}
    calls |= {"exp": "F.Exp.apply({})", "log": "Log()({})", "neg": "neg({})", "abs": "{}.abs()"}
    found = ACCOUNT | {"functions": calls, "class": None, "leaf": "node({}, None)"}
    assert read(found).interface.functions == calls
    for leaf in ("node({}, None)", "{}, tape=Tape()", "tape, {}", "Tape(), {}, children=set()"):
        assert read(ACCOUNT | {"leaf": leaf}).interface.leaf == leaf


def test_an_engine_of_functions_has_no_class_name() -> None:
    assert read(ACCOUNT | {"class": None}).interface.class_name is None


def test_an_engine_may_have_no_backward() -> None:
    assert read(ACCOUNT | {"backward": None}).interface.backward is None


def test_characters_that_no_page_can_show_are_replaced() -> None:
    assert read(ACCOUNT | {"data": "\ud800\0"}).interface.data == "?␀"


@pytest.mark.parametrize("part", ["data", "grad", "backward"])
@pytest.mark.parametrize("wrong", [1, True, [], {}, "x" * (MOST_NAME + 1)])
def test_a_name_is_a_short_text(part: str, wrong: object) -> None:
    assert isinstance(read(ACCOUNT | {part: "x" * MOST_NAME}), Loaded)
    assert isinstance(read(ACCOUNT | {part: wrong}), Malformed)


@pytest.mark.parametrize(
    "wrong",
    [None, "text", {}, [1], [None], [["nested"]], ["x" * (MOST_NOTE + 1)], [""] * (MOST_NOTES + 1)],
)
def test_notes_are_a_few_texts(wrong: object) -> None:
    assert isinstance(read(ACCOUNT | {"notes": [""] * MOST_NOTES}), Loaded)
    assert isinstance(read(ACCOUNT | {"notes": wrong}), Malformed)


@pytest.mark.parametrize(
    "account",
    [
        None,
        [],
        "Value",
        {},
        {part: result for part, result in ACCOUNT.items() if part != "notes"},
        ACCOUNT | {"score": 100},
        ACCOUNT | {"class": 3},
        ACCOUNT | {"data": None},
        ACCOUNT | {"grad": None},
        ACCOUNT | {"seed": 1},
        ACCOUNT | {"leaf": 1},
        ACCOUNT | {"leaf": "3"},
        ACCOUNT | {"leaf": "{}, {}"},
        ACCOUNT | {"leaf": "{}, name=exit()"},
        ACCOUNT | {"leaf": "{}\n"},
        ACCOUNT | {"leaf": "{}, name='" + "x" * 100 + "'"},
        ACCOUNT | {"adapt": None},
        ACCOUNT | {"functions": ["tanh"]},
        ACCOUNT | {"functions": {"open": "open({})"}},
        ACCOUNT | {"functions": {"tanh": 1}},
        ACCOUNT | {"functions": {"tanh": "tanh(exit())"}},
        ACCOUNT | {"functions": {"tanh": "tanh({}, x=exit())"}},
        ACCOUNT | {"functions": {"tanh": "tanh({})\n"}},
        ACCOUNT | {"functions": {"tanh": "if({})"}},
        ACCOUNT | {"functions": {"tanh": "{}.in()"}},
        ACCOUNT | {"functions": {"tanh": "F..tanh({})"}},
        ACCOUNT | {"functions": {"tanh": "tanh({}, x=1, x=1)"}},
        ACCOUNT | {"functions": {"tanh": "tanh({}, x=007)"}},
        ACCOUNT | {"functions": {"tanh": "not({})"}},
        ACCOUNT | {"functions": {"tanh": "None({})"}},
        ACCOUNT | {"functions": {"+": "add({})"}},
        ACCOUNT | {"functions": {"+": "F.add({}, {})"}},
        ACCOUNT | {"functions": {"%": "mod({}, {})"}},
        ACCOUNT | {"functions": {"tanh": "tanh({}, {})"}},
        ACCOUNT | {"functions": {"tanh": "F(1).tanh({})"}},
        ACCOUNT | {"leaf": "node({}, exit())"},
        ACCOUNT | {"leaf": "F.node({})"},
        ACCOUNT | {"leaf": "{}, in"},
        ACCOUNT | {"leaf": "{}, in=1"},
        ACCOUNT | {"leaf": "name=1, {}"},
        ACCOUNT | {"taken": "w"},
        ACCOUNT | {"taken": ["w"] * (MOST_NAME + 1)},
        ACCOUNT | {"taken": [1]},
        ACCOUNT | {"taken": ["w)|(?:a+)+"]},
        ACCOUNT | {"unseeded": 1},
        ACCOUNT | {"unseeded": None},
        ACCOUNT | {"warning": None},
        ACCOUNT | {"warning": "x" * (MOST_TEXT + 1)},
        ACCOUNT | {"class": "x" * (MOST_NAME + 1)},
    ],
)
def test_an_interface_of_another_form_is_malformed(account: object) -> None:
    assert isinstance(read(account), Malformed)
