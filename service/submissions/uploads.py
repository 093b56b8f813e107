"""Read an upload as text, or reject it. Imports little, so that commands start fast."""

from __future__ import annotations

import unicodedata

from service.errors import Invalid, TooLarge
from service.submissions.notebooks import is_called_notebook, read_cells

MAX_BYTES = 262_144
MAX_NOTEBOOK_BYTES = 1_048_576  # its outputs may have figures
MAX_NAME = 100  # characters
DEFAULT_NAME = "value.py"


def decode_source(content: bytes, filename: str = "", field: str = "file") -> str:
    """The text of a source file, which encodes to these bytes again; raises TooLarge or Invalid.

    A file whose name ends with `.ipynb` must be a notebook. It isn't changed.
    """
    notebook = is_called_notebook(filename)
    most = MAX_NOTEBOOK_BYTES if notebook else MAX_BYTES
    if len(content) > most:
        what = "Clear the notebook's outputs, save it and try again."
        message = (
            f"The file has {len(content):,} bytes; the limit is {most:,}. "
            f"{what if notebook else 'Submit the engine alone, without data.'}"
        )
        raise TooLarge(message, fields={field: message})
    text = _decode(content, field)
    if not without_mark(text).strip():
        raise _invalid(field, "The file is empty. Choose the one that has your class in it.")
    if "\0" in text:
        raise _invalid(field, "The file has a NUL byte in it, so it is not Python source.")
    if notebook:
        _check_notebook(text, field)
    return text


def without_mark(text: str) -> str:
    """The text without the byte-order mark that some editors write first."""
    return text.removeprefix("\ufeff")


def clean_filename(name: str) -> str:
    """The last part of a path, without invisible characters, cut if it is too long."""
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


def _check_notebook(text: str, field: str) -> None:
    cells = read_cells(without_mark(text))
    if cells is None:
        raise _invalid(
            field, "This notebook can't be read. Save it again in Jupyter as .ipynb and try again."
        )
    if not any(cell.strip() for cell in cells):
        raise _invalid(field, "There is no code in this notebook. Save it and try again.")


def _decode(content: bytes, field: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _invalid(
            field, f"The file is not UTF-8 text (line {line}). Save it as UTF-8 and try again."
        ) from None


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: message})
