"""Protection against other sites that make a signed-in browser send a request."""

from __future__ import annotations

from flask import request

from service.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def reject_other_sites() -> None:
    """Before each request that changes something: raise Forbidden when another site sent it.

    Browsers say where a request comes from. A bearer token is never sent by itself.
    """
    if request.method in SAFE_METHODS or _has_token():
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        ours = site in {"same-origin", "none"}
    else:
        ours = origin is None or _is_ours(origin)
    if not ours:
        raise Forbidden(
            "This request came from another site. Open Chainrule itself and try again there.",
            code="cross_site",
        )


def _is_ours(origin: str) -> bool:
    # A proxy may speak TLS. Nothing is parsed: what isn't exactly our origin isn't ours.
    return origin in {f"http://{request.host}", f"https://{request.host}"}


def sent_token() -> str | None:
    """The bearer token that this request sends, if any.

    Nothing else in the header is decoded: werkzeug raises an error for a name that isn't ASCII.
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _has_token() -> bool:
    return request.path.startswith("/api/") and sent_token() is not None
