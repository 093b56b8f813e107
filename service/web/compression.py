"""Compresses pages, JSON, CSV and static files, as a client accepts it."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

ALGORITHMS = ["zstd", "br", "gzip"]  # the first that a client accepts
TYPES = [
    "application/json",
    "application/vnd.oai.openapi+json",
    "image/svg+xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/plain",
]
LEAST = 1_000  # bytes; less fits into one packet anyway
OURS = frozenset({"same-origin", "none"})  # who makes a browser send a request


def register(app: Flask) -> None:
    """Compress the answers of an application."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM=ALGORITHMS,
        COMPRESS_ALGORITHM_STREAMING=ALGORITHMS,
        COMPRESS_MIMETYPES=TYPES,
        COMPRESS_MIN_SIZE=LEAST,
    )
    compress = Compress()
    compress.init_app(app)

    def compress_ours(response: Response) -> Response:
        # Another site that makes a browser ask again and again, each time with another guess in the
        # address, could see in the sizes of answers what is in them (BREACH). So it gets no
        # compressed ones. Programs and old browsers don't send this header.
        if request.headers.get("Sec-Fetch-Site", "none") not in OURS:
            return response
        accepted = [f"{name};q={q}" for name, q in request.accept_encodings if q > 0]
        request.environ["HTTP_ACCEPT_ENCODING"] = ", ".join(accepted)
        close = getattr(response.response, "close", None)
        if close is not None:
            response.call_on_close(close)  # a file; compressing it replaces it
        return compress.after_request(response)

    app.after_request(compress_ours)
