"""The corpus reports a missing layer, and an attack that only seemed to be refused."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.worker.sandbox.altered import altered
from tests.worker.sandbox.corpus import SECRET, Hostile, complaints, list_hostile
from tests.worker.sandbox.programs import HONEST, tools
from worker.sandbox import Limits, Sandbox

KEEP = "import builtins; builtins.held = held"
# Keeps it, though nothing leads there.
LEAK = "import ctypes; ctypes.pythonapi.Py_IncRef(ctypes.py_object(held))"
ANOTHER = "SUBMISSION-OF-ANOTHER"


def program(name: str) -> Hostile:
    (found,) = [hostile for hostile in list_hostile() if hostile.name == name]
    return found


def made(source: str, expect: str) -> Hostile:
    return Hostile(name="made", source=HONEST + source, limits=Limits(), expect=expect)


def raising(error: BaseException) -> Callable[[], None]:
    def action() -> None:
        raise error

    return action


@pytest.mark.parametrize(
    ("action", "accepted", "said"),
    [
        (raising(PermissionError(errno.EPERM, "no")), (), "denied"),
        (lambda: "all of it", (), "ESCAPED all of it"),
        (raising(OSError(errno.ENODEV, "no")), (OSError, errno.ENODEV), "denied"),
        (raising(OSError(errno.EBADF, "bad")), (OSError, errno.ENODEV), "[Errno 9] bad"),
        (raising(RuntimeError()), (RuntimeError,), "denied"),
    ],
)
def test_only_the_expected_refusal_counts_as_denied(
    capsys: pytest.CaptureFixture[str], action: object, accepted: tuple[Any, ...], said: str
) -> None:
    found: dict[str, Any] = {}
    exec(tools(""), found)
    found["attempt"](action, *accepted)
    assert capsys.readouterr().out == f"{said}\n"


@pytest.mark.parametrize("error", [FileNotFoundError(), LookupError(), OSError(errno.ENOSYS, "x")])
def test_a_failure_for_another_reason_is_not_a_refusal(error: Exception) -> None:
    found: dict[str, Any] = {}
    exec(tools(""), found)
    with pytest.raises(type(error)):
        found["attempt"](raising(error))


def test_a_line_that_failed_for_another_reason_is_reported(
    sandbox: Sandbox,
) -> None:
    assert complaints(sandbox, made("print('denied')\n", "denied")) == []
    (result,) = complaints(sandbox, made("print('denied')\nint('x')\n", "denied"))
    assert "ValueError" in result


@pytest.mark.parametrize(
    "end", ["import ctypes; ctypes.string_at(0)", "import os; os.abort()", "raise SystemExit"]
)
def test_a_program_that_dies_for_another_reason_was_not_killed_for_a_call(
    sandbox: Sandbox, end: str
) -> None:
    assert complaints(sandbox, made(end, "killed"))


def test_output_before_a_kill_is_reported(sandbox: Sandbox) -> None:
    trace = 'syscall("ptrace", 16, 1, 0, 0)\n'
    kill = tools(trace) + trace
    assert complaints(sandbox, made(kill, "killed")) == []
    assert complaints(sandbox, made("print('no gate')\n" + kill, "killed"))


def test_an_emptied_environment_is_still_found_on_the_stack(
    tmp_path: Path,
) -> None:
    forget = "import os\nos.environ.clear()\n"
    with altered(tmp_path, forget, CHAINRULE_SECRET_KEY=SECRET) as remembering:
        assert complaints(remembering, program("search_memory")) != []
        assert complaints(remembering, program("file_read_passwd")) == []


@pytest.mark.parametrize(
    ("name", "held"), [("search_memory", SECRET), ("search_last_submission", ANOTHER)]
)
@pytest.mark.parametrize(
    ("shape", "hold"),
    [
        ("[{}]", KEEP),
        ("{{1: ({},)}}", KEEP),
        ("[{}.encode()]", KEEP),
        ("[{}]", LEAK),
        ("{{1: [{}]}}", LEAK),
    ],
)
def test_objects_that_the_collector_ignores_are_found_too(
    tmp_path: Path, name: str, held: str, shape: str, hold: str
) -> None:
    whole = f"'-'.join({held.split('-')})"  # the text stands nowhere else
    hold = f"held = {shape.format(whole)}\n{hold}\ndel held\n"
    with altered(tmp_path, hold) as holding:
        assert any("ESCAPED" in line for line in complaints(holding, program(name)))
