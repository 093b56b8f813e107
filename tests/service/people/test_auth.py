import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import RateLimitItem
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.access import is_staff, role_in
from service.courses.models import Role
from service.errors import TooManyRequests, Unauthorized
from service.people.devices import LIFETIME_SECONDS
from service.people.models import Token
from service.people.passwords import hash_password
from service.people.sign_in import sign_in
from service.people.throttle import (
    PER_ADDRESS,
    PER_DEVICE,
    PER_EMAIL,
    PER_PERSON,
    SKEW,
    Attempt,
    Throttle,
)
from service.people.tokens import authenticate, create_token, list_tokens, revoke_tokens
from service.settings import Settings
from service.web.pages.sign_in import MARK
from service.web.request import EXTENSION
from tests.service.conftest import Class, MakeApp, signed_in
from tests.support import factories
from tests.support.servers import redis

COURSES = "/api/v1/courses"


@pytest.fixture
def throttle(settings: Settings) -> Throttle:
    return Throttle(settings)


def test_a_password_is_stored_as_an_argon2id_hash() -> None:
    stored = hash_password("secret")
    assert stored.startswith("$argon2id$")
    assert "secret" not in stored
    assert stored != hash_password("secret")


def test_the_right_password_signs_in_with_an_e_mail_in_upper_or_lower_case(
    session: Session, members: Class, throttle: Throttle
) -> None:
    found = sign_in(session, " Ada@Example.EDU ", factories.PASSWORD, throttle)
    assert found.id == members.ada.id


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ada@example.edu", "wrong"),
        ("ada@example.edu", ""),
        ("nobody@example.edu", factories.PASSWORD),
        ("a\0b@example.edu", factories.PASSWORD),
        ("", ""),
    ],
)
@pytest.mark.usefixtures("members")
def test_every_failed_sign_in_has_the_same_message(
    session: Session, throttle: Throttle, email: str, password: str
) -> None:
    with pytest.raises(Unauthorized, match="Wrong e-mail or password"):
        sign_in(session, email, password, throttle)


def test_an_account_without_a_password_cannot_sign_in(
    session: Session, members: Class, throttle: Throttle
) -> None:
    members.ada.password_hash = None
    session.commit()
    with pytest.raises(Unauthorized):
        sign_in(session, "ada@example.edu", "", throttle)


def test_an_invalid_stored_hash_signs_nobody_in(
    session: Session, members: Class, throttle: Throttle
) -> None:
    members.ada.password_hash = "plain text"
    session.commit()
    with pytest.raises(Unauthorized):
        sign_in(session, "ada@example.edu", "plain text", throttle)


@pytest.mark.usefixtures("members")
def test_after_ten_failures_even_the_right_password_has_to_wait(
    session: Session, throttle: Throttle
) -> None:
    for _ in range(PER_PERSON.amount):
        with pytest.raises(Unauthorized):
            sign_in(session, "ada@example.edu", "wrong", throttle, address="192.0.2.1")
    with pytest.raises(TooManyRequests) as throttled:
        sign_in(session, "ada@example.edu", factories.PASSWORD, throttle, address="192.0.2.1")
    assert 1 <= throttled.value.retry_after <= 300
    assert throttled.value.headers == {"Retry-After": str(throttled.value.retry_after)}
    sign_in(session, "ada@example.edu", factories.PASSWORD, throttle, address="192.0.2.2")
    sign_in(session, "blaise@example.edu", factories.PASSWORD, throttle, address="192.0.2.1")


def test_attempts_at_once_count_like_attempts_one_after_another(throttle: Throttle) -> None:
    def attempt(_: int) -> bool:
        try:
            throttle.begin(Attempt("ada@example.edu", "192.0.2.1"))
        except TooManyRequests:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        let_through = sum(pool.map(attempt, range(64)))
    assert let_through == PER_PERSON.amount


@pytest.mark.usefixtures("members")
def test_a_successful_sign_in_clears_earlier_failures(session: Session, throttle: Throttle) -> None:
    for _ in range(3):
        for _ in range(PER_PERSON.amount - 1):
            with pytest.raises(Unauthorized):
                sign_in(session, "ada@example.edu", "wrong", throttle)
        sign_in(session, "ada@example.edu", factories.PASSWORD, throttle)


@pytest.mark.parametrize("limit", [PER_EMAIL, PER_ADDRESS])
def test_failures_on_one_account_or_from_one_address_are_limited_too(
    throttle: Throttle, limit: RateLimitItem
) -> None:
    for number in range(limit.amount):
        one = limit is PER_EMAIL
        email = "ada@example.edu" if one else f"p{number}@x"
        throttle.count_failure(Attempt(email, str(number) if one else "192.0.2.1"))
    with pytest.raises(TooManyRequests):
        throttle.begin(Attempt("ada@example.edu", "192.0.2.1"))


