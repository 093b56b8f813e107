"""Errors that users see: a status, a code for programs, and a message."""

from __future__ import annotations

from collections.abc import Mapping

# With a reference, under which the log has the error.
INTERNAL = (
    "Something went wrong on our side. Try again. If it happens again, give your teacher "
    "or operator this reference: {}."
)


class ServiceError(Exception):
    """An error for a user. `message` says what happened and what to do; `fields` has a message for
    each wrong field."""

    status = 500
    code = "internal_error"

    def __init__(
        self, message: str, *, code: str | None = None, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.fields = dict(fields or {})

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers of the answer."""
        return {}

    @property
    def details(self) -> Mapping[str, object]:
        """The `fields` of the answer for programs; any JSON values."""
        return self.fields


class BadRequest(ServiceError):  # noqa: N818 - named after its status
    """The request can't be read."""

    status = 400
    code = "bad_request"


class Unauthorized(ServiceError):  # noqa: N818 - named after its status
    """Nobody is signed in, or the token or password is wrong."""

    status = 401
    code = "unauthorized"

    @property
    def headers(self) -> dict[str, str]:
        """How to sign in over HTTP."""
        return {"WWW-Authenticate": 'Bearer realm="chainrule"'}


class Forbidden(ServiceError):  # noqa: N818 - named after its status
    """Signed in, but not allowed to do this."""

    status = 403
    code = "forbidden"


class NotFound(ServiceError):  # noqa: N818 - named after its status
    """It doesn't exist, or this account may not know that it does."""

    status = 404
    code = "not_found"


class Conflict(ServiceError):  # noqa: N818 - named after its status
    """Not possible in the current state: `closed`, `no_attempts_left`, `not_graded`, …"""

    status = 409
    code = "conflict"


class TooLarge(ServiceError):  # noqa: N818 - named after its status
    """More bytes than are accepted."""

    status = 413
    code = "too_large"


class UnsupportedMedia(ServiceError):  # noqa: N818 - named after its status
    """A content type that isn't supported."""

    status = 415
    code = "unsupported_media_type"


class Invalid(ServiceError):  # noqa: N818 - named after its status
    """The request can be read, but a field has an invalid value."""

    status = 422
    code = "invalid"


class TooManyRequests(ServiceError):  # noqa: N818 - named after its status
    """Too many requests. `retry_after` is in seconds."""

    status = 429
    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """When to try again."""
        return {"Retry-After": str(self.retry_after)}


class Unavailable(ServiceError):  # noqa: N818 - named after its status
    """The database or the broker doesn't answer."""

    status = 503
    code = "unavailable"

    @property
    def headers(self) -> dict[str, str]:
        """When to try again."""
        return {"Retry-After": "5"}
