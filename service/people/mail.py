"""Mail, where an SMTP server is configured. A link is always shown too, so mail may fail."""

from __future__ import annotations

import logging
import smtplib
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from service.settings import Settings

log = logging.getLogger(__name__)

ANSWER_SECONDS = 5  # that the server may take for each answer
ALL_SECONDS = 20  # for all messages of a request
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message to one person."""

    to: str
    subject: str
    text: str


class Mailer:
    """Sends mail through the server of `CHAINRULE_SMTP_URL`, or not at all."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.smtp_url
        self._sender = settings.mail_sender

    @property
    def enabled(self) -> bool:
        """Whether there is a server."""
        return bool(self._url)

    def send(self, mails: Sequence[Mail]) -> set[str]:
        """Send messages, and return the addresses that the server accepted; raises nothing."""
        if not (self._url and mails):
            return set()
        accepted: set[str] = set()
        end = time.monotonic() + ALL_SECONDS
        try:
            with _connect(urlsplit(self._url)) as server:
                for mail in mails:
                    if time.monotonic() > end:
                        log.warning("mail takes too long: %d of %d sent", len(accepted), len(mails))
                        break
                    if self._send_one(server, mail):
                        accepted.add(mail.to)
        except (OSError, ValueError) as error:  # all errors of smtplib are an OSError
            log.warning("mail can't be sent: %s", type(error).__name__)
        return accepted

    def _send_one(self, server: smtplib.SMTP, mail: Mail) -> bool:
        message = EmailMessage()
        try:
            message["From"], message["To"] = self._sender, mail.to
            message["Subject"] = " ".join(mail.subject.split())
            message.set_content(mail.text)
            server.send_message(message)
        except Exception as error:
            if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
                raise  # the connection is gone
            # The parser of addresses fails in many ways. The others still get their mail.
            log.warning("a message can't be sent: %s", type(error).__name__)
            server.rset()
            return False
        return True


def _connect(url: SplitResult) -> smtplib.SMTP:
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=ANSWER_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=ANSWER_SECONDS)
    try:
        server.ehlo()
        # A password is never sent in the clear.
        if url.scheme == "smtp" and (url.username or server.has_extn("starttls")):
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server
