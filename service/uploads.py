"""What was uploaded, read as text or refused; imports little, so that a command starts fast."""

from __future__ import annotations

import codecs
import unicodedata

from service.errors import Invalid, TooLarge

MAX_BYTES = 262_144
MAX_NAME = 100  # characters
DEFAULT_NAME = "value.py"


def decode_source(content: bytes, field: str = "file") -> str:
    """The text of a source file without its byte-order mark; raises TooLarge or Invalid."""
    if len(content) > MAX_BYTES:
        message = (
            f"The file has {len(content):,} bytes; at most {MAX_BYTES:,} are taken. "
            "Hand in the engine alone, without data or notebooks."
        )
        raise TooLarge(message, fields={field: message})
    text = _decode(content, field)
    if not text.strip():
        raise _invalid(field, "The file is empty. Choose the one that has your class in it.")
    if "\0" in text:
        raise _invalid(field, "The file has a NUL byte in it, so it is not Python source.")
    return text


def clean_filename(name: str) -> str:
    """The last part of a path, without characters that do not print, and not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(char for char in last if not unicodedata.category(char).startswith("C"))
    shown = shown.strip()
    if shown in {"", ".", ".."}:
        return DEFAULT_NAME
    if len(shown) <= MAX_NAME:
        return shown
    stem, dot, extension = shown.rpartition(".")
    if not dot or len(extension) > 8:
        return shown[:MAX_NAME]
    return stem[: MAX_NAME - len(extension) - 1] + dot + extension


def _decode(content: bytes, field: str) -> str:
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _invalid(
            field, f"The file is not UTF-8 text (line {line}). Save it as UTF-8 and try again."
        ) from None


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: message})
