"""What people are refused, and why: a status, a code for programs, and a sentence."""

from __future__ import annotations

from collections.abc import Mapping


class ServiceError(Exception):
    """A refusal: `message` says what happened and what to do, `fields` what was wrong where."""

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
        """HTTP headers that belong to the refusal."""
        return {}


class BadRequest(ServiceError):  # noqa: N818 - named for what it says
    """The request cannot be read."""

    status = 400
    code = "bad_request"


class Unauthorized(ServiceError):  # noqa: N818 - named for what it says
    """Nobody is signed in, or the token or password is wrong."""

    status = 401
    code = "unauthorized"

    @property
    def headers(self) -> dict[str, str]:
        """How to sign in over HTTP."""
        return {"WWW-Authenticate": 'Bearer realm="chainrule"'}


class Forbidden(ServiceError):  # noqa: N818 - named for what it says
    """Signed in, but not allowed to."""

    status = 403
    code = "forbidden"


class NotFound(ServiceError):  # noqa: N818 - named for what it says
    """There is no such thing, or the person may not know of it."""

    status = 404
    code = "not_found"


class Conflict(ServiceError):  # noqa: N818 - named for what it says
    """The state of things does not permit it: `closed`, `no_attempts_left`, `not_graded`, ..."""

    status = 409
    code = "conflict"


class TooLarge(ServiceError):  # noqa: N818 - named for what it says
    """More bytes than are taken."""

    status = 413
    code = "too_large"


class UnsupportedMedia(ServiceError):  # noqa: N818 - named for what it says
    """A content type that is not understood."""

    status = 415
    code = "unsupported_media_type"


class Invalid(ServiceError):  # noqa: N818 - named for what it says
    """Understood, but a field's content will not do."""

    status = 422
    code = "invalid"


class TooManyRequests(ServiceError):  # noqa: N818 - named for what it says
    """Too often. `retry_after` is in seconds."""

    status = 429
    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """When to come again."""
        return {"Retry-After": str(self.retry_after)}


class Unavailable(ServiceError):  # noqa: N818 - named for what it says
    """A part of the service is away for now: the database, or the broker."""

    status = 503
    code = "unavailable"

    @property
    def headers(self) -> dict[str, str]:
        """When to come again."""
        return {"Retry-After": "5"}
