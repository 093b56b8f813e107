"""`chainrule user`, `token`, `course`, `assignment`, `db`: an operator's work on the books."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import cli


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `chainrule` commands on books of their own."""
    monkeypatch.setenv("CHAINRULE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CHAINRULE_SECRET_KEY", "s" * 48)
    monkeypatch.delenv("CHAINRULE_DATABASE_URL", raising=False)
    run = Run()
    run("db", "upgrade")
    return run


class Run:
    """A command's output; `status` is the exit code that it must have."""

    def __call__(self, *command: str, status: int = 0) -> str:
        result = CliRunner().invoke(cli, command, catch_exceptions=False)
        assert result.exit_code == status, result.output
        return result.output


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


def test_an_assignment_may_fix_names_and_draw_per_student(run: Run, tmp_path: Path) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    names = ("--class-name", "Scalar", "--data-name", "value", "--grad-name", "gradient")
    rest = ("--backward-name", "backprop", "--draw-per-student")
    run("assignment", "add", "ml", "engine", "--title", "An engine", *names, *rest)
    run("assignment", "add", "ml", "free", "--title", "Another")

    with contextlib.closing(sqlite3.connect(tmp_path / "chainrule.db")) as database:
        query = (
            "SELECT slug, class_name, data_name, grad_name, backward_name, draw_per_student "
            "FROM assignments ORDER BY slug"
        )
        rows = database.execute(query).fetchall()
    assert rows == [
        ("engine", "Scalar", "value", "gradient", "backprop", 1),
        ("free", None, None, None, None, 0),
    ]


def test_a_suite_without_points_may_stand_beside_one_that_has_some(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    suites = ("--suite", "rules=80", "--suite", "random=0")
    told = run("assignment", "add", "ml", "engine", "--title", "An engine", *suites)
    assert "worth 80 points" in told


def test_no_password_is_told_for_an_account_that_was_not_made(run: Run) -> None:
    told = run("user", "add", "s@example.edu", "--name", "S", "--course", "none", status=2)

    assert "password" not in told
    assert run("user", "list") == ""


def test_a_revoked_token_cannot_be_revoked_twice(run: Run) -> None:
    run("user", "add", "s@example.edu", "--name", "S")
    token = run("token", "new", "s@example.edu").strip()

    assert "revoked" in run("token", "revoke", token)
    assert "No such token" in run("token", "revoke", token, status=2)


def test_a_new_password_replaces_the_old_one(run: Run) -> None:
    first = run("user", "add", "s@example.edu", "--name", "S")
    assert run("user", "password", "s@example.edu") != first


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("user", "add", "nobody", "--name", "N"), "not an e-mail"),
        (("user", "add", "s@example.edu", "--name", "S", "--course", "none"), "no course none"),
        (("user", "password", "none@example.edu"), "no account"),
        (("token", "new", "none@example.edu"), "no account"),
        (("course", "add", "ml", "--title", "Again"), "already"),
        (("course", "add", "Bad Slug", "--title", "B"), "lower-case"),
        (("assignment", "add", "none", "a", "--title", "A"), "no course"),
        (("assignment", "add", "ml", "engine", "--title", "A"), "already"),
        (("assignment", "add", "ml", "b", "--title", "B", "--suite", "no=3"), "no suite"),
        (("assignment", "add", "ml", "b", "--title", "B", "--suite", "rules=x"), "rules=80"),
        (
            ("assignment", "add", "ml", "b", "--title", "B", "--suite", "rules=0"),
            "one suite at least",
        ),
        (("assignment", "add", "ml", "b", "--title", "B", "--suite", "rules=1e999"), "rules=80"),
        (
            ("assignment", "add", "ml", "b", "--title", "B", "--suite", "conventions=10"),
            "never marked",
        ),
        (("assignment", "add", "ml", "b", "--title", "B", "--class-name", "a b"), "not a name"),
        (("assignment", "add", "ml", "b", "--title", "B", "--grad-name", "def"), "not a name"),
        (
            (*("assignment", "add", "ml", "b", "--title", "B"), *("--suite", "rules=1") * 2),
            "given twice",
        ),
    ],
)
def test_a_wrong_word_is_told_in_a_sentence(run: Run, command: tuple[str, ...], told: str) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    run("assignment", "add", "ml", "engine", "--title", "An engine", "--deadline", "2030-01-01")

    assert told in run(*command, status=2)
