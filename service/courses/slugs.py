"""Slugs: the part of an address that names a course or an assignment."""

from __future__ import annotations

from service.errors import Invalid

MAX_LENGTH = 100


def check_slug(text: str) -> str:
    """The slug if it can be used; raises Invalid.

    >>> check_slug("spring-2027")
    'spring-2027'
    """
    if len(text) > MAX_LENGTH:
        message = f"This address is too long. Use at most {MAX_LENGTH} characters."
        raise Invalid(message, fields={"slug": message})
    if not text.isascii() or text != text.lower() or not text.replace("-", "").isalnum():
        message = (
            f"{text!r} can't be an address. Use lower-case letters, digits and hyphens only, "
            "such as spring-2027."
        )
        raise Invalid(message, fields={"slug": message})
    return text
