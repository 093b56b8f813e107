"""The doctor is honest: about each layer, about attacks that succeed, and about what is missing."""

from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from worker.sandbox import Sandbox, SandboxError, canaries, doctor
from worker.sandbox.canaries import Canary
from worker.sandbox.doctor import GUARANTEES, State, examine, require_safe

ROOT = Path(__file__).resolve().parents[2]
EXAMINED = "tests.sandbox.examined"


def examine_crippled(call: str, number: int, *condition: str) -> dict[str, Any]:
    """What the doctor finds where a system call fails."""
    module = "tests.sandbox.crippled"
    done = subprocess.run(
        [sys.executable, "-B", "-m", module, call, str(number), *condition, "--", EXAMINED],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_sound_sandbox_holds_every_canary_and_shows_its_layers() -> None:
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
    ("source", "killed", "seen"),
    [
        ("", False, "nothing was attempted"),
        ("print('refused')", True, "refused"),
        ("import ctypes\nctypes.string_at(0)", False, "SIGSEGV"),
        ("print('obtained')\nimport ctypes\nctypes.string_at(0)", True, "SIGSEGV"),
    ],
)
def test_a_canary_counts_as_contained_only_when_it_was_stopped_as_it_must_be(
    monkeypatch: pytest.MonkeyPatch, source: str, killed: bool, seen: str
) -> None:
    canary = Canary(name="odd", attempts="be odd", source=source, killed=killed)
    monkeypatch.setattr(canaries, "list_canaries", lambda: [canary])
    (escaped,) = examine().escaped
    assert seen in escaped.seen


def test_a_sandbox_in_which_an_honest_program_fails_is_not_safe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(canaries, "list_canaries", list)
    monkeypatch.setattr(canaries, "HONEST", "1 / 0")
    (escaped,) = examine().escaped
    assert escaped.name == "honest"
    assert "ZeroDivisionError" in escaped.seen


REQUIRED_CALLS = [
    ("parent_death", "prctl", ("0=1",)),
    ("rlimits", "prlimit64", ("1=0",)),
    ("no_new_privs", "prctl", ("0=38",)),
    ("undumpable", "prctl", ("0=4",)),
    ("landlock", "landlock_restrict_self", ()),
    ("seccomp", "prctl", ("0=22",)),
]


@pytest.mark.parametrize(("layer", "call", "condition"), REQUIRED_CALLS)
def test_a_required_layer_that_fails_is_named_and_nothing_is_run(
    layer: str, call: str, condition: tuple[str, ...]
) -> None:
    found = examine_crippled(call, errno.EPERM, *condition)
    assert not found["safe"]
    assert f"The sandbox's layer {layer} cannot be put on" in found["error"]
    assert "no submission is run" in found["error"]
    assert {entry["state"] for entry in found["layers"]} == {"unknown"}


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM])
def test_without_landlock_everything_still_holds_but_it_is_said_and_can_be_required(
    number: int,
) -> None:
    found = examine_crippled("landlock_create_ruleset", number)
    states = {layer["name"]: layer["state"] for layer in found["layers"]}
    assert states["landlock"] == "missing"
    assert found["safe"]
    assert "CHAINRULE_SANDBOX_REQUIRE_LANDLOCK=1" in found["warning"]
    assert "layer landlock is required and not there" in found["demanding"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a user to give up")
@pytest.mark.parametrize("call", ["setgroups", "setresgid", "setresuid"])
def test_a_root_without_the_right_to_change_user_still_holds(call: str) -> None:
    found = examine_crippled(call, errno.EPERM)
    states = {layer["name"]: layer["state"] for layer in found["layers"]}
    assert states["own_user"] == "missing"
    assert found["safe"]


def test_namespaces_are_used_where_they_are_granted_and_their_absence_changes_nothing_else() -> (
    None
):
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
    layers = doctor._tabulate({}, frozenset())
    monkeypatch.setattr(doctor, "examine", lambda _: doctor.Examination(layers=layers))
    with caplog.at_level(logging.WARNING):
        require_safe()
    assert "does not offer Landlock" in caplog.text


def test_a_sandbox_that_cannot_be_built_is_refused_in_its_own_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = doctor.Examination(layers=(), error="The library libseccomp.so.2 is missing.")
    monkeypatch.setattr(doctor, "examine", lambda _: broken)
    with pytest.raises(SandboxError, match=r"libseccomp\.so\.2 is missing"):
        require_safe()


def test_where_no_sandbox_can_be_built_no_layer_is_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    found = examine()
    assert not found.safe
    assert "/no/such/python" in (found.error or "")
    assert found.warning is None
    assert {layer.state for layer in found.layers} == {State.UNKNOWN}
