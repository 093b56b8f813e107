"""What a reverse proxy says about a request, believed only as far as settings allow.

Whatever server runs the application, this is the only place that believes such headers.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import request
from werkzeug.middleware.proxy_fix import ProxyFix

from service.errors import BadRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WRONG_HOST = "chainrule.wrong_host"  # set in the environment of a request without a usable Host

MAX_PORT = 65_535

_label = r"[A-Za-z0-9_-]{1,63}"
_host = re.compile(rf"({_label}(\.{_label})*\.?|\[(?P<v6>[0-9A-Fa-f:.]+)\])(:(?P<port>\d{{1,5}}))?")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_host(text: str) -> bool:
    found = _host.fullmatch(text) if len(text) <= 260 else None
    if found is None or int(found["port"] or 0) > MAX_PORT:
        return False
    return found["v6"] is None or (":" in found["v6"] and _is_address(found["v6"]))


BELIEVED: dict[str, Callable[[str], bool]] = {
    "HTTP_X_FORWARDED_FOR": _is_address,
    "HTTP_X_FORWARDED_PROTO": lambda text: text in {"http", "https"},
    "HTTP_X_FORWARDED_HOST": _is_host,
}
IGNORED = (
    "HTTP_FORWARDED",
    "HTTP_SCRIPT_NAME",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_PROTOCOL",
    "HTTP_X_FORWARDED_SSL",
    "HTTP_X_SCRIPT_NAME",
)


def reject_wrong_host() -> None:
    """Before each request: raise BadRequest if its Host header is no host name."""
    if request.environ.get(WRONG_HOST):
        raise BadRequest("The request has a Host header that is no host name.")


class ForwardedHeaders:
    """Passes requests on to an application behind `proxies` trusted proxies.

    An application is at the root of its site, and a server of ours speaks plain HTTP. A server that
    says otherwise has believed a header.
    """

    def __init__(self, application: WSGIApplication, proxies: int) -> None:
        self._proxies = proxies
        self._next = application
        if proxies:
            self._next = ProxyFix(application, x_for=proxies, x_proto=proxies, x_host=proxies)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        environ["PATH_INFO"] = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        environ["SCRIPT_NAME"] = ""
        environ["wsgi.url_scheme"] = "http"
        if not _is_host(environ.get("HTTP_HOST", "localhost")):
            del environ["HTTP_HOST"]
            environ[WRONG_HOST] = True
        for name in IGNORED:
            environ.pop(name, None)
        for name, is_valid in BELIEVED.items():
            # A proxy appends to what it gets: the value that counts was appended by a trusted one.
            values = [value.strip() for value in environ.get(name, "").split(",")]
            counts = values[-self._proxies] if 0 < self._proxies <= len(values) else ""
            if not is_valid(counts):
                environ.pop(name, None)
        return self._next(environ, start_response)
