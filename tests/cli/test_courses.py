"""`chainrule course`: create, change and copy courses."""

from __future__ import annotations

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
    assert "deadline       2027-04-02 16:00:00 UTC" in run("assignment", "list", "next")
