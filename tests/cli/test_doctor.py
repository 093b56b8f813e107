"""`chainrule doctor`: the state of the sandbox on this machine."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from service.cli import cli
from worker.sandbox.policy import libseccomp


def test_a_safe_machine_exits_with_0_and_shows_layers_and_canaries() -> None:
    result = CliRunner().invoke(cli, ["doctor"])

    assert result.exit_code == 0, result.output
    assert "seccomp" in result.output
    assert "attacks contained" in result.output
    assert "Submissions can run here." in result.output


def test_json_has_every_layer_and_every_canary() -> None:
    shown = json.loads(CliRunner().invoke(cli, ["doctor", "--json"]).output)

    assert shown["safe"]
    assert {"seccomp", "rlimits", "no_new_privs", "descriptors"} <= {
        layer["name"] for layer in shown["layers"] if layer["state"] == "in force"
    }
    assert all(canary["contained"] for canary in shown["canaries"])


def test_a_machine_without_a_sandbox_exits_with_1_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(libseccomp, "ARCHITECTURES", {})
    libseccomp.compile_policy.cache_clear()
    result = CliRunner().invoke(cli, ["doctor"])
    libseccomp.compile_policy.cache_clear()

    assert result.exit_code == 1
    assert "needs Linux (x86_64 or aarch64)" in result.output
    assert "must not run here" in result.output


def test_the_message_for_an_invalid_setting_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINRULE_SANDBOX_REQUIRE_LANDLOCK", "perhaps")
    result = CliRunner().invoke(cli, ["doctor"])

    assert "CHAINRULE_SANDBOX_REQUIRE_LANDLOCK" in str(result.exception)
