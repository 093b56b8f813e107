"""What a file sees of chance and of clocks is the same in every session and in every zygote."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.worker.sandbox.programs import HONEST
from worker.sandbox import Limits, Loaded, Sandbox
from worker.sandbox.host.answers import mask_addresses, read_loaded
from worker.sandbox.host.frames import encode

CHANCES = {
    "random numbers": "import random\nprint(random.random(), random.sample(range(9), 5))\n",
    "random numbers of numpy": "import numpy\nprint(numpy.random.rand(), numpy.random.rand())\n",
    "generators of numpy": "import numpy\nprint(numpy.random.default_rng().random())\n",
    "generators without a seed": (
        "import random\nprint(random.Random().random())\nrandom.seed()\nprint(random.random())\n"
    ),
    "random bytes": (
        "import os, random, secrets, uuid\n"
        "print(os.urandom(8), os.getrandom(8), secrets.token_hex(), uuid.uuid4())\n"
        "print(random.SystemRandom().random())\n"
    ),
    "the order of a set": "print([*{*'abcdefgh'}], [*set('abcdefgh')], {*'abcdefgh'})\n",
    "a display of texts": "for x in {'aa', 'bb', 'cc', 'dd'}: print(x)\n",
    "identities": "class A: pass\nkept = [A() for _ in range(9)]\nprint(sorted(map(id, kept)))\n",
    "clocks": (
        "import os, time, timeit\n"
        "clocks = time.time, time.monotonic, time.perf_counter, time.process_time, os.times\n"
        "print([clock() for clock in (*clocks, time.thread_time, timeit.default_timer)])\n"
        "print([time.clock_gettime(clock) for clock in range(4)], time.time_ns())\n"
    ),
    "dates": (
        "import datetime, time\n"
        "print(datetime.datetime.now(), datetime.datetime.utcnow(), datetime.date.today())\n"
        "print(time.ctime(), time.asctime(), time.localtime(), time.gmtime())\n"
        "print(time.strftime('%c'))\n"
    ),
    "elapsed times": (
        "import time, timeit\n"
        "start = time.time()\ntime.sleep(0.1)\nprint(time.time() - start)\n"
        "print(timeit.timeit('1 + 1', number=9), timeit.repeat('2', number=9))\n"
    ),
    "identities by the time": "import uuid\nprint(uuid.uuid1(), uuid.uuid1())\n",
    "times of a log": (
        "import logging\n"
        "logging.basicConfig(format='%(asctime)s %(created)f %(relativeCreated)f')\n"
        "logging.warning('')\n"
    ),
    "seeds from the clock": (
        "import random, time\nrandom.seed(time.time())\nprint(random.random())\n"
    ),
    "seeds from the clock, for numpy": (
        "import numpy, time\nnumpy.random.seed(int(time.time()))\nprint(numpy.random.rand())\n"
    ),
}
WORK = {
    "nothing": "",
    "a demo that is stopped": "n = 0\nwhile True:\n    n += 1\n    Value(n) * Value(2)\n",
    "a loop that CPU time stops": "while True: sum(range(100_000))\n",
    "a backward that never ends": "def spin(self):\n    while True: pass\nValue.backward = spin\n",
    "an error after some work": "for n in range(9_999): Value(n)\nassert n == 0\nValue(3)\n",
}
ADDRESSES = "print(object(), Value(3))\nimport sys\nsys.stderr.write(repr(object()))\n"


def printed(sandbox: Sandbox, source: str, reverse: bool = False) -> tuple[str, str]:
    with sandbox.session(HONEST + source, Limits(), reverse=reverse) as session:
        loaded = session.load()
        assert isinstance(loaded, Loaded)
        assert loaded.interface.notes == ()
        return session.stdout, session.stderr


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[tuple[Sandbox, ...]]:
    made = tuple(Sandbox() for _ in range(3))
    yield made
    for sandbox in made:
        sandbox.close()


@pytest.mark.parametrize("name", CHANCES)
def test_chance_repeats_itself(sandboxes: tuple[Sandbox, ...], name: str) -> None:
    for reverse in (False, True):
        seen = {printed(each, CHANCES[name], reverse) for each in sandboxes for _ in range(3)}
        assert len(seen) == 1


@pytest.mark.parametrize("name", WORK)
def test_the_counted_work_of_loading_is_the_same_in_every_session(
    sandboxes: tuple[Sandbox, ...], name: str
) -> None:
    def count(sandbox: Sandbox, reverse: bool) -> float:
        with sandbox.session(HONEST + WORK[name], Limits(), reverse=reverse) as session:
            loaded = session.load()
            assert isinstance(loaded, Loaded)
            return loaded.counted_seconds

    usual = {count(each, False) for each in sandboxes for _ in range(2)}
    reverse = {count(each, True) for each in sandboxes}
    assert len(usual) == len(reverse) == 1
    assert usual.pop() == pytest.approx(reverse.pop(), abs=1e-4)  # a few steps of our own


def test_texts_have_the_same_hash_in_every_zygote(sandboxes: tuple[Sandbox, ...]) -> None:
    source = "print(hash('tanh'), hash(b'tanh'))\n"
    assert len({printed(each, source) for each in sandboxes}) == 1


@pytest.mark.parametrize("name", CHANCES)
def test_a_reversed_session_has_another_chance(sandboxes: tuple[Sandbox, ...], name: str) -> None:
    usual, reverse = (printed(sandboxes[0], CHANCES[name], each) for each in (False, True))
    assert usual != reverse


def test_addresses_in_what_a_file_prints_are_masked(sandboxes: tuple[Sandbox, ...]) -> None:
    for each in sandboxes:
        out, err = printed(each, ADDRESSES)
        assert out.startswith("<object object at 0x…>")
        assert err == "<object object at 0x…>"


def test_addresses_in_messages_are_masked_but_not_in_the_source() -> None:
    line = "x = '<A at 0x7f12>'"
    fields = {"kind": "load_error", "message": f"KeyError: {line}", "line": 1, "column": None}
    answer = {"id": 1, "problem": fields | {"source_line": line}}
    problem = read_loaded(encode(answer)[4:], 1)
    assert problem.message == "KeyError: x = '<A at 0x…>'"  # type: ignore[union-attr]
    assert problem.source_line == line  # type: ignore[union-attr]
    assert mask_addresses("at 3, 0x7f12") == "at 3, 0x7f12"


def test_numpy_uses_no_instructions_that_only_some_machines_have() -> None:
    source = (
        "from numpy._core._multiarray_umath import __cpu_features__, __cpu_dispatch__\n"
        "print([name for name in __cpu_dispatch__ if __cpu_features__[name]])\n"
    )
    with Sandbox() as sandbox:
        assert printed(sandbox, source) == ("[]\n", "")
