"""A session through the real sandbox: what it answers, what it measures, and what ends it."""

from __future__ import annotations

import math
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.worker.sandbox.programs import (
    HONEST,
    PRINTED,
    TRUE_NUMBERS,
    WORKED_EXAMPLE,
    ask,
    burn,
    outcome,
    reads,
)
from worker.driver.base.protocol import EXIT_OUT_OF_MEMORY
from worker.graph import Graph, Question, parse
from worker.report.model import Problem, ProblemKind, Quantity, Verdict
from worker.sandbox import Failure, Limits, Loaded, Observation, Sandbox, SandboxError, Session
from worker.sandbox.host import time_limit
from worker.sandbox.host.exit_reasons import explain
from worker.sandbox.host.pipes import Pipes
from worker.sandbox.host.time_limit import LONGEST_WAIT, Allowance, read_state
from worker.sandbox.host.zygote_process import Exit

GENEROUS = Limits(
    load_cpu_seconds=60, case_cpu_seconds=60, grading_cpu_seconds=200, frame_bytes=2**24
)


def opened(sandbox: Sandbox, source: str, limits: Limits | None = None) -> Session:
    return sandbox.session(source, limits or Limits())


def failed(session: Session, program: str, *names: str) -> Failure:
    answer = ask(session, program, *names)
    assert isinstance(answer, Failure)
    return answer


def broken(backward: str) -> str:
    """A correct engine whose backward does something else, but not while the file is loaded."""
    lines = "".join(f"        {line}\n" for line in backward.splitlines())
    return (
        f"{HONEST}\nright = Value.backward\ndef backward(self):\n    right(self)\n"
        f"    if self.data == 1:\n{lines}\nValue.backward = backward\n"
    )


# Answers


def test_a_correct_engine_gives_the_worked_example(sandbox: Sandbox) -> None:
    with opened(sandbox, HONEST) as session:
        loaded = session.load()
        assert isinstance(loaded, Loaded)
        assert loaded.interface.class_name == "Value"
        assert session.run(WORKED_EXAMPLE, reads(WORKED_EXAMPLE)) == Observation(TRUE_NUMBERS)
        assert session.alive


def test_the_printed_class_gives_the_worked_example(sandbox: Sandbox) -> None:
    with opened(sandbox, PRINTED) as session:
        assert outcome(session) == "passed"


def test_one_session_answers_many_graphs_each_from_fresh_leaves(sandbox: Sandbox) -> None:
    with opened(sandbox, HONEST) as session:
        session.load()
        for number in range(1, 30):
            program = f"a = Value({number})\nb = a * a\nb.backward()"
            assert ask(session, program, "a") == Observation((number, 2 * number))


def test_missing_numbers_are_none_and_non_finite_numbers_arrive(
    sandbox: Sandbox,
) -> None:
    source = HONEST.replace("self.grad = 0.0", "self.grad = None")
    source = source.replace("self.data = data", "self.data = data * 1e308 * 10")
    with opened(sandbox, source) as session:
        session.load()
        program = "a = Value(1)\nb = Value(-1)\nc = Value(0)"
        assert ask(session, program, "a", "b", "c") == Observation(
            (math.inf, -math.inf, 0.0, None, None, None)
        )


def test_numbers_arrive_to_the_last_bit(sandbox: Sandbox) -> None:
    with opened(sandbox, HONEST) as session:
        session.load()
        for number in (0.1, 5e-324, 1.7976931348623157e308, -0.0, 1 / 3):
            answer = ask(session, f"a = Value({number!r})", "a")
            assert isinstance(answer, Observation)
            assert repr(answer.numbers[0]) == repr(float(number))


