"""Slugs: the part of an address that names a course or an assignment."""

from __future__ import annotations

import re
import unicodedata

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


def choose_slug(typed: str, title: str) -> str:
    """The slug that a person typed, or else the one that the title suggests; raises Invalid."""
    slug = typed.strip() or slug_of(title)
    if not slug and title.strip():
        message = "No address can be made from this title. Type one, such as spring-2027."
        raise Invalid(message, fields={"slug": message})
    return slug


def slug_of(title: str) -> str:
    """The slug that a title suggests. It is empty if the title has no Latin letter and no digit.

    >>> slug_of("Réseaux de neurones, spring 2027")
    'reseaux-de-neurones-spring-2027'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain))[:MAX_LENGTH].strip("-")
