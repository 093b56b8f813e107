import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Invalid, TooLarge
from service.submissions.uploads import (
    DEFAULT_NAME,
    MAX_BYTES,
    MAX_NAME,
    clean_filename,
    decode_source,
)

NOTEBOOK = Path(__file__).parents[2] / "students" / "right" / "notebook.ipynb"


def test_a_file_may_have_exactly_256_kb() -> None:
    assert decode_source(b"#" * MAX_BYTES) == "#" * MAX_BYTES
    with pytest.raises(TooLarge, match=r"262,145 bytes"):
        decode_source(b"#" * (MAX_BYTES + 1))


@pytest.mark.parametrize("content", [b"", b" \n\t ", codecs.BOM_UTF8])
def test_an_empty_file_is_rejected(content: bytes) -> None:
    with pytest.raises(Invalid, match="empty") as error:
        decode_source(content, field="source")
    assert error.value.fields.keys() == {"source"}


def test_a_file_that_is_not_utf_8_is_rejected_with_the_line() -> None:
    with pytest.raises(Invalid, match="line 3"):
        decode_source(b"a = 1\nb = 2\nc = '\xe9'\n")


def test_a_nul_byte_is_rejected() -> None:
    with pytest.raises(Invalid, match="NUL"):
        decode_source(b"a = 1\0")


def test_a_byte_order_mark_is_kept() -> None:
    content = codecs.BOM_UTF8 + b"a = 1\n"
    assert decode_source(content).encode() == content


def test_a_notebook_may_begin_with_a_byte_order_mark() -> None:
    content = codecs.BOM_UTF8 + NOTEBOOK.read_bytes()
    assert decode_source(content, "engine.ipynb").encode() == content


@given(st.text().map(lambda text: text.replace("\0", "") + "x"))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert decode_source(text.encode()) == text


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("value.py", "value.py"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\ada\my engine.py", "my engine.py"),
        ("a/b/", DEFAULT_NAME),
        ("..", DEFAULT_NAME),
        ("", DEFAULT_NAME),
        ("va\nl\0u\u202ee.py", "value.py"),
        ("x" * 10_000 + ".py", "x" * (MAX_NAME - 3) + ".py"),
        ("x" * 10_000, "x" * MAX_NAME),
        ("Übung.py", "Übung.py"),
    ],
)
def test_only_the_last_part_of_a_file_name_is_kept(given_name: str, kept: str) -> None:
    assert clean_filename(given_name) == kept


@given(st.text())
def test_a_stored_file_name_is_short_printable_and_has_no_path(name: str) -> None:
    kept = clean_filename(name)
    assert 1 <= len(kept) <= MAX_NAME
    assert not set(kept) & set("/\\\0\n\r")
    assert clean_filename(kept) == kept
