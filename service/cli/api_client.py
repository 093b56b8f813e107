"""A client of the service's JSON API; its errors become messages."""

from __future__ import annotations

import ipaddress
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from service.cli.errors import CommandError

TIMEOUT_SECONDS = 60.0


class Api:
    """The API at the address `base`, used with a token."""

    def __init__(self, base: str, token: str) -> None:
        if not base.startswith(("http://", "https://")):
            raise CommandError("--url must start with http:// or https://.")
        if not token.isascii() or not token.isprintable():
            raise CommandError("The token has characters that no token has. Copy it again.")
        self._base = base
        self._token = token
        self._opener = _opener(base)

    def get(self, path: str) -> dict[str, Any]:
        return self._ask(path)

    def post(self, path: str, body: dict[str, Any], *, idempotency_key: str) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": idempotency_key}
        return self._ask(path, json.dumps(body).encode(), headers)

    def _ask(
        self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        authorized = {"Authorization": f"Bearer {self._token}", **(headers or {})}
        try:
            request = urllib.request.Request(self._base + path, body, authorized)
        except ValueError as error:
            raise _unreadable(error) from None
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            raise CommandError(_sentence(error)) from None
        except (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise CommandError(f"{self._base} doesn't answer: {reason}") from None
        except ValueError:
            raise CommandError(f"{self._base} is not a Chainrule service.") from None


def _opener(base: str) -> urllib.request.OpenerDirector:
    """Uses the proxy of the environment, except for this machine itself."""
    try:
        host = urlsplit(base).hostname or ""
    except ValueError as error:
        raise _unreadable(error) from None
    if _is_loopback(host):
        return urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _unreadable(error: ValueError) -> CommandError:
    return CommandError(f"--url can't be read: {error}.")


def _sentence(error: urllib.error.HTTPError) -> str:
    try:
        answer = json.load(error)["error"]
        return f"{answer['message']} ({error.code} {answer['code']})"
    except (ValueError, KeyError, TypeError):
        return f"The service answered {error.code} {error.reason}."