@pytest.mark.parametrize("limit", [PER_PERSON, PER_EMAIL, PER_ADDRESS, PER_DEVICE])
@pytest.mark.parametrize("before", [1, None], ids=["one", "all"])
@pytest.mark.parametrize("seconds", [3600, 10 * 365 * 24 * 3600])
def test_a_clock_that_is_set_back_neither_locks_out_nor_opens(
    throttle: Throttle,
    monkeypatch: pytest.MonkeyPatch,
    limit: RateLimitItem,
    before: int | None,
    seconds: int,
) -> None:
    check_clock_set_back(throttle, monkeypatch, limit, before or limit.amount, seconds)


def test_in_redis_too_a_clock_that_is_set_back_does_no_harm(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with redis() as url:
        shared = Throttle(replace(settings, broker_url=url))
        for limit in (PER_PERSON, PER_EMAIL):
            check_clock_set_back(shared, monkeypatch, limit, limit.amount, 3600)


def check_clock_set_back(
    throttle: Throttle,
    monkeypatch: pytest.MonkeyPatch,
    limit: RateLimitItem,
    before: int,
    seconds: int,
) -> None:
    """Fail `before` times, set the clock back, then fail until there is an error."""

    def fail(number: int) -> int:
        """Whether the attempt has to wait, in seconds."""
        attempt = Attempt(
            f"p{number}@x" if limit is PER_ADDRESS else "ada@example.edu",
            str(number) if limit is PER_EMAIL else "192.0.2.1",
            "browser" if limit is PER_DEVICE else "",
        )
        try:
            throttle.begin(attempt)
        except TooManyRequests as error:
            return error.retry_after
        throttle.count_failure(attempt)
        return 0

    assert not any(fail(number) for number in range(before))
    earlier = time.time() - seconds
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: earlier)
        waits = [fail(1000 + number) for number in range(3 * limit.amount)]
    # The failures of both times together may fill the limit once.
    assert limit.amount - 1 <= waits.count(0) <= 2 * limit.amount
    assert 0 < max(waits) <= limit.get_expiry() + SKEW


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_ipv6_addresses_in_one_network_count_together(one: str, other: str, same: bool) -> None:
    before, after = (Attempt("ada@example.edu", address) for address in (one, other))
    assert (before.own == after.own) is same
    assert (before.shared == after.shared) is same


def test_a_known_browser_can_sign_in_after_strangers_failed(
    session: Session, members: Class, throttle: Throttle
) -> None:
    email, password = members.ada.email, factories.PASSWORD
    for number in range(PER_EMAIL.amount):
        throttle.count_failure(Attempt(email, str(number)))
    for number in range(PER_ADDRESS.amount):
        throttle.count_failure(Attempt(str(number), "192.0.2.1"))

    with pytest.raises(TooManyRequests):
        sign_in(session, email, password, throttle, address="192.0.2.1")
    mark = throttle.devices.mark(email)
    found = sign_in(session, "ADA@example.edu ", password, throttle, address="192.0.2.1", mark=mark)
    assert found.id == members.ada.id


def test_a_known_browser_is_locked_out_only_by_its_own_failures(
    session: Session, members: Class, throttle: Throttle
) -> None:
    email = members.ada.email
    mark, another = throttle.devices.mark(email), throttle.devices.mark(email)
    for _ in range(PER_DEVICE.amount):
        with pytest.raises(Unauthorized):
            sign_in(session, email, "wrong", throttle, mark=mark)

    with pytest.raises(TooManyRequests):
        sign_in(session, email, factories.PASSWORD, throttle, mark=mark)
    sign_in(session, email, factories.PASSWORD, throttle, mark=another)
    sign_in(session, email, factories.PASSWORD, throttle)


def test_a_device_mark_is_valid_only_for_its_account_and_installation(
    throttle: Throttle, settings: Settings
) -> None:
    mark = throttle.devices.mark("ada@example.edu")
    assert throttle.devices.recognise("ada@example.edu", mark)
    elsewhere = Throttle(replace(settings, secret_key="e" * 40))
    assert not throttle.devices.recognise("blaise@example.edu", mark)
    assert not elsewhere.devices.recognise("ada@example.edu", mark)
    for forged in ("", "x", mark[:-1], f"x{mark}", "€.€.€", "\udcff.a.b", f"{mark}.{mark}"):
        assert not throttle.devices.recognise("ada@example.edu", forged)