def test_a_syntax_error_has_line_column_and_source_line(sandbox: Sandbox) -> None:
    with opened(sandbox, "class Value:\n    def __add__(self other):\n") as session:
        problem = session.load()
        assert isinstance(problem, Problem)
        assert problem.kind is ProblemKind.SYNTAX_ERROR
        assert problem.line == 2
        assert problem.source_line == "    def __add__(self other):"
        assert problem.column
        assert problem.source_line[problem.column - 1 :].startswith(("self other", "other"))


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("", ProblemKind.NO_CLASS),
        ("x = 1", ProblemKind.NO_CLASS),
        (HONEST.replace("Value", "A") + HONEST.replace("Value", "B"), ProblemKind.AMBIGUOUS_CLASS),
        ("1 / 0", ProblemKind.LOAD_ERROR),
        ("x = '\0'", ProblemKind.SYNTAX_ERROR),
    ],
)
def test_a_file_that_cannot_be_used_is_a_problem_not_a_failure(
    sandbox: Sandbox, source: str, kind: ProblemKind
) -> None:
    with opened(sandbox, source) as session:
        problem = session.load()
        assert isinstance(problem, Problem)
        assert problem.kind is kind


def test_a_source_of_a_megabyte_and_any_characters_are_loaded(sandbox: Sandbox) -> None:
    for source in (HONEST + "# x\n" * 2**18, HONEST + "# Ελληνικά 漢字 🙂\n", "\ufeff" + HONEST):
        with opened(sandbox, source) as session:
            assert outcome(session) == "passed"


def test_a_failing_case_costs_that_case_only_and_the_session_goes_on(sandbox: Sandbox) -> None:
    with opened(sandbox, HONEST) as session:
        session.load()
        assert failed(session, "a = Value(2)\nb = a ** 2", "b").verdict is Verdict.UNSUPPORTED
        result = failed(session, "a = Value(2)\nb = a + 1", "b")
        assert result.verdict is Verdict.UNSUPPORTED
        assert result.message == (
            "Value + int is not supported: "
            "AttributeError: 'int' object has no attribute 'data' (line 9)"
        )
        assert session.alive
        assert ask(session, "a = Value(2)", "a") == Observation((2.0, 0.0))


def test_a_node_without_a_number_is_named_in_the_message(sandbox: Sandbox) -> None:
    with opened(sandbox, broken("self.grad = 'one'")) as session:
        session.load()
        program = "x1 = Value(1)\nL = x1 * x1\nL.backward()"
        result = failed(session, program, "x1", "L")
        assert result == Failure(
            verdict=Verdict.INVALID_OUTPUT, message="L.grad is str, not a number."
        )
        assert session.alive
        graph = parse(program)
        unnamed = Graph(steps=graph.steps, names={}, program=program)
        answer = session.run(unnamed, [(1, Quantity.GRAD)])
        assert isinstance(answer, Failure)
        assert answer.message.startswith("node 1.grad is str")


# Depth


def test_a_chain_of_10_000_nodes_passes_through_a_recursive_engine(sandbox: Sandbox) -> None:
    graph = parse("a = Value(1)\nx = a\nfor _ in range(10000):\n    x = x + a\nx.backward()")
    with opened(sandbox, HONEST, GENEROUS) as session:
        session.load()
        assert session.run(graph, reads(graph, ["a"])) == Observation((1.0, 10_001.0))


def test_a_request_and_an_answer_larger_than_any_pipe_do_not_block(sandbox: Sandbox) -> None:
    graph = parse("a = Value(1)\nx = a\nfor _ in range(50000):\n    x = x + a\n")
    every = [(node, Quantity.DATA) for node in range(50_001)]
    with opened(sandbox, HONEST, GENEROUS) as session:
        session.load()
        answer = session.run(graph, every)
        assert answer == Observation(tuple(float(number) for number in range(1, 50_002)))


@pytest.mark.parametrize(
    "source",
    [
        broken("self.backward()"),
        HONEST + "\n    def __radd__(self, other):\n        return other + self\n",
    ],
)
def test_endless_recursion_is_an_error_with_a_hint(sandbox: Sandbox, source: str) -> None:
    with opened(sandbox, source, GENEROUS) as session:
        session.load()
        program = (
            "a = Value(2)\nb = 1 + a" if "__radd__" in source else "b = Value(1)\nb.backward()"
        )
        result = failed(session, program, "b")
        assert result.verdict is Verdict.ERROR
        assert "does something call itself without end?" in result.message
        assert session.alive


