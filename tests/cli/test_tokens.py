"""`chainrule token`: what programs sign in with."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_a_revoked_token_cannot_be_revoked_twice(run: Run) -> None:
    run("user", "add", "s@example.edu", "--name", "S")
    token = run("token", "new", "s@example.edu").strip()

    assert "revoked" in run("token", "revoke", token)
    assert "No such token" in run("token", "revoke", token, status=2)
