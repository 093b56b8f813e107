"""Untrusted text, made safe to show on a page or a terminal."""

from __future__ import annotations

import re
import unicodedata

_unusual = re.compile(r"[^\x20-\x7e\n\t]")


def visible(text: object) -> str:
    """The text with every character that has an effect replaced by a visible one.

    Control characters, such as those of terminal colours, become their symbols. Characters that
    are invisible or change the direction of writing become their code in brackets. The result
    isn't escaped for HTML.
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