def test_the_cost_is_complete_even_if_it_is_read_late(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = Session._send

    def send_and_dawdle(session: Session, *bodies: bytes) -> None:
        send(session, *bodies)
        time.sleep(0.3)  # as on a busy machine: the child has answered by then

    question = Question(
        graph=parse("a = Value(1)\na.backward()"), reads=[(0, Quantity.DATA)], measure=True
    )
    with opened(sandbox, broken(burn(0.05))) as session:
        session.load()
        monkeypatch.setattr(Session, "_send", send_and_dawdle)
        (observed,) = session.run_all([question])
    assert isinstance(observed, Observation)
    assert observed.cost is not None
    assert observed.cost.cpu_seconds >= 0.05


def test_a_child_that_has_ended_has_no_cost(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await_next = Session._await_next

    def await_its_end(session: Session, cpu_seconds: float) -> bytes | Failure:
        answer = await_next(session, cpu_seconds)
        session._child.kill()
        session._await_end()  # until it is reaped, and its clock is gone
        return answer

    question = Question(graph=parse("a = Value(1)"), reads=[(0, Quantity.DATA)], measure=True)
    with opened(sandbox, HONEST) as session:
        session.load()
        monkeypatch.setattr(Session, "_await_next", await_its_end)
        assert list(session.run_all([question])) == [Observation((1.0,), None)]


# Limits


def test_cpu_is_limited_by_case_and_the_rest_needs_a_fresh_session(sandbox: Sandbox) -> None:
    with opened(sandbox, broken("while True: pass"), Limits(case_cpu_seconds=0.2)) as session:
        session.load()
        result = failed(session, "a = Value(1)\na.backward()", "a")
        assert result.verdict is Verdict.TIMEOUT
        assert result.message == "No answer after 0.2 s of computing."
        assert not session.alive
        with pytest.raises(SandboxError, match="session has ended"):
            ask(session, "a = Value(1)", "a")


def test_cpu_is_limited_over_the_whole_session(sandbox: Sandbox) -> None:
    limits = Limits(case_cpu_seconds=60, grading_cpu_seconds=0.5)
    with opened(sandbox, broken(burn(0.2)), limits) as session:
        session.load()
        result = [ask(session, "a = Value(1)\na.backward()", "a") for _ in range(2)]
        assert isinstance(result[0], Observation)
        last = failed(session, "a = Value(1)\na.backward()", "a")
        assert last.message == "The whole run took too much CPU time."


BLOCKED = {
    "a queue": "import queue; queue.SimpleQueue().get()",
    "a lock": "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "a descriptor": "import os; os.read(3, 1)",
    "a lock in C": "import ctypes; ctypes.CDLL(None).sem_wait(ctypes.create_string_buffer(64))",
}


@pytest.mark.parametrize("waits", BLOCKED.values(), ids=BLOCKED)
def test_a_program_that_is_blocked_is_ended(sandbox: Sandbox, waits: str) -> None:
    with opened(sandbox, broken(waits)) as session:
        assert isinstance(session.load(), Loaded)
        result = failed(session, "a = Value(1)\na.backward()", "a")
        assert result.verdict is Verdict.TIMEOUT
        assert "waited for something" in result.message
        assert not result.doubtful
        assert not session.alive


def test_a_blocked_program_is_ended_within_a_second() -> None:
    looks = 2 * LONGEST_WAIT  # it's asleep at the second, and was at the first
    assert Limits().waiting_seconds + looks < 1


def test_each_answer_may_be_waited_for_as_long(sandbox: Sandbox) -> None:
    source = broken("import os; os.read(3, 1)")
    for _ in range(2):
        with opened(sandbox, source, Limits(waiting_seconds=0.1)) as session:
            session.load()
            assert "waited for something" in failed(session, "a = Value(1)\na.backward()").message


def test_a_program_that_waits_until_we_read_is_not_blamed(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine that gives the worker no CPU: the child fills a pipe, and sleeps."""
    pump, asleep_in_between = Pipes.pump, []

    def pump_late(pipes: Pipes, seconds: float) -> None:
        while read_state(pipes._child.pid) not in (b"S", b""):
            pass
        asleep_in_between.append(True)
        pump(pipes, seconds)

    prints = "import os\nfor _ in range(25): os.write(1, b'x' * 10_000)"
    with opened(sandbox, broken(prints), Limits(waiting_seconds=0)) as session:
        session.load()
        monkeypatch.setattr(Pipes, "pump", pump_late)
        assert isinstance(ask(session, "a = Value(1)\na.backward()", "a"), Observation)
    assert len(asleep_in_between) > 2


@pytest.mark.parametrize("state", [b"R", b"D", b"T", b"t", b""])
def test_a_program_that_waits_for_the_machine_is_not_blamed(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, state: bytes
) -> None:
    """For a CPU, for the disk, or until whoever stopped it goes on."""
    monkeypatch.setattr(time_limit, "LAST_RESORT_SECONDS", 0.5)
    monkeypatch.setattr(time_limit, "read_state", lambda _: state)
    with opened(sandbox, broken("import os; os.read(3, 1)"), Limits(waiting_seconds=0)) as session:
        session.load()
        with pytest.raises(SandboxError, match="neither answered nor ran"):
            ask(session, "a = Value(1)\na.backward()", "a")


def test_a_program_that_somebody_stops_and_continues_loses_nothing(sandbox: Sandbox) -> None:
    with opened(sandbox, broken(burn(0.1)), Limits(waiting_seconds=0.1)) as session:
        session.load()
        os.kill(session._child.pid, signal.SIGSTOP)
        while read_state(session._child.pid) != b"T":
            pass
        go_on = threading.Timer(0.5, os.kill, (session._child.pid, signal.SIGCONT))
        go_on.start()
        assert isinstance(ask(session, "a = Value(1)\na.backward()", "a"), Observation)
        go_on.join()


def test_a_program_that_nobody_continues_is_our_failure(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_limit, "LAST_RESORT_SECONDS", 0.3)
    with opened(sandbox, HONEST) as session:
        session.load()
        os.kill(session._child.pid, signal.SIGSTOP)
        with pytest.raises(SandboxError, match="neither answered nor ran"):
            ask(session, "a = Value(1)\na.backward()", "a")


def test_memory_is_limited_and_the_session_is_then_over(sandbox: Sandbox) -> None:
    with opened(sandbox, broken("self.held = bytearray(2**30)")) as session:
        session.load()
        result = failed(session, "a = Value(1)\na.backward()", "a")
        assert result.verdict is Verdict.MEMORY_LIMIT
        assert not session.alive


def test_the_memory_limit_can_really_be_used(sandbox: Sandbox) -> None:
    source = broken("self.held = bytearray(200 * 2**20)")
    with opened(sandbox, source, GENEROUS) as session:
        session.load()
        assert isinstance(ask(session, "a = Value(1)\na.backward()", "a"), Observation)


def test_a_million_unary_minuses_are_out_of_memory(sandbox: Sandbox) -> None:
    with opened(sandbox, "x = " + "-" * 1_000_000 + "1", GENEROUS) as session:
        assert outcome(session) == "memory_limit"


# Output


def test_stdout_and_stderr_are_separate_and_complete(sandbox: Sandbox) -> None:
    source = HONEST + "import sys\nprint('é\\0\\x1b', end='')\nsys.stderr.write('warned')\n"
    with opened(sandbox, source) as session:
        session.load()
        assert session.stdout == "é\N{SYMBOL FOR NULL}\x1b"
        assert session.stderr == "warned"


def test_output_up_to_the_cap_is_kept_and_one_byte_more_is_too_much(sandbox: Sandbox) -> None:
    for printed, expected in ((1000, "passed"), (1001, "output_limit")):
        source = f"{HONEST}print('x' * {printed}, end='')"
        with opened(sandbox, source, Limits(output_bytes=1000)) as session:
            assert outcome(session) == expected
            assert session.stdout == "x" * printed


def test_the_beginning_of_the_output_is_kept(sandbox: Sandbox) -> None:
    source = f"{HONEST}print('x' * 1000 + 'y' * 1000, end='')"
    with opened(sandbox, source, Limits(kept_bytes=1500)) as session:
        assert outcome(session) == "passed"
        assert session.stdout == "x" * 1000 + "y" * 500


FLOODS = [
    ("sys.stdout.write('x' * 2**18 + 'x')", "more than 256 KiB to stdout, and was stopped"),
    ("os.write(2, b'x' * 2**20)", "more than 256 KiB to stderr, and was stopped"),
    ("while True: print('x' * 1000)", "more than 256 KiB to stdout, and was stopped"),
    ("os.write(4, (2**20).to_bytes(4, 'big') + bytes(2**20 + 1))", "more than 1024 KiB where its"),
]


@pytest.mark.parametrize(("flood", "words"), FLOODS)
def test_a_flood_names_its_stream_and_the_limit(sandbox: Sandbox, flood: str, words: str) -> None:
    with opened(sandbox, "import os, sys\n" + broken(flood)) as session:
        session.load()
        result = failed(session, "a = Value(1)\na.backward()", "a")
        assert result.verdict is Verdict.OUTPUT_LIMIT
        assert words in result.message
        assert not result.shared


def test_each_case_may_print_as_much_as_the_one_before(sandbox: Sandbox) -> None:
    source = broken("print('x' * 899)") + "print('y' * 899)\n"
    with opened(sandbox, source, Limits(output_bytes=1000)) as session:
        session.load()
        for _ in range(5):
            assert isinstance(ask(session, "a = Value(1)\na.backward()", "a"), Observation)
        assert session.stdout == "y" * 899 + "\n" + 5 * ("x" * 899 + "\n")


def test_cases_sent_together_are_not_blamed_for_their_common_output(
    sandbox: Sandbox,
) -> None:
    graph = parse("a = Value(1)\na.backward()")
    questions = [Question(graph=graph, reads=reads(graph, ["a"]))] * 5
    answers = {}
    for together in (False, True):
        with opened(sandbox, broken("print('x' * 899)"), Limits(output_bytes=1000)) as session:
            session.load()
            answers[together] = list(session.run_all(questions, together=together))
    assert [type(answer) for answer in answers[False]] == [Observation] * 5
    last = answers[True][-1]  # the first may have been answered while it had printed alone
    assert isinstance(last, Failure)
    assert last.shared
    assert len(answers[True]) <= 2


def test_invalid_bytes_and_half_characters_are_replaced(
    sandbox: Sandbox,
) -> None:
    source = HONEST + "import os\nos.write(1, b'\\xff\\xe2\\x82')\nprint('\\ud800')\n"
    with opened(sandbox, source) as session:
        assert outcome(session) == "passed"
        assert session.stdout == "\N{REPLACEMENT CHARACTER}" * 2 + "\\ud800\n"


def test_a_program_may_close_its_own_output(sandbox: Sandbox) -> None:
    source = HONEST + "import os, sys\nsys.stdout.close()\nos.close(1)\nos.close(2)\n"
    with opened(sandbox, source) as session:
        assert outcome(session) == "passed"


def test_there_is_no_input(sandbox: Sandbox) -> None:
    with opened(sandbox, HONEST + "import sys\nassert sys.stdin.read() == ''\n") as session:
        assert outcome(session) == "passed"


# What is preloaded


def test_the_modules_that_students_use_are_there(sandbox: Sandbox) -> None:
    source = HONEST + (
        "from __future__ import annotations\n"
        "import abc, collections, contextlib, copy, dataclasses, enum, functools, itertools\n"
        "import math, numbers, operator, random, typing, warnings\n"
        "import datetime, decimal, fractions, statistics, string, time, traceback\n"
        "import hashlib, secrets, uuid\n"
        "hashlib.sha256(b'x').hexdigest(); secrets.token_hex(); uuid.uuid4()\n"
        "random.seed(1); random.gauss(0, 1); random.shuffle([1, 2])\n"
        "datetime.datetime.strptime('2020', '%Y'); datetime.datetime.now()\n"
        "'x'.encode('latin-1'); 'x'.encode('ascii'); 'x'.encode('utf-16')\n"
        "try: 1 / 0\nexcept ZeroDivisionError: traceback.format_exc()\n"
        "warnings.warn('careful')\nprint(f'{math.pi:.3f}', decimal.Decimal(1) / 3)\n"
    )
    moved = source.replace("from __future__ import annotations\n", "")
    with opened(sandbox, "from __future__ import annotations\n" + moved) as session:
        assert outcome(session) == "passed"
        assert "careful" in session.stderr


# Ends


def status_of(number: int) -> Exit:
    return Exit(status=number, cpu_seconds=1.0)


@pytest.mark.parametrize(
    ("status", "verdict", "words"),
    [
        (signal.SIGSYS, Verdict.CRASHED, "forbidden"),
        (signal.SIGSEGV, Verdict.CRASHED, "SIGSEGV"),
        (signal.SIGABRT, Verdict.CRASHED, "SIGABRT"),
        (signal.SIGRTMIN, Verdict.CRASHED, "SIGRTMIN"),
        (signal.SIGRTMIN + 1, Verdict.CRASHED, f"(signal {signal.SIGRTMIN + 1})"),
        (32, Verdict.CRASHED, "(signal 32)"),
        (signal.SIGKILL, Verdict.MEMORY_LIMIT, "memory had run out"),
        (0, Verdict.INVALID_OUTPUT, "exit status 0"),
        (1 << 8, Verdict.INVALID_OUTPUT, "exit status 1"),
        (EXIT_OUT_OF_MEMORY << 8, Verdict.MEMORY_LIMIT, "more memory"),
    ],
)
def test_an_end_without_an_answer_is_explained(status: int, verdict: Verdict, words: str) -> None:
    result = explain(status_of(int(status)), Limits())
    assert result.verdict is verdict
    assert words in result.message


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGXCPU])
def test_a_kill_when_the_cpu_is_used_up_is_a_timeout(number: signal.Signals) -> None:
    result = explain(status_of(int(number)), Limits(grading_cpu_seconds=1))
    assert result.verdict is Verdict.TIMEOUT


def test_the_clock_of_a_child_that_has_ended_is_0() -> None:
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", ""]) as gone:
        gone.wait()
    allowance = Allowance(gone.pid, cpu_seconds=1, cpu_end=1, waiting_seconds=1)
    assert allowance.exceeded(idle=True) is None
    assert allowance.patience() == LONGEST_WAIT
    assert read_state(gone.pid) == b""


def test_an_empty_pipe_is_not_an_error(sandbox: Sandbox) -> None:
    with opened(sandbox, HONEST) as session:
        session._pipes._read(session._child.stdout)  # where nothing is
        assert outcome(session) == "passed"


def test_closing_twice_and_closing_early_are_harmless(sandbox: Sandbox) -> None:
    session = opened(sandbox, HONEST)
    session.close()
    session.close()
    assert not session.alive


def test_a_child_lost_before_it_is_locked_is_our_failure() -> None:
    with Sandbox() as sandbox:  # its own, because an old zygote may be replaced in between
        zygote = sandbox._zygote
        while not zygote._ready:
            zygote._listen()
        spare = zygote._ready[0]
        spare.kill()
        select.select([spare.pidfd], [], [])  # until it has ended
        lost = opened(sandbox, HONEST)
        with lost, pytest.raises(SandboxError, match="ended before it was locked"):
            lost.load()


# Seen from inside


def test_a_child_cannot_see_how_it_was_started(sandbox: Sandbox) -> None:
    with opened(sandbox, f"{HONEST}\nimport sys\nprint(sys.orig_argv, sys.argv)\n") as session:
        session.load()
        assert session.stdout == "[] ['value.py']\n"


# Seen from outside


def test_every_layer_is_in_force(sandbox: Sandbox) -> None:
    with opened(sandbox, HONEST) as session:
        session.load()
        process = Path(f"/proc/{session._child.pid}")
        status = dict(
            line.split(":\t", 1) for line in (process / "status").read_text().splitlines()
        )
        assert status["NoNewPrivs"] == "1"
        assert status["Seccomp"] == "2"
        assert status["Threads"] == "1"
        if os.geteuid() == 0:
            assert len({*status["Uid"].split()}) == 1
            assert int(status["Uid"].split()[0]) >= 32_000
            assert not status["Groups"].strip()
            assert int(status["CapEff"], 16) == 0
            assert sorted(int(fd.name) for fd in (process / "fd").iterdir()) == [0, 1, 2, 3, 4]
            assert (process / "environ").read_bytes() == b"PYTHONHASHSEED=0\0"
            limits = (process / "limits").read_text()
            for name in ("core file size", "file size", "locked memory", "processes"):
                line = next(line for line in limits.splitlines() if line.startswith(f"Max {name}"))
                assert line.split()[-3:-1] == ["0", "0"] or line.split()[-2:] == ["0", "0"]
        assert (process / "oom_score_adj").read_text() == "1000\n"
        assert os.getsid(session._child.pid) == session._child.pid
