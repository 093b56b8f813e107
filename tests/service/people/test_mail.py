"""Mail is sent where there is a server, and nothing depends on it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from service.errors import Invalid
from service.people.mail import Mail, Mailer
from service.people.personal import check_email
from service.settings import Settings, SettingsError
from tests.service.conftest import Class, MakeApp, make_settings, signed_in

SENDER = "chainrule@example.edu"
MAILS = [
    Mail(to="ada@example.edu", subject="Your account", text="https://x.edu/link/abc\n"),
    Mail(to="refused@example.edu", subject="Your account", text="x\n"),
    Mail(to="blaise@example.edu", subject="Two\nlines", text="x\n"),
    Mail(to="carl@example.edu", subject="Umlaute äöü", text="x\n"),
]


class Server(socketserver.ThreadingTCPServer):
    """A mail server without TLS that keeps what it accepts."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[str] = []


class Conversation(socketserver.StreamRequestHandler):
    """One client of the server."""

    server: Server

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode():
            command = line[:4].upper()
            if command == "RCPT" and "refused" in line:
                self.say("550 unknown")
            elif command == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.received.append(b"".join(lines).decode())
                self.say("250 accepted")
            else:
                self.say("221 bye" if command == "QUIT" else "250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def url_of(server: Server, user: str = "") -> str:
    return f"smtp://{user}127.0.0.1:{server.server_address[1]}"


def with_server(settings: Settings, url: str) -> Settings:
    return replace(settings, smtp_url=url, mail_sender=SENDER)


def test_what_the_server_accepts_is_known_for_each_person(
    settings: Settings, server: Server
) -> None:
    sent = Mailer(with_server(settings, url_of(server))).send(MAILS)
    assert sent == {mail.to for mail in MAILS} - {"refused@example.edu"}
    first, second, _ = server.received
    assert "Subject: Two lines" in second
    assert f"From: {SENDER}" in first
    assert "To: ada@example.edu" in first
    assert "https://x.edu/link/abc" in first


@pytest.mark.parametrize("address", ["a@[", ":;@x", "é@b.de", "a@b\nc"])
def test_an_odd_address_stops_no_other_mail(
    settings: Settings, server: Server, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    mails = [Mail(to=address, subject="Your account", text="x\n"), *MAILS]
    sent = Mailer(with_server(settings, url_of(server))).send(mails)
    assert sent == {mail.to for mail in MAILS} - {"refused@example.edu"}
    assert address not in caplog.text


@pytest.mark.parametrize(
    "address",
    ["a@[", ":;@x", "a@b@c", "<a@b>", "a b@c", "a,b@c", "a@b\n", '"a"@b', "a@b\x7f", "a\u200b@b"],
)
def test_an_address_that_no_message_can_have_is_rejected(address: str) -> None:
    with pytest.raises(Invalid):
        check_email(f"x{address}x")


def test_a_password_is_never_sent_without_tls(settings: Settings, server: Server) -> None:
    mailer = Mailer(with_server(settings, url_of(server, "user:secret@")))
    assert mailer.send(MAILS) == set()
    assert server.received == []


def test_without_a_server_nothing_is_sent(settings: Settings) -> None:
    mailer = Mailer(settings)
    assert not mailer.enabled
    assert mailer.send(MAILS) == set()


@pytest.mark.parametrize("works", [True, False])
def test_links_are_shown_whether_or_not_they_could_be_sent(
    make_app: MakeApp,
    settings: Settings,
    members: Class,
    server: Server,
    works: bool,
) -> None:
    url = url_of(server) if works else "smtp://127.0.0.1:1"
    app = make_app(with_server(settings, url))
    address = "/api/v1/courses/demo/invitations"
    headers = members.bearer(members.teacher)
    answer = app.test_client().post(address, json={"emails": ["n@example.edu"]}, headers=headers)
    assert answer.json is not None
    (link,) = answer.json["links"]
    assert link["mailed"] is works
    assert "/link/" in link["url"]
    page = signed_in(app, members.teacher).post(
        "/courses/demo/people/invite", data={"emails": "n@example.edu"}
    )
    assert f"{int(works)} of 1 were sent by mail" in page.text
    assert "/link/" in page.text
    for text in server.received:
        assert "http://localhost/link/" in text


@pytest.mark.parametrize(
    "given",
    [
        {"SMTP_URL": "mail.example.edu", "MAIL_SENDER": SENDER},
        {"SMTP_URL": "http://mail.example.edu", "MAIL_SENDER": SENDER},
        {"SMTP_URL": "smtp://user@", "MAIL_SENDER": SENDER},
        {"SMTP_URL": "smtp://mail.example.edu:many", "MAIL_SENDER": SENDER},
        {"SMTP_URL": "smtp://mail.example.edu"},
        {"SMTP_URL": "smtp://mail.example.edu", "MAIL_SENDER": "nobody"},
    ],
)
def test_a_wrong_mail_setting_is_named(settings: Settings, given: dict[str, str]) -> None:
    environ = {f"CHAINRULE_{name}": text for name, text in given.items()}
    with pytest.raises(SettingsError, match=r"CHAINRULE_(SMTP_URL|MAIL_SENDER)"):
        make_settings(settings.data_dir, **environ)
