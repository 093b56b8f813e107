"""A request of the server as a WSGI environment."""

from __future__ import annotations

import io
import sys
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

Scope = dict[str, Any]  # a request as ASGI describes it


class MalformedError(Exception):
    """The request's address can't be read."""


def make_environ(scope: Scope, body: bytes, length: int) -> dict[str, Any]:
    """The environment of a request whose body was read. `length` may be more than was read.

    Raises MalformedError.
    Nothing that a client sends changes the address of the service: no header becomes SCRIPT_NAME.
    """
    server, port = scope["server"]
    client, client_port = scope["client"]
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path_of(scope),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": client,
        "REMOTE_PORT": str(client_port),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        # With an underscore, it would look like another header, such as one that a proxy sets.
        # The body was read: its chunks are gone.
        if b"_" in raw_name or raw_name == b"transfer-encoding":
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        if name not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            name = f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        if name in environ:
            value = f"{environ[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{value}"
        environ[name] = value
    if length or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


def path_of(scope: Scope) -> str:
    """The decoded path, each byte a character; raises MalformedError.

    A request to a proxy has the whole address.
    """
    target: bytes = scope["raw_path"]
    if not target.startswith(b"/"):
        try:
            target = urlsplit(target).path
        except ValueError:  # such as half an IPv6 address
            raise MalformedError from None
    return unquote_to_bytes(target).decode("latin-1")
