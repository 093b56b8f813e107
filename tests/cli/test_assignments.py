"""`chainrule assignment`: create, change and list the assignments of a course."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_an_assignment_can_require_names_double_precision_and_graphs_for_each_student(
    run: Run, tmp_path: Path
) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    names = ("--class-name", "Scalar", "--data-name", "value", "--grad-name", "gradient")
    rest = ("--backward-name", "backprop", "--draw-per-student", "--require-double")
    run("assignment", "add", "ml", "engine", "--title", "An engine", *names, *rest)
    run("assignment", "add", "ml", "free", "--title", "Another")

    query = (
        "SELECT slug, class_name, data_name, grad_name, backward_name, draw_per_student, "
        "require_double FROM assignments ORDER BY slug"
    )
    assert ask(tmp_path, query) == [
        ("engine", "Scalar", "value", "gradient", "backprop", 1, 1),
        ("free", None, None, None, None, 0, 0),
    ]


def test_a_suite_may_have_no_points_if_another_has_some(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    suites = ("--suite", "rules=80", "--suite", "random=0")
    output = run("assignment", "add", "ml", "engine", "--title", "An engine", *suites)
    assert "worth 80 points" in output


@pytest.fixture
def engine(run: Run) -> Run:
    """Runs commands on a database with an assignment `engine` in a course `ml`."""
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


def test_a_date_is_by_the_clock_of_the_course_unless_it_has_an_offset(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning", "--time-zone", "Europe/Berlin")
    run("assignment", "add", "ml", "engine", "--title", "An engine", "--deadline", "2027-07-01")
    assert "deadline       2027-07-01 23:59:59 CEST" in run("assignment", "list", "ml")
    offset = ("--deadline", "2027-03-01T18:00+00:00", "--opens", "2027-01-01 08:00")
    changed = run("assignment", "change", "ml", "engine", *offset)
    assert "opens          2027-01-01 08:00:00 CET" in changed
    assert "deadline       2027-03-01 19:00:00 CET" in changed
    assert "was 2027-07-01 23:59:59 CEST" in changed


def test_a_changed_assignment_shows_what_changed(engine: Run, tmp_path: Path) -> None:
    output = engine(
        *("assignment", "change", "ml", "engine", "--title", "Another", "--attempts", "3"),
        *("--deadline", "2099-03-01", "--refuse-late", "--suite", "reuse=30", "--suite", "rules=7"),
    )

    assert [line.rstrip() for line in output.splitlines()] == [
        "Assignment engine was changed:",
        "  title          Another",
        "                 was An engine",
        "  deadline       2099-03-01 23:59:59 UTC",
        "                 was none",
        "  if late        rejected",
        "                 was accepted",
        "  attempts       3",
        "                 was unlimited",
        "  suites         reuse=30, rules=7",
        "                 was rules=80",
        "Earlier results keep their points until they are graded again.",
    ]
    assert ask(tmp_path, "SELECT title, late_policy, attempt_limit FROM assignments") == [
        ("Another", "refuse", 3)
    ]
    query = "SELECT suite, weight FROM assignment_suites ORDER BY position"
    assert ask(tmp_path, query) == [("reuse", 30.0), ("rules", 7.0)]


def test_options_that_are_not_given_stay_and_limits_can_be_removed(
    engine: Run, tmp_path: Path
) -> None:
    change = ("assignment", "change", "ml", "engine")
    engine(*change, "--attempts", "3", "--deadline", "2099-03-01", "--refuse-late")
    engine(*change, "--attempts", "unlimited")
    engine(*change, "--deadline", "none")

    columns = "title, deadline, late_policy, attempt_limit"
    assert ask(tmp_path, f"SELECT {columns} FROM assignments") == [
        ("An engine", None, "refuse", None)
    ]
    assert "didn't change" in engine(*change, "--attempts", "unlimited", "--title", " An engine ")
    assert "if late        accepted" in engine(*change, "--accept-late")


def test_a_change_says_why_the_assignment_is_still_closed(engine: Run, tmp_path: Path) -> None:
    change = ("assignment", "change", "ml", "engine")
    passed = engine(*change, "--deadline", "2020-03-01", "--refuse-late")
    assert "accepts no submissions: its deadline has passed." in passed

    ask(tmp_path, "UPDATE assignments SET closed_at = '2020-03-01 00:00:00'")
    by_hand = engine(*change, "--deadline", "2099-03-01")
    assert "accepts no submissions: it was closed by hand." in by_hand


def test_names_and_random_graphs_can_be_changed_later(engine: Run) -> None:
    change = ("assignment", "change", "ml", "engine")
    engine(*change, "--class-name", "Scalar", "--grad-name", "gradient", "--draw-per-student")
    freed = engine(*change, "--class-name", "", "--same-for-all", "--description", "Read this.")

    assert [line.split(maxsplit=1) for line in freed.splitlines()[1:]] == [
        ["description", "Read this."],
        ["was", "none"],
        ["names", "grad=gradient"],
        ["was", "class=Scalar,grad=gradient"],
        ["random", "graphs  the same for all"],
        ["was", "one set per student"],
    ]


def test_late_percentages_and_other_terms_can_be_set(engine: Run, tmp_path: Path) -> None:
    change = ("assignment", "change", "ml", "engine")
    terms = ("--opens", "2099-01-01", "--deadline", "2099-03-01", "--pause", "20")
    late = ("--late-percent", "10", "--late-floor", "50", "--counts", "latest")
    changed = engine(*change, *terms, *late, "--feedback", "nothing_until_deadline", "--hold-marks")
    lines = [line.strip() for line in changed.splitlines() if " was " not in line]
    for line in (
        "opens          2099-01-01 23:59:59 UTC",
        "if late        accepted, minus 10 % a day, down to 50 %",
        "pause          20 minutes",
        "counts         the latest attempt",
        "feedback       nothing_until_deadline",
        "marks          held until released",
    ):
        assert line in lines
    assert "after 5 minutes" in engine(*change, "--grace", "5")
    columns = "late_policy, late_percent, late_floor, grace_minutes"
    assert ask(tmp_path, f"SELECT {columns} FROM assignments") == [("accept", 10.0, 50.0, 5)]
    engine(*change, "--refuse-late", "--opens", "none")
    assert ask(tmp_path, f"SELECT {columns} FROM assignments") == [("refuse", None, 0.0, 5)]


def test_a_list_shows_the_options_of_each_assignment(engine: Run) -> None:
    engine("assignment", "add", "ml", "next", "--title", "Next", "--suite", "reuse=5")
    listed = engine("assignment", "list", "ml").splitlines()
    assert [line for line in listed if not line.startswith(" ")] == ["engine", "next"]
    assert "  suites         rules=80" in listed
    assert "  suites         reuse=5" in listed


def test_many_suites_are_wrapped_within_eighty_columns(engine: Run) -> None:
    engine("assignment", "add", "ml", "all", "--title", "All")
    output = engine("assignment", "change", "ml", "all", "--suite", "rules=1")
    assert max(map(len, output.splitlines())) < 80
    assert "worked-example=" in output
    assert "conventions=0" in output


def ask(folder: Path, statement: str) -> list[tuple[object, ...]]:
    """The result of an SQL statement."""
    with contextlib.closing(sqlite3.connect(folder / "chainrule.db")) as database, database:
        return database.execute(statement).fetchall()


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("assignment", "add", "none", "a", "--title", "A"), "no course"),
        (("assignment", "add", "ml", "engine", "--title", "A"), "already"),
        (("assignment", "add", "ml", "b", "--title", "B", "--suite", "no=3"), "no suite"),
        (("assignment", "add", "ml", "b", "--title", "B", "--suite", "rules=x"), "rules=80"),
        (
            ("assignment", "add", "ml", "b", "--title", "B", "--suite", "rules=0"),
            "at least one suite",
        ),
        (("assignment", "add", "ml", "b", "--title", "B", "--suite", "rules=1e999"), "from 0 to"),
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
        (("assignment", "add", "ml", "b", "--title", " "), "title is empty"),
        (("assignment", "add", "ml", "b", "--title", "B", "--attempts", "0"), "from 1 up"),
        (("assignment", "add", "ml", "b", "--title", "B", "--deadline", "soon"), "2027-03-01"),
        (("assignment", "change", "none", "engine", "--title", "A"), "no course none"),
        (("assignment", "change", "ml", "none", "--title", "A"), "There are: engine."),
        (("assignment", "change", "ml", "engine"), "at least one option"),
        (("assignment", "change", "ml", "engine", "--title", ""), "title is empty"),
        (("assignment", "change", "ml", "engine", "--deadline", ""), "2027-03-01"),
        (("assignment", "change", "ml", "engine", "--deadline", "2026-02-30"), "2027-03-01"),
        (("assignment", "change", "ml", "engine", "--attempts", "-1"), "from 1 up"),
        (("assignment", "change", "ml", "engine", "--attempts", "9" * 5000), "from 1 up"),
        (("assignment", "change", "ml", "engine", "--suite", "no=3"), "no suite"),
        (("assignment", "change", "ml", "engine", "--suite", "rules=0"), "at least one suite"),
        (
            (*("assignment", "change", "ml", "engine", "--title", "X"), "--suite", "rules=x"),
            "rules=80",
        ),
    ],
)
def test_a_wrong_argument_is_explained_and_changes_nothing(
    engine: Run, tmp_path: Path, command: tuple[str, ...], message: str
) -> None:
    before = ask(tmp_path, "SELECT * FROM assignments")
    assert message in engine(*command, status=2)
    assert ask(tmp_path, "SELECT * FROM assignments") == before
