import pytest
from flask.testing import FlaskClient

from tests.service.conftest import Class

SESSIONS = "/api/v1/account/sessions"
VERIFY = "/api/v1/receipts/verify"  # changes nothing, but is a POST


def status(client: FlaskClient, **headers: str) -> int:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(VERIFY, json={}, headers=given).status_code


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_a_post_from_another_site_is_rejected(client: FlaskClient, site: str) -> None:
    response = client.post(VERIFY, json={}, headers={"Sec-Fetch-Site": site})
    assert response.status_code == 403
    assert response.json is not None
    assert response.json["error"]["code"] == "cross_site"


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_post_from_our_own_pages_or_the_address_bar_passes(
    client: FlaskClient, site: str
) -> None:
    assert status(client, Sec_Fetch_Site=site) == 401


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://localhost.evil.example",
        "null",
        "http://localhost:81",
        "http://[",
    ],
)
def test_without_that_header_the_origin_decides(client: FlaskClient, origin: str) -> None:
    assert status(client, Origin=origin) == 403
    assert status(client, Origin="http://localhost") == 401


HOSTS = [
    "evil.example", "localhost.evil.example", "evil-localhost", "evillocalhost", "localhosts",
    "xlocalhost", "localhost.", ".localhost", "localhost%00.evil.example", "localhost%2eevil",
    "localhost:80", "localhost:443", "localhost:81", "localhost:", "localhost:0", "LOCALHOST",
    "Localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0", "2130706433", "localhost@evil",
    "localhost:80@evil", "evil@localhost", "evil:x@localhost", "localhost#evil", "localhost?evil",
    "localhost/evil", "localhost/", "localhost\\evil", "localhost\\@evil", "evil\\localhost",
    "localhost;evil", "localhost,evil", "localhost evil", "localhost\tevil", "ｌocalhost",
    "lоcalhost", "localhoﬆ", "xn--localhost", "*", "*.localhost", "",
]  # fmt: skip
FORGED = [f"{scheme}://{host}" for scheme in ("http", "https", "HTTP") for host in HOSTS] + [
    "null", "", " ", "localhost", "//localhost", "http:localhost", "http:/localhost",
    "http//localhost", "file://", "file://localhost", "data:", "about:blank",
    "chrome-extension://localhost",
    "ftp://localhost", "ws://localhost", "HTTP://localhost", "http://localhost http://evil.example",
    "http://evil.example http://localhost", "http://localhost, http://evil.example",
    "http://localhost:80/", "http://[", "http://[::1", "http://]", "\xff", "x" * 2_000,
    "http://" * 9,
]  # fmt: skip


def test_every_forged_origin_is_rejected(client: FlaskClient) -> None:
    assert len(set(FORGED)) >= 130
    for origin in FORGED:
        given = {"HTTP_ORIGIN": origin.encode("utf-8").decode("latin-1")}
        for method, path in (("POST", VERIFY), ("POST", "/sign-out"), ("DELETE", SESSIONS)):
            answer = client.open(path, method=method, environ_overrides=given)
            assert answer.status_code == 403, (origin, path)


@pytest.mark.parametrize("origin", ["http://localhost", "https://localhost"])
def test_our_own_origin_passes_also_behind_a_proxy_with_tls(
    client: FlaskClient, origin: str
) -> None:
    assert status(client, Origin=origin) == 401


def test_a_program_that_sends_neither_header_passes(client: FlaskClient) -> None:
    assert status(client) == 401


def test_a_token_passes_from_anywhere(client: FlaskClient, members: Class) -> None:
    headers = {**members.bearer(members.ada), "Sec-Fetch-Site": "cross-site"}
    response = client.post(VERIFY, json={"receipt": "x"}, headers=headers)
    assert response.status_code == 200


def test_another_kind_of_authorization_does_not_pass(client: FlaskClient) -> None:
    assert status(client, Authorization="Basic YTpi", Sec_Fetch_Site="cross-site") == 403


def test_a_token_does_not_pass_outside_the_api(client: FlaskClient, members: Class) -> None:
    headers = {**members.bearer(members.ada), "Sec-Fetch-Site": "cross-site"}
    assert client.post("/sign-out", headers=headers).status_code == 403


def test_links_from_other_sites_may_read(client: FlaskClient) -> None:
    response = client.get("/api/v1/keys", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 200


def test_no_wrong_authorization_is_an_internal_error(client: FlaskClient) -> None:
    for sent in (
        "Basic \xff",
        "Basic =",
        "Bearer",
        "Bearer ",
        "Bearer \xff",
        "Bearer a=b",
        "\xff",
        "",
    ):
        header = {"HTTP_AUTHORIZATION": sent}
        for path, expected in ((VERIFY, 401), ("/courses", 405), ("/api/v1/courses", 415)):
            status = client.post(path, environ_overrides=header).status_code
            assert status in (expected, 401), (sent, path)
