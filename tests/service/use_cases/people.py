"""Use cases about people and their accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from service.people import accounts, own, sessions, setup, tokens
from service.people.actors import LocalOperator
from service.people.models import Account
from service.people.throttle import Throttle
from tests.service.conftest import make_settings
from tests.service.use_cases.case import ACCOUNTS, OPERATORS, World, of_installation
from tests.support import factories

THROTTLE = Throttle(make_settings(Path("nowhere")))


def tokens_of_student(world: World) -> list[Any]:
    return tokens.list_tokens(world.session, LocalOperator(), world.student)


def tokens_of_everybody(world: World) -> list[Any]:
    everybody = (account for account in world.actors.values() if isinstance(account, Account))
    lists = (tokens.list_tokens(world.session, LocalOperator(), each) for each in everybody)
    return [token for each in lists for token in each]


PEOPLE = [
    of_installation(
        accounts.create_account,
        OPERATORS,
        lambda w, a: accounts.create_account(w.session, a, email="new@example.edu", name="New"),
    ),
    of_installation(
        accounts.find_account,
        OPERATORS,
        lambda w, a: accounts.find_account(w.session, a, w.student.email),
    ),
    of_installation(
        accounts.change_account,
        OPERATORS,
        lambda w, a: accounts.change_account(w.session, a, w.student, operator=True),
    ),
    of_installation(
        accounts.reset_password,
        {"local"},
        lambda w, a: accounts.reset_password(w.session, a, w.student),
    ),
    of_installation(
        sessions.end_all_sessions,
        {"local", "student"},
        lambda w, a: sessions.end_all_sessions(w.session, a, w.student),
    ),
    of_installation(
        tokens.create_token,
        {"local", "student"},
        lambda w, a: tokens.create_token(w.session, a, w.student, "My laptop"),
    ),
    of_installation(
        tokens.list_tokens,
        OPERATORS | {"student"},
        lambda w, a: tokens.list_tokens(w.session, a, w.student),
    ),
    of_installation(
        tokens.find_token,
        OPERATORS,
        lambda w, a: tokens.find_token(w.session, a, w.members.tokens[w.student.email]),
    ),
    of_installation(
        tokens.revoke_tokens,
        OPERATORS | {"student"},
        lambda w, a: tokens.revoke_tokens(w.session, a, tokens_of_student(w)),
    ),
    of_installation(
        tokens.revoke_tokens,
        OPERATORS,
        lambda w, a: tokens.revoke_tokens(w.session, a, tokens_of_everybody(w)),
    ),
    of_installation(
        tokens.add_token,
        {"local", "student"},
        lambda w, a: tokens.add_token(w.session, a, w.student, "laptop"),
    ),
    of_installation(
        tokens.revoke_own_token,
        {"student"},
        lambda w, a: tokens.revoke_own_token(w.session, a, tokens_of_student(w)[0].id),
    ),
    of_installation(
        own.change_own_name, ACCOUNTS, lambda w, a: own.change_own_name(w.session, a, "Another")
    ),
    of_installation(
        own.change_own_password,
        ACCOUNTS,
        lambda w, a: own.change_own_password(
            w.session,
            a,
            THROTTLE,
            current=factories.PASSWORD,
            password="a new long password",
        ),
    ),
    of_installation(
        accounts.name_account,
        OPERATORS,
        lambda w, a: accounts.name_account(w.session, a, email="new@example.edu", name="New"),
    ),
    of_installation(
        accounts.give_link, OPERATORS, lambda w, a: accounts.give_link(w.session, a, w.student)
    ),
    of_installation(
        accounts.list_accounts, OPERATORS, lambda w, a: accounts.list_accounts(w.session, a)
    ),
    of_installation(
        setup.issue_setup_link, {"local"}, lambda w, a: setup.issue_setup_link(w.session, a)
    ),
]
