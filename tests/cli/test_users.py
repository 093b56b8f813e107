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

    again = run("user", "add", "s@example.edu", "--name", "S", "--course", "ml")

    assert "password: " not in again
    assert "has an account already" in again
    assert "s@example.edu is student in ml." in again


def test_no_password_is_told_for_an_account_that_was_not_made(run: Run) -> None:
    told = run("user", "add", "s@example.edu", "--name", "S", "--course", "none", status=2)

    assert "password" not in told
    assert run("user", "list") == ""


def test_a_new_password_replaces_the_old_one(run: Run) -> None:
    first = run("user", "add", "s@example.edu", "--name", "S")
    assert run("user", "password", "s@example.edu") != first


@pytest.mark.parametrize(
    ("command", "told"),
    [
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
