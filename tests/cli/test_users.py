"""`chainrule user` and `course`: courses and the people in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from service.people.models import Account
from service.people.sessions import find_signed_in, new_session
from service.settings import Settings, SettingsError
from service.store.database import make_engine, make_sessions
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


def test_enrolling_again_changes_the_role(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    run("user", "add", "s@example.edu", "--name", "S", "--course", "ml")
    run("user", "add", "s@example.edu", "--course", "ml", "--role", "assistant")
    assert run("user", "list") == "s@example.edu  S  ml: assistant\n"


def test_an_account_gets_another_name_and_flags(run: Run) -> None:
    run("user", "add", "s@example.edu", "--name", "S")
    change = ("user", "change", "s@example.edu")
    assert run(*change, "--name", " Sam ", "--student-number", "17") == "s@example.edu  Sam  17\n"
    flagged = run(*change, "--operator", "--may-create-courses")
    assert flagged == "s@example.edu  Sam  17  operator, may create courses\n"
    assert run(*change, "--no-operator") == "s@example.edu  Sam  17  may create courses\n"
    refused = "s@example.edu  Sam  17  may not create courses\n"
    assert run(*change, "--may-not-create-courses") == refused
    assert run(*change, "--name", "Sam") == refused
    assert run(*change, "--may-create-courses-as-teacher") == "s@example.edu  Sam  17\n"


def test_an_account_is_signed_out_in_every_browser(run: Run) -> None:
    run("user", "add", "s@example.edu", "--name", "S")
    engine = make_engine(Settings.from_env())
    with make_sessions(engine).begin() as session:
        cookie = new_session(session.scalars(select(Account)).one())
        assert find_signed_in(session, cookie) is not None
    assert run("user", "sign-out", "s@example.edu") == (
        "s@example.edu is signed out in every browser.\n"
    )
    with make_sessions(engine).begin() as session:
        assert find_signed_in(session, cookie) is None
    engine.dispose()
    assert "no account x@example.edu" in run("user", "sign-out", "x@example.edu", status=2)


def test_courses_are_listed_with_their_assignments_and_renamed(run: Run) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    run("course", "add", "dl", "--title", "Deep learning")
    run("assignment", "add", "ml", "engine", "--title", "An engine", "--suite", "rules=80")
    run("course", "change", "dl", "--title", " Deeper learning ")
    assert run("course", "list") == "dl  Deeper learning\nml  Machine learning  engine\n"


def test_a_command_elsewhere_says_where_it_looked_and_how_to_name_the_data_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.delenv("CHAINRULE_DATA_DIR")
    output = run("course", "list", status=2)
    assert f"no database at {elsewhere}/var/chainrule.db" in output
    assert "CHAINRULE_DATA_DIR=" in output
    assert list(elsewhere.iterdir()) == []

    monkeypatch.delenv("CHAINRULE_SECRET_KEY")
    with pytest.raises(SettingsError) as error:
        run("course", "list", status=2)
    assert f"no data folder at {elsewhere}/var" in str(error.value)
    assert "CHAINRULE_DATA_DIR=" in str(error.value)


@pytest.mark.parametrize(
    "command",
    [
        ("user", "add", "\udcff@example.edu", "--name", "S"),
        ("course", "add", "ml", "--title", "\udcff"),
        ("token", "revoke", "\udcff@example.edu", "--all"),
    ],
)
def test_bytes_that_are_not_text_are_rejected_with_a_message(
    run: Run, command: tuple[str, ...]
) -> None:
    assert "is not UTF-8 text" in run(*command, status=2)
    assert run("user", "list") == ""


def test_no_account_is_created_for_a_course_that_does_not_exist(run: Run) -> None:
    output = run("user", "add", "s@example.edu", "--name", "S", "--course", "none", status=2)

    assert "password" not in output
    assert run("user", "list") == ""


def test_a_new_password_replaces_the_old_one(run: Run) -> None:
    first = run("user", "add", "s@example.edu", "--name", "S")
    assert run("user", "password", "s@example.edu") != first


def test_a_new_password_keeps_tokens_unless_it_should_end_them(
    run: Run,
) -> None:
    run("user", "add", "s@example.edu", "--name", "S")
    assert "token" not in run("user", "password", "s@example.edu")
    run("token", "new", "s@example.edu")
    run("token", "new", "s@example.edu")

    output = run("user", "password", "s@example.edu")
    assert "stay valid: 2. To end them:\n  chainrule token revoke s@example.edu --all" in output
    assert len(run("token", "list", "s@example.edu").splitlines()) == 2

    assert "revoked: 2" in run("user", "password", "s@example.edu", "--end-tokens")
    assert "no valid token" in run("token", "list", "s@example.edu")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("user", "add", "s@example.edu"), "--name"),
        (("user", "add", "s@example.edu", "--name", " "), "name is empty"),
        (("course", "add", "dl", "--title", ""), "title is empty"),
        (("user", "add", "nobody", "--name", "N"), "not an e-mail"),
        (("user", "add", "s@example.edu", "--name", "S", "--course", "none"), "no course none"),
        (("user", "password", "none@example.edu"), "no account"),
        (("course", "add", "ml", "--title", "Again"), "already"),
        (("course", "add", "Bad Slug", "--title", "B"), "lower-case"),
    ],
)
def test_a_wrong_argument_is_explained(run: Run, command: tuple[str, ...], message: str) -> None:
    run("course", "add", "ml", "--title", "Machine learning")

    assert message in run(*command, status=2)


def test_a_roster_is_imported_all_or_nothing(run: Run, tmp_path: Path) -> None:
    run("course", "add", "ml", "--title", "Machine learning")
    file = tmp_path / "class.csv"
    command = ("user", "import", str(file), "--course", "ml")

    file.write_text("email;name\nada@example.edu;Ada\nnobody;N\n", encoding="utf-8")
    assert "line 3: 'nobody' is not an e-mail address." in run(*command, status=2)
    file.write_text("email;name;role\nada@example.edu;Ada;teacher\n", encoding="utf-8")
    assert "would be: 1 added, 0 changed" in run(*command, "--dry-run")
    assert "ada@example.edu" not in run("user", "list")
    assert run(*command) == "1 added, 0 changed, 0 unchanged.\n"
    assert run("user", "list") == "ada@example.edu  Ada  ml: teacher\n"
