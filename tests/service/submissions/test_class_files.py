"""A ZIP of a class's files: whose file is which, and what a hostile ZIP can't do."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Invalid
from service.people.models import Account
from service.submissions.class_files import (
    MAX_ENTRIES,
    MAX_UNPACKED,
    MAX_ZIP,
    ClassFile,
    read_class_files,
)
from service.submissions.uploads import MAX_BYTES

ADA = Account(id=1, name="Ada Lovelace", email="ada@example.edu", student_number="4711")
LUDWIG = Account(id=2, name="Ludwig van Beethoven", email="l.v.b@example.edu", student_number="")
ZOE = Account(id=3, name="Müller, Zoë", email="zoe@example.edu", student_number="")
ANN = Account(id=4, name="Ann Lee", email="ann@example.edu", student_number="")
OTHER_ANN = Account(id=5, name="Ann Lee", email="lee@example.edu", student_number="")
CLASS = [ADA, LUDWIG, ZOE, ANN, OTHER_ANN]
SOURCE = "class Value:\n    pass\n"


def make_zip(*files: tuple[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files:
            archive.writestr(path, data)
    return content.getvalue()


def read(*paths: str) -> list[ClassFile]:
    return read_class_files(make_zip(*((path, SOURCE) for path in paths)), CLASS)


def read_one(path: str | zipfile.ZipInfo, data: str | bytes = SOURCE) -> ClassFile:
    (file,) = read_class_files(make_zip((path, data)), CLASS)
    return file


@pytest.mark.parametrize(
    ("path", "student", "filename"),
    [
        ("Ada Lovelace_123456_assignsubmission_file_/value.py", ADA, "value.py"),
        ("Ada Lovelace_123456_assignsubmission_file_value.py", ADA, "value.py"),
        ("Lovelace Ada_1_assignsubmission_file_/my_value.py", ADA, "my_value.py"),
        ("all/Ludwig van Beethoven_7_assignsubmission_file_/engine/v.ipynb", LUDWIG, "v.ipynb"),
        ("lovelaceada_2345_98765_value.py", ADA, "value.py"),
        ("lovelaceada_LATE_2345_98765_my_value-1.py", ADA, "my_value-1.py"),
        ("submissions/vanbeethovenludwig_2_3_value.py", LUDWIG, "value.py"),
        ("mullerzoe_2_3_value.py", ZOE, "value.py"),
        ("mllerzo_2_3_value.py", ZOE, "value.py"),
        ("Zoë Müller_5_assignsubmission_file_/value.py", ZOE, "value.py"),
        ("ADA@example.edu/value.py", ADA, "value.py"),
        ("l.v.b@example.edu_value.py", LUDWIG, "value.py"),
        ("4711_my_value.py", ADA, "my_value.py"),
    ],
)
def test_a_file_is_its_students_by_the_names_that_other_systems_give(
    path: str, student: Account, filename: str
) -> None:
    notebook = '{"cells": [{"cell_type": "code", "source": "x = 1"}]}'
    file = read_one(path, notebook if path.endswith(".ipynb") else SOURCE)
    assert (file.student, file.filename, file.problem) == (student, filename, "")


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("Charles Babbage_1_assignsubmission_file_/value.py", "called Charles Babbage"),
        ("Ann Lee_1_assignsubmission_file_/value.py", "ann@example.edu, lee@example.edu"),
        ("leeann_1_2_value.py", "Several students are called leeann"),
        ("Ada Lovelace_1_assignsubmission_onlinetext_/text.html", "typed in Moodle"),
        ("Ada Lovelace_1_assignsubmission_file_/report.pdf", "Not a Python file"),
        ("value.py", "No student of this course has this name"),
        ("../ada@example.edu/value.py", "leads out of the ZIP"),
        ("/ada@example.edu/value.py", "leads out of the ZIP"),
        ("C:\\ada@example.edu\\value.py", "leads out of the ZIP"),
    ],
)
def test_what_cannot_be_submitted_says_why(path: str, problem: str) -> None:
    assert problem in read_one(path).problem


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b"\xff\xfe", "UTF-8"),
        (b"x = 0\n" * (MAX_BYTES // 6 + 1), "the limit is"),
        (b"#" + bytes(1000), "NUL"),
    ],
)
def test_a_file_is_checked_as_if_its_student_submitted_it(data: bytes, problem: str) -> None:
    assert problem in read_one("4711_value.py", data).problem or (
        "compressed more" in read_one("4711_value.py", data).problem
    )


def test_of_several_files_of_one_student_none_is_chosen() -> None:
    files = read("4711_value.py", "ada@example.edu/other.py", "zoe@example.edu/value.py")
    assert [bool(each.problem) for each in files] == [True, True, False]
    assert "value.py, other.py" in files[0].problem


def test_what_operating_systems_add_is_left_out() -> None:
    files = read("4711_value.py", "__MACOSX/._4711_value.py", ".DS_Store", "a/.git/x", "Thumbs.db")
    assert [each.path for each in files] == ["4711_value.py"]


def test_a_link_is_not_followed() -> None:
    link = zipfile.ZipInfo("4711_value.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "A link" in read_one(link, "/etc/passwd").problem


def test_a_file_that_is_compressed_too_much_is_not_unpacked() -> None:
    assert "compressed more" in read_one("4711_value.py", bytes(900_000)).problem
    assert "more than" in read_one("4711_value.py", bytes(2_000_000)).problem


def test_a_size_in_the_header_that_is_a_lie_does_not_help() -> None:
    content = make_zip(("4711_value.py", b"x" * 2_000_000))
    lie = content.replace(struct.pack("<L", 2_000_000), struct.pack("<L", 100))
    (file,) = read_class_files(lie, CLASS)
    assert file.problem


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b"PK\x05\x06",
        lambda: SOURCE.encode(),
        lambda: make_zip(("4711_value.py", SOURCE))[:-9],
        lambda: make_zip(),
        lambda: bytes(MAX_ZIP + 1),
        lambda: make_zip(*((f"{number}", "") for number in range(MAX_ENTRIES + 1))),
        lambda: make_zip(
            *((f"{number}.py", bytes(60_000)) for number in range(MAX_UNPACKED // 60_000 + 1))
        ),
    ],
)
def test_a_zip_that_is_damaged_empty_or_too_large_is_rejected(make: Callable[[], bytes]) -> None:
    with pytest.raises(Invalid) as error:
        read_class_files(make(), CLASS)
    assert error.value.fields.keys() == {"archive"}


def test_a_password_and_a_rare_compression_are_problems_of_the_file() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("4711_value.py", SOURCE)
    (file,) = read_class_files(content.getvalue(), CLASS)
    assert "ordinary ZIP" in file.problem
    plain = bytearray(make_zip(("4711_value.py", SOURCE)))
    plain[plain.index(b"PK\x01\x02") + 8] |= 1
    plain[6] |= 1
    (file,) = read_class_files(bytes(plain), CLASS)
    assert file.problem == "It is encrypted."


@pytest.mark.parametrize("offset", [2**63 - 1, 2**63, 2**64 - 9])
def test_an_offset_that_no_file_has_is_damage(offset: int) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("4711_value.py", SOURCE)
        archive.infolist()[0].header_offset = offset
    (file,) = read_class_files(content.getvalue(), CLASS)
    assert file.problem == "It is damaged."


def test_a_number_that_is_somebodys_address_takes_no_file() -> None:
    mallory = Account(
        id=6, name="Mallory", email="mallory@example.edu", student_number="ada@example.edu"
    )
    content = make_zip(("ada@example.edu/value.py", SOURCE), ("ada@example.edu_v.py", SOURCE))
    for students in ([ADA, mallory], [mallory, ADA]):
        assert {each.student for each in read_class_files(content, students)} == {ADA}


def test_a_number_of_two_students_takes_no_file() -> None:
    twin = Account(id=6, name="Mallory", email="mallory@example.edu", student_number="4711")
    for students in ([ADA, twin], [twin, ADA]):
        (file,) = read_class_files(make_zip(("4711_value.py", SOURCE)), students)
        assert file.student is None
        assert file.problem == (
            "Several students have the number 4711: ada@example.edu, mallory@example.edu. "
            "Submit it by itself."
        )


@given(st.binary(max_size=400), st.integers(0, 300))
def test_no_bytes_break_the_reader(noise: bytes, at: int) -> None:
    whole = make_zip(("4711_value.py", SOURCE), ("leeann_1_2_value.py", SOURCE))
    for content in (noise, whole[:at] + noise + whole[at + len(noise) :]):
        try:
            files = read_class_files(content, CLASS)
        except Invalid:
            continue
        assert all(each.problem or each.student for each in files)
