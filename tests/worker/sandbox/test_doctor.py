"""The doctor reports each layer, attacks that succeed, and missing layers."""

from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli import cli
from tests.worker.sandbox.altered import altered
from worker.report.model import Verdict
from worker.sandbox import Limits, Sandbox, SandboxError
from worker.sandbox.doctor import canaries, examination
from worker.sandbox.doctor.canaries import Canary, list_canaries
from worker.sandbox.doctor.examination import State, examine, require_safe
from worker.sandbox.policy.layer_catalogue import ADVICE, GUARANTEES, guarantee
from worker.sandbox.policy.libseccomp import find_number

ROOT = Path(__file__).resolve().parents[3]
EXAMINED = "tests.worker.sandbox.examined"
TRACE = f"import ctypes\nctypes.CDLL(None).syscall(ctypes.c_ulong({find_number('ptrace')}), 16, 1)"


def examine_crippled(*words: str | int) -> dict[str, Any]:
    """What the doctor finds where system calls fail."""
    module = "tests.worker.sandbox.crippled"
    return examine_by(sys.executable, "-B", "-m", module, *map(str, words), "--", EXAMINED)


def examine_by(*command: str) -> dict[str, Any]:
    """What the doctor finds when it is started so."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_working_sandbox_contains_every_canary_and_shows_its_layers() -> None:
    found = examine()
    assert found.safe
    assert {canary.name for canary in found.canaries} >= {"read", "socket", "fork", "ptrace"}
    assert all(canary.contained for canary in found.canaries)
    assert [layer.name for layer in found.layers] == list(GUARANTEES)
    for layer in found.layers:
        if layer.required:
            assert layer.state is State.IN_FORCE
        assert layer.guarantee
    require_safe()


def test_a_canary_that_escapes_is_named_and_nothing_is_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    escaping = Canary(name="print", attempts="print", source="print('obtained')")
    monkeypatch.setattr(canaries, "list_canaries", lambda: [escaping])
    found = examine()
    assert not found.safe
    assert [canary.name for canary in found.escaped] == ["print"]
    with pytest.raises(SandboxError, match=r"It was possible to: print \(obtained\)"):
        require_safe()


@pytest.mark.parametrize(
    ("source", "stopped", "seen"),
    [
        ("", None, "nothing was attempted"),
        ("print('refused')", Verdict.CRASHED, "refused"),
        ("import ctypes\nctypes.string_at(0)", None, "SIGSEGV"),
        ("import ctypes\nctypes.string_at(0)", Verdict.CRASHED, "SIGSEGV"),
        (f"print('obtained')\n{TRACE}", Verdict.CRASHED, "SIGSYS"),
        (TRACE, Verdict.TIMEOUT, "SIGSYS"),
    ],
)
def test_a_canary_is_contained_only_if_it_was_stopped_in_the_expected_way(
    monkeypatch: pytest.MonkeyPatch, source: str, stopped: Verdict | None, seen: str
) -> None:
    canary = Canary(name="odd", attempts="be odd", source=source, stopped=stopped)
    monkeypatch.setattr(canaries, "list_canaries", lambda: [canary])
    (escaped,) = examine().escaped
    assert seen in escaped.seen


def test_a_sandbox_in_which_a_harmless_program_fails_is_not_safe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(canaries, "list_canaries", list)
    monkeypatch.setattr(canaries, "HARMLESS", "1 / 0")
    found = examine()
    assert found.escaped == ()
    assert "ZeroDivisionError" in (found.harmless or "")
    assert not found.safe
    with pytest.raises(
        SandboxError, match=r"harmless program fails in the sandbox \(.*ZeroDivisionError"
    ):
        require_safe()
    shown = CliRunner().invoke(cli, ["doctor"])
    assert "a harmless program does not run: " in shown.output
    assert shown.exit_code == 1


def test_only_attacks_are_counted_as_attacks() -> None:
    attacks = len(list_canaries())
    shown = CliRunner().invoke(cli, ["doctor"]).output
    assert f"{attacks} of {attacks} attacks contained" in shown
    assert "a harmless program runs" in shown
    assert {"cpu", "memory"} <= {canary.name for canary in list_canaries()}


def test_a_limit_without_effect_is_noticed(sandbox: Sandbox) -> None:
    (canary,) = [each for each in list_canaries() if each.name == "memory"]
    assert canaries.run(sandbox, canary).contained
    generous = replace(canary, limits=Limits(memory_bytes=2**31))
    assert canaries.run(sandbox, generous).seen == "obtained"


# In the order in which they are put on. What a change of user does as well is done without one.
KEEPS_USER = ("+", "setgroups", errno.EPERM)
REQUIRED_CALLS = [
    ("session", ("setsid", ...)),
    ("no_capabilities", ("capset", ...)),
    ("parent_death", ("prctl", ..., "0=1")),
    ("rlimits", ("prlimit64", ..., "1=0")),
    ("no_new_privs", ("prctl", ..., "0=38")),
    ("undumpable", ("prctl", ..., "0=4")),
    ("landlock", ("landlock_restrict_self", ...)),
    ("seccomp", ("prctl", ..., "0=22")),
]
LYING_CALLS = [pair for pair in REQUIRED_CALLS if pair[0] != "rlimits"]
LYING_CALLS += [
    ("descriptors", ("close_range", ...)),
    ("rlimits", ("prlimit64", ..., "2>0")),  # that sets one, and tells nothing of another
]
if os.geteuid() != 0:  # for whom a filter is only to be had with that layer
    LYING_CALLS = [pair for pair in LYING_CALLS if pair[0] != "no_new_privs"]
PUT_ON = (
    *("session", "descriptors", "no_capabilities", "parent_death"),
    *("rlimits", "no_new_privs", "undumpable", "landlock", "seccomp"),
)


def check_refusal(found: dict[str, Any], layer: str) -> None:
    """The layer is named with what to do, those before it hold, and those after are not known."""
    assert not found["safe"]
    assert f"The sandbox's layer {layer} cannot be put on" in found["error"]
    assert "no submission is run" in found["error"]
    assert ADVICE[layer] in found["error"]
    states = {entry["name"]: entry["state"] for entry in found["layers"]}
    place = PUT_ON.index(layer)
    assert states[layer] == "missing"
    assert {states[name] for name in PUT_ON[:place]} <= {"in force"}
    assert {states[name] for name in PUT_ON[place + 1 :]} <= {"unknown"}


@pytest.mark.parametrize(("layer", "words"), REQUIRED_CALLS)
def test_a_required_layer_that_fails_is_named_and_nothing_is_run(
    layer: str, words: tuple[Any, ...]
) -> None:
    check_refusal(examine_crippled(*(errno.EPERM if w is ... else w for w in words)), layer)


@pytest.mark.parametrize(("layer", "words"), LYING_CALLS)
def test_a_call_that_succeeds_without_effect_puts_no_layer_on(
    layer: str, words: tuple[Any, ...]
) -> None:
    lies = tuple(0 if word is ... else word for word in words)
    check_refusal(examine_crippled(*lies, *KEEPS_USER), layer)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("-v 200000", "hard limit of address space is 200000 KiB"),
        ("-t 10", "hard limit of CPU time is 10 s, and a submission needs 13"),
    ],
)
def test_a_lower_limit_of_the_worker_itself_is_our_error(limit: str, words: str) -> None:
    run = f'ulimit {limit}; exec "$0" -B -m {EXAMINED}'
    found = examine_by("sh", "-c", run, sys.executable)
    check_refusal(found, "rlimits")
    assert words in found["error"]
    assert f"ulimit {limit.split()[0]} unlimited" in found["error"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look at a child")
def test_the_reported_limits_are_in_force(sandbox: Sandbox) -> None:
    with sandbox.session("", Limits(grading_cpu_seconds=7)) as session:
        result = session.secure()["rlimits"]
        limits = Path(f"/proc/{session._child.pid}/limits").read_text().splitlines()
    cpu, memory = (
        line.split()[3:5] for line in limits if line.startswith(("Max cpu", "Max address"))
    )
    assert cpu == ["8", "8"]
    assert memory[0] == memory[1]
    assert result == f"8 s CPU, {int(memory[0]) >> 20} MiB of addresses"


def test_every_layer_has_a_guarantee_and_advice() -> None:
    assert GUARANTEES.keys() == ADVICE.keys()
    assert set(PUT_ON) | {"namespaces", "oom_score", "own_user"} == GUARANTEES.keys()


@pytest.mark.parametrize(
    ("abi", "tcp", "signals"), [(1, False, False), (4, True, False), (6, True, True)]
)
def test_the_guarantee_of_landlock_depends_on_its_abi(abi: int, tcp: bool, signals: bool) -> None:
    result = guarantee("landlock", f"ABI {abi}")
    assert ("TCP" in result, "signals" in result) == (tcp, signals)
    assert "TCP" not in guarantee("landlock", "")


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM])
def test_without_landlock_there_is_a_warning_and_everything_is_contained(
    number: int,
) -> None:
    found = examine_crippled("landlock_create_ruleset", number)
    states = {layer["name"]: layer["state"] for layer in found["layers"]}
    assert states["landlock"] == "missing"
    assert found["safe"]
    assert "CHAINRULE_SANDBOX_REQUIRE_LANDLOCK=1" in found["warning"]
    assert "layer landlock is required and not there" in found["demanding"]
    assert ADVICE["landlock"] in found["demanding"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a user to give up")
@pytest.mark.parametrize("call", ["setgroups", "setresgid", "setresuid"])
def test_root_that_cannot_change_its_user_is_contained(call: str) -> None:
    found = examine_crippled(call, errno.EPERM)
    states = {layer["name"]: layer["state"] for layer in found["layers"]}
    assert (states["own_user"], states["no_capabilities"]) == ("missing", "in force")
    assert found["safe"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a user to give up")
@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ("own_user", ("setresuid", 0)),
        ("own_user", ("setresgid", 0)),
        ("namespaces", ("unshare", 0)),
    ],
)
def test_an_optional_layer_without_effect_is_missing(layer: str, words: tuple[str, int]) -> None:
    found = examine_crippled(*words)
    states = {entry["name"]: entry["state"] for entry in found["layers"]}
    assert states[layer] == "missing"
    assert found["safe"]


def test_namespaces_are_optional() -> None:
    here = {layer.name: layer.state for layer in examine().layers}
    found = examine_crippled("unshare", errno.EPERM)
    without = {layer["name"]: State(layer["state"]) for layer in found["layers"]}
    assert without == here | {"namespaces": State.MISSING}
    assert found["safe"]
    assert found["warning"] == examine().warning


@pytest.mark.parametrize("kind", ["net", "ipc", "uts"])
def test_a_zygote_has_the_namespaces_that_its_layers_name(kind: str) -> None:
    with Sandbox() as made:
        theirs = Path(f"/proc/{made.zygote_pid}/ns/{kind}").readlink()
        assert (theirs != Path(f"/proc/self/ns/{kind}").readlink()) is ("namespaces" in made.layers)


def test_a_missing_landlock_is_a_loud_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    layers = examination.list_layers({}, GUARANTEES.keys(), frozenset())
    monkeypatch.setattr(examination, "examine", lambda _: examination.Examination(layers=layers))
    with caplog.at_level(logging.WARNING):
        require_safe()
    assert "does not offer Landlock" in caplog.text


def test_the_reason_why_there_is_no_sandbox_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = examination.Examination(layers=(), error="The library libseccomp.so.2 is missing.")
    monkeypatch.setattr(examination, "examine", lambda _: broken)
    with pytest.raises(SandboxError, match=r"libseccomp\.so\.2 is missing"):
        require_safe()


def test_without_a_sandbox_no_layer_is_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    found = examine()
    assert not found.safe
    assert "/no/such/python" in (found.error or "")
    assert found.warning is None
    assert {layer.state for layer in found.layers} == {State.UNKNOWN}


def test_an_emptied_environment_is_found_by_its_canary(tmp_path: Path) -> None:
    with altered(tmp_path, "import os\nos.environ.clear()\n", A_SECRET="1") as remembering:
        (canary,) = [each for each in list_canaries() if each.name == "environment"]
        assert not canaries.run(remembering, canary).contained
