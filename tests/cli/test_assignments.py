"""`chainrule assignment`: what an operator sets for a course."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Run


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


@pytest.mark.parametrize(
    ("command", "told"),
    [
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
