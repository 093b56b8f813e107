"""Requests that another site makes a signed-in browser send are refused."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from service.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_other_sites() -> None:
    """Before each request: raise Forbidden when it changes something on another site's behalf.

    Browsers say where a request comes from; a bearer token is never sent by itself.
    """
    if request.method in SAFE_METHODS or _carries_token():
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        ours = site in {"same-origin", "none"}
    else:
        ours = origin is None or _is_ours(origin)
    if not ours:
        raise Forbidden(
            "This request came from another site. Open Chainrule itself and do it there.",
            code="cross_site",
        )


def _is_ours(origin: str) -> bool:
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:  # no address at all
        return False


def _carries_token() -> bool:
    authorization = request.authorization
    in_api = request.path.startswith("/api/")
    return in_api and authorization is not None and authorization.type == "bearer"
