"""`chainrule token`: API tokens, by which programs sign in."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run

ADA = "ada@example.edu"


@pytest.fixture
def tokens(run: Run) -> dict[str, str]:
    """Ada's tokens by name; two of them have the same name. Blaise has one too."""
    run("user", "add", ADA, "--name", "Ada")
    run("user", "add", "blaise@example.edu", "--name", "Blaise")
    run("token", "new", "blaise@example.edu", "--name", "laptop")
    made = {name: run("token", "new", ADA, "--name", name).strip() for name in ("laptop", "phone")}
    run("token", "new", ADA)
    run("token", "new", ADA)
    return made


def test_a_list_shows_the_names_of_tokens_but_not_their_text(
    run: Run, tokens: dict[str, str]
) -> None:
    listed = run("token", "list", " Ada@Example.edu")

    assert [line.split("UTC  ")[1] for line in listed.splitlines()] == [
        "laptop",
        "phone",
        "command line",
        "command line",
    ]
    assert "cr_" not in listed
    assert not any(text in listed for text in tokens.values())


@pytest.mark.usefixtures("tokens")
def test_lost_tokens_are_revoked_by_name_or_all_at_once(run: Run) -> None:
    by_name = run("token", "revoke", ADA, "--name", "command line")
    assert by_name.startswith("Revoked:\n")
    assert by_name.count("command line") == 2
    assert "laptop" in run("token", "list", ADA)
    assert "command line" not in run("token", "list", ADA)

    run("token", "revoke", ADA, "--all")
    assert run("token", "list", ADA) == "ada@example.edu has no valid token.\n"
    assert "laptop" in run("token", "list", "blaise@example.edu")


@pytest.mark.usefixtures("tokens")
def test_one_of_two_tokens_with_the_same_name_is_revoked_by_its_id(run: Run) -> None:
    *_, one, other = run("token", "list", ADA).splitlines()

    assert one in run("token", "revoke", ADA, "--id", one.split()[0])

    left = run("token", "list", ADA).splitlines()
    assert one not in left
    assert other in left


@pytest.mark.parametrize("dash", [(), ("-",)])
def test_a_token_is_revoked_by_its_text_from_standard_input(
    run: Run, tokens: dict[str, str], dash: tuple[str, ...]
) -> None:
    assert run("token", "revoke", *dash, typed=tokens["phone"] + "\n") == "The token was revoked.\n"
    assert "phone" not in run("token", "list", ADA)


def test_a_revoked_token_cannot_be_revoked_twice(run: Run) -> None:
    run("user", "add", "s@example.edu", "--name", "S")
    token = run("token", "new", "s@example.edu").strip()

    assert "revoked" in run("token", "revoke", token)
    assert "No valid token" in run("token", "revoke", token, status=2)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("new", "none@example.edu"), "no account"),
        (("list", "none@example.edu"), "no account"),
        (("revoke", "none@example.edu", "--all"), "no account"),
        (("new", ADA, "--name", ""), "what the token is for"),
        (("revoke", ADA), "one of --name, --id, --all"),
        (("revoke", ADA, "--all", "--name", "laptop"), "one of --name, --id, --all"),
        (("revoke", ADA, "--name", "none"), "no such valid token"),
        (("revoke", ADA, "--name", ""), "no such valid token"),
        (("revoke", ADA, "--id", "laptop"), "no such valid token"),
        (("revoke", "--all"), "Give an e-mail"),
        (("revoke", "cr_x", "--name", "laptop"), "Give an e-mail"),
        (("revoke",), "No valid token"),
        (("revoke", "cr_€"), "No valid token"),
    ],
)
@pytest.mark.usefixtures("tokens")
def test_a_wrong_argument_is_explained_and_revokes_nothing(
    run: Run, command: tuple[str, ...], message: str
) -> None:
    assert message in run("token", *command, status=2)
    assert len(run("token", "list", ADA).splitlines()) == 4