def test_a_device_mark_expires_after_a_year(
    throttle: Throttle, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = throttle.devices.mark("ada@example.edu")
    later = time.time() + LIFETIME_SECONDS
    monkeypatch.setattr(time, "time", lambda: later - 60)
    assert throttle.devices.recognise("ada@example.edu", mark)
    monkeypatch.setattr(time, "time", lambda: later + 60)
    assert not throttle.devices.recognise("ada@example.edu", mark)


@pytest.mark.parametrize("secure", [False, True])
def test_the_device_cookie_is_hidden_from_scripts_and_other_sites(
    make_app: MakeApp, settings: Settings, members: Class, secure: bool
) -> None:
    app = make_app(replace(settings, secure_cookies=secure))
    browser = app.test_client()
    form = {"email": members.ada.email, "password": factories.PASSWORD}
    assert browser.post("/sign-in", data={**form, "password": "wrong"}).status_code == 401
    assert browser.get_cookie(MARK, path="/sign-in") is None

    assert browser.post("/sign-in", data=form).status_code == 303
    cookie = browser.get_cookie(MARK, path="/sign-in")

    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Strict"
    assert cookie.secure is secure
    assert cookie.max_age == LIFETIME_SECONDS
    assert members.ada.email not in cookie.value
    assert str(members.ada.id) not in cookie.value


def test_the_page_lets_a_known_browser_sign_in_while_a_stranger_is_locked_out(
    app: Flask, members: Class
) -> None:
    known, stranger = app.test_client(), app.test_client()
    form = {"email": members.ada.email, "password": factories.PASSWORD}
    known.post("/sign-in", data=form)
    known.post("/sign-out")
    for number in range(PER_EMAIL.amount):
        app.extensions[EXTENSION].throttle.count_failure(Attempt(members.ada.email, str(number)))

    assert stranger.post("/sign-in", data=form).status_code == 429
    assert known.post("/sign-in", data=form).status_code == 303


def test_failures_are_counted_in_redis_or_per_process_if_it_is_down(
    session: Session, members: Class, settings: Settings
) -> None:
    with redis() as url:
        shared = replace(settings, broker_url=url)
        here, there = Throttle(shared), Throttle(shared)
        ada = Attempt("ada@example.edu", "")
        for _ in range(PER_PERSON.amount):
            here.begin(ada)
        with pytest.raises(TooManyRequests):
            there.begin(ada)
        here.forgive(ada)
        there.begin(ada)
    assert sign_in(session, "ada@example.edu", factories.PASSWORD, there).id == members.ada.id


def test_only_the_hash_of_a_token_is_stored(session: Session, members: Class) -> None:
    text = create_token(session, members.ada, members.ada, "laptop")
    assert text.startswith("cr_")
    stored = session.scalars(select(Token).where(Token.name == "laptop")).one()
    assert stored.token_hash == hashlib.sha256(text.encode()).hexdigest()
    token = authenticate(session, text)
    found = None if token is None else token.account
    assert found is not None
    assert found.id == members.ada.id


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer cr_wrong", "Basic YTpi", "cr_wrong", "Bearer \xff"]
)
@pytest.mark.usefixtures("members")
def test_a_missing_or_wrong_token_is_401_and_says_how_to_authenticate(
    client: FlaskClient, header: str
) -> None:
    response = client.get(COURSES, headers={"Authorization": header} if header else {})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="chainrule"'
    assert response.json is not None
    assert response.json["error"]["code"] == "unauthorized"


def test_a_revoked_token_is_401(client: FlaskClient, members: Class, session: Session) -> None:
    revoke_tokens(session, members.ada, list_tokens(session, members.ada, members.ada))
    assert authenticate(session, members.tokens["ada@example.edu"]) is None
    assert client.get(COURSES, headers=members.bearer(members.blaise)).status_code == 200
    assert client.get(COURSES, headers=members.bearer(members.ada)).status_code == 401


def test_a_signed_in_browser_can_use_the_api_without_a_token(app: Flask, members: Class) -> None:
    assert signed_in(app, members.ada).get(COURSES).status_code == 200


def test_a_wrong_token_is_401_even_in_a_signed_in_browser(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.ada)
    headers = {"Authorization": "Bearer cr_wrong"}
    assert browser.get(COURSES, headers=headers).status_code == 401


@pytest.mark.parametrize("secure", [False, True])
def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(
    make_app: MakeApp, settings: Settings, secure: bool
) -> None:
    app = make_app(replace(settings, secure_cookies=secure))
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert app.config["SESSION_COOKIE_SECURE"] is secure


def test_a_role_belongs_to_a_course(session: Session, members: Class) -> None:
    course = members.course.id
    assert role_in(session, members.assistant, course) is Role.ASSISTANT
    assert role_in(session, members.stranger, course) is None
    staff = [
        who.name
        for who in (members.teacher, members.assistant, members.ada, members.stranger)
        if is_staff(session, who, course)
    ]
    assert staff == ["Teacher", "Assistant"]
