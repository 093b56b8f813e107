"""`chainrule course`: create, change, copy and delete courses."""

from __future__ import annotations

import click
import pytest

from tests.cli.conftest import Run


def test_a_course_has_a_time_zone_that_can_be_changed(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning", "--time-zone", "Europe/Berlin")
    changed = run("course", "change", "ml", "--time-zone", "Asia/Kolkata", "--slug", "ml-27")
    assert "has the title: Machine learning" in changed
    assert "Its time zone is Asia/Kolkata." in changed
    assert "There is no time zone 'Mars'" in run(
        "course", "change", "ml-27", "--time-zone", "Mars", status=2
    )
    assert "at least one of" in run("course", "change", "ml-27", status=2)


def test_a_copy_has_the_assignments_with_later_dates(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning", "--time-zone", "Europe/Berlin")
    deadline = ("--deadline", "2027-03-26T17:00", "--suite", "rules=80")
    run("assignment", "add", "ml", "engine", "--title", "An engine", *deadline)
    copied = run("course", "copy", "ml", "next", "--title", "Next", "--shift-days", "7")
    assert "Course next was created with 1 assignment." in copied
    assert "deadline       2027-04-02 17:00:00 CEST" in run("assignment", "list", "next")


def test_a_course_is_deleted_after_its_address_was_typed(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    run("assignment", "add", "ml", "engine", "--title", "An engine")
    for typed in ("\n", "ML\n"):
        refused = run("course", "delete", "ml", typed=typed, status=2)
        assert "Machine learning: people 0, assignments 1, submissions 0." in refused
        assert "Nothing was deleted." in refused
    assert "ml" in run("course", "list")
    assert "Course ml was deleted." in run("course", "delete", "ml", typed="ml\n")
    assert run("course", "list") == ""


def test_nobody_waits_for_the_database_while_a_command_asks(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("course", "add", "ml", "--title", "Machine learning")

    def rename(*_: object, **__: object) -> str:
        run("course", "change", "ml", "--title", "Changed meanwhile")
        return "ml"

    monkeypatch.setattr(click, "prompt", rename)
    assert "Course ml was deleted." in run("course", "delete", "ml")


def test_a_script_deletes_a_course_without_typing(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    assert run("course", "delete", "ml", "--yes") == "Course ml was deleted.\n"
    assert "no course ml" in run("course", "delete", "ml", "--yes", status=2)
