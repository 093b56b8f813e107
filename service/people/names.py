"""People's names in the order of a class list."""

from __future__ import annotations

import re
import unicodedata

# They belong to a last name, but a list is in the order of what follows: Beethoven, Ludwig van.
PARTICLES = frozenset(
    {"al", "bin", "da", "das", "de", "dei", "del", "della", "den", "der", "di", "do", "dos", "du"}
    | {"el", "ibn", "la", "le", "los", "ten", "ter", "van", "vom", "von", "zu", "zum", "zur"}
)
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})


def last_name_first(name: str) -> tuple[str, str]:
    """A key that sorts by last name, then by the whole name, without case and accents.

    The last name is what comes before a comma, or else the last word. It's only a guess: a list
    also has a search.

    >>> last_name_first("Ludwig van Beethoven")
    ('beethoven', 'ludwig van beethoven')
    >>> last_name_first("Gauß, Carl Friedrich")
    ('gauss', 'gauss, carl friedrich')
    """
    plain = fold(name)
    before, comma, _ = plain.partition(",")
    words = re.sub(r"[.,]", " ", before if comma and not _is_suffix(plain) else plain).split()
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    if comma and not _is_suffix(plain):
        while len(words) > 1 and words[0] in PARTICLES:
            words.pop(0)
        return " ".join(words), plain
    return (words[-1] if words else ""), plain


def fold(text: str) -> str:
    """Text without case and accents, for comparing.

    >>> fold("Zoë ŁUKASZ")
    'zoe łukasz'
    """
    if text.isascii():
        return text.casefold().strip()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in letters if not unicodedata.combining(char)).strip()


def _is_suffix(name: str) -> bool:
    """Whether the part after the comma is such as `Jr.`, and no first name."""
    return name.partition(",")[2].strip(" .") in SUFFIXES
