"""Strangers' text, made ready to be shown on a page or a terminal."""

from __future__ import annotations

import re
import unicodedata

_unusual = re.compile(r"[^\x20-\x7e\n\t]")


def visible(text: object) -> str:
    """Text with every character that would act instead of show replaced by one that shows.

    Control characters (terminal colours among them) become their symbols, and those that turn the
    direction of writing or take no room become their code in brackets. It is not yet escaped.
    """
    return _unusual.sub(lambda match: _shown(match[0]), str(text).replace("\r\n", "\n"))


def _shown(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if char.isprintable() or unicodedata.category(char) == "Zs":
        return char
    return f"[U+{code:04X}]"
