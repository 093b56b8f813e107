"""`chainrule user` and `course`: who is in a class."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run


def test_an_operator_sets_up_a_course_from_nothing(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    run("assignment", "add", "ml", "engine", "--title", "An engine", "--suite", "rules=80")
    teacher = run(
        "user", "add", "T@Example.edu", "--name", "T", "--course", "ml", "--role", "teacher"
    )

    assert "t@example.edu  password: " in teacher
    assert "t@example.edu is teacher in ml." in teacher
    assert "t@example.edu  T  ml: teacher" in run("user", "list")
    assert run("token", "new", "t@example.edu").startswith("cr_")


def test_an_account_that_exists_is_enrolled_and_keeps_its_password(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    run("user", "add", "s@example.edu", "--name", "S")

    again = run("user", "add", "s@example.edu", "--course", "ml")

    assert "password: " not in again
    assert "has an account already" in again
    assert "s@example.edu is student in ml." in again


@pytest.mark.parametrize(
    "command",
    [
        ("user", "add", "\udcff@example.edu", "--name", "S"),
        ("user", "add", "s@example.edu", "--name", "\udcff"),
        ("course", "add", "ml", "--title", "\udcff"),
        ("token", "revoke", "\udcff@example.edu", "--all"),
    ],
)
def test_bytes_that_are_no_text_are_refused_in_a_sentence(
    run: Run, command: tuple[str, ...]
) -> None:
    assert "is not UTF-8 text" in run(*command, status=2)
    assert run("user", "list") == ""


def test_no_password_is_told_for_an_account_that_was_not_made(run: Run) -> None:
    told = run("user", "add", "s@example.edu", "--name", "S", "--course", "none", status=2)

    assert "password" not in told
    assert run("user", "list") == ""


def test_a_new_password_replaces_the_old_one(run: Run) -> None:
    first = run("user", "add", "s@example.edu", "--name", "S")
    assert run("user", "password", "s@example.edu") != first


def test_with_a_new_password_the_tokens_that_stay_valid_are_counted_and_can_be_ended(
    run: Run,
) -> None:
    run("user", "add", "s@example.edu", "--name", "S")
    assert "token" not in run("user", "password", "s@example.edu")
    run("token", "new", "s@example.edu")
    run("token", "new", "s@example.edu")

    told = run("user", "password", "s@example.edu")
    assert "stay valid: 2. To end them:\n  chainrule token revoke s@example.edu --all" in told
    assert len(run("token", "list", "s@example.edu").splitlines()) == 2

    assert "revoked: 2" in run("user", "password", "s@example.edu", "--end-tokens")
    assert "no token in use" in run("token", "list", "s@example.edu")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("user", "add", "s@example.edu"), "by --name"),
        (("user", "add", "s@example.edu", "--name", " "), "say something"),
        (("course", "add", "dl", "--title", ""), "say something"),
        (("user", "add", "nobody", "--name", "N"), "not an e-mail"),
        (("user", "add", "s@example.edu", "--name", "S", "--course", "none"), "no course none"),
        (("user", "password", "none@example.edu"), "no account"),
        (("course", "add", "ml", "--title", "Again"), "already"),
        (("course", "add", "Bad Slug", "--title", "B"), "lower-case"),
    ],
)
def test_a_wrong_word_is_told_in_a_sentence(run: Run, command: tuple[str, ...], told: str) -> None:
    run("course", "add", "ml", "--title", "Machine learning")

    assert told in run(*command, status=2)
