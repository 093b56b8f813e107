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

    query = (
        "SELECT slug, class_name, data_name, grad_name, backward_name, draw_per_student "
        "FROM assignments ORDER BY slug"
    )
    assert ask(tmp_path, query) == [
        ("engine", "Scalar", "value", "gradient", "backprop", 1),
        ("free", None, None, None, None, 0),
    ]


def test_a_suite_without_points_may_stand_beside_one_that_has_some(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    suites = ("--suite", "rules=80", "--suite", "random=0")
    told = run("assignment", "add", "ml", "engine", "--title", "An engine", *suites)
    assert "worth 80 points" in told


@pytest.fixture
def engine(run: Run) -> Run:
    """Runs commands on books with an assignment `engine` in a course `ml`."""
    run("course", "add", "ml", "--title", "Machine learning")
    run("assignment", "add", "ml", "engine", "--title", "An engine", "--suite", "rules=80")
    return run


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-03-01", "2026-03-01 23:59:59"),
        ("2026-03-01T18:00", "2026-03-01 18:00:00"),
        ("2026-03-01 00:00", "2026-03-01 00:00:00"),
        ("none", "None"),
    ],
)
def test_a_date_alone_is_the_end_of_that_day(
    engine: Run, tmp_path: Path, given: str, kept: str
) -> None:
    engine("assignment", "add", "ml", "due", "--title", "Due", "--deadline", given)
    (deadline,) = ask(tmp_path, "SELECT deadline FROM assignments WHERE slug = 'due'")[0]
    assert str(deadline).removesuffix(".000000") == kept


def test_an_assignment_is_changed_and_what_changed_is_told(engine: Run, tmp_path: Path) -> None:
    told = engine(
        *("assignment", "change", "ml", "engine", "--title", "Another", "--attempts", "3"),
        *("--deadline", "2099-03-01", "--refuse-late", "--suite", "reuse=30", "--suite", "rules=7"),
    )

    assert [line.rstrip() for line in told.splitlines()] == [
        "Assignment engine is changed:",
        "  title      Another",
        "             was An engine",
        "  deadline   2099-03-01 23:59:59 UTC",
        "             was none",
        "  late ones  refused",
        "             was accepted",
        "  attempts   3",
        "             was unlimited",
        "  suites     reuse=30, rules=7",
        "             was rules=80",
        "What is graded already keeps its points until it is graded again.",
    ]
    assert ask(tmp_path, "SELECT title, late_policy, attempt_limit FROM assignments") == [
        ("Another", "refuse", 3)
    ]
    query = "SELECT suite, weight FROM assignment_suites ORDER BY position"
    assert ask(tmp_path, query) == [("reuse", 30.0), ("rules", 7.0)]


def test_what_is_not_given_stays_and_limits_can_be_taken_away(engine: Run, tmp_path: Path) -> None:
    change = ("assignment", "change", "ml", "engine")
    engine(*change, "--attempts", "3", "--deadline", "2099-03-01", "--refuse-late")
    engine(*change, "--attempts", "unlimited")
    engine(*change, "--deadline", "none")

    columns = "title, deadline, late_policy, attempt_limit"
    assert ask(tmp_path, f"SELECT {columns} FROM assignments") == [
        ("An engine", None, "refuse", None)
    ]
    assert "is as it was" in engine(*change, "--attempts", "unlimited", "--title", " An engine ")
    assert "late ones  accepted" in engine(*change, "--accept-late")


def test_what_still_keeps_an_assignment_closed_is_told(engine: Run, tmp_path: Path) -> None:
    change = ("assignment", "change", "ml", "engine")
    passed = engine(*change, "--deadline", "2020-03-01", "--refuse-late")
    assert "takes nothing more: its deadline has passed." in passed

    ask(tmp_path, "UPDATE assignments SET closed_at = '2020-03-01 00:00:00'")
    by_hand = engine(*change, "--deadline", "2099-03-01")
    assert "takes nothing more: it was closed by hand." in by_hand


def test_many_suites_are_told_within_eighty_columns(engine: Run) -> None:
    engine("assignment", "add", "ml", "all", "--title", "All")
    told = engine("assignment", "change", "ml", "all", "--suite", "rules=1")
    assert max(map(len, told.splitlines())) < 80
    assert "gradient-check=5" in told


def ask(folder: Path, statement: str) -> list[tuple[object, ...]]:
    """What the books answer to a statement."""
    with contextlib.closing(sqlite3.connect(folder / "chainrule.db")) as database, database:
        return database.execute(statement).fetchall()


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
            "no right and wrong",
        ),
        (
            ("assignment", "add", "ml", "b", "--title", "B", "--class-name", "a b"),
            "not a valid Python name",
        ),
        (
            ("assignment", "add", "ml", "b", "--title", "B", "--grad-name", "def"),
            "not a valid Python name",
        ),
        (
            (*("assignment", "add", "ml", "b", "--title", "B"), *("--suite", "rules=1") * 2),
            "given twice",
        ),
        (("assignment", "add", "ml", "b", "--title", " "), "say something"),
        (("assignment", "add", "ml", "b", "--title", "B", "--attempts", "0"), "from 1 up"),
        (("assignment", "add", "ml", "b", "--title", "B", "--deadline", "soon"), "2026-03-01"),
        (("assignment", "change", "none", "engine", "--title", "A"), "no course none"),
        (("assignment", "change", "ml", "none", "--title", "A"), "There are: engine."),
        (("assignment", "change", "ml", "engine"), "one option at least"),
        (("assignment", "change", "ml", "engine", "--title", ""), "say something"),
        (("assignment", "change", "ml", "engine", "--deadline", ""), "2026-03-01"),
        (("assignment", "change", "ml", "engine", "--deadline", "2026-02-30"), "2026-03-01"),
        (("assignment", "change", "ml", "engine", "--attempts", "-1"), "from 1 up"),
        (("assignment", "change", "ml", "engine", "--attempts", "9" * 5000), "from 1 up"),
        (("assignment", "change", "ml", "engine", "--suite", "no=3"), "no suite"),
        (("assignment", "change", "ml", "engine", "--suite", "rules=0"), "one suite at least"),
        (
            (*("assignment", "change", "ml", "engine", "--title", "X"), "--suite", "rules=x"),
            "rules=80",
        ),
    ],
)
def test_a_wrong_word_is_told_in_a_sentence_and_changes_nothing(
    engine: Run, tmp_path: Path, command: tuple[str, ...], told: str
) -> None:
    before = ask(tmp_path, "SELECT * FROM assignments")
    assert told in engine(*command, status=2)
    assert ask(tmp_path, "SELECT * FROM assignments") == before
