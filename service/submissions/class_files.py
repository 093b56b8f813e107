"""The files of a class in a ZIP, as Moodle and Canvas name them: whose file is which.

Moodle has a folder for each student, or the same name before the file's own:
`Ada Lovelace_123456_assignsubmission_file_/value.py`. Canvas has no folders:
`lovelaceada_LATE_2345_98765_value.py`. A folder or a name that begins with a student's e-mail or
student number is recognised too: `ada@example.edu/value.py`, `4711_value.py`.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from service.errors import Invalid, ServiceError
from service.people.models import Account
from service.people.names import fold
from service.submissions.uploads import MAX_NOTEBOOK_BYTES, clean_filename, decode_source

MAX_ZIP = 4_000_000  # bytes
MAX_ENTRIES = 5_000
MAX_UNPACKED = 32_000_000  # bytes of all files together
MAX_RATIO = 200  # of a file's size to its size in the ZIP, once it is larger than this many bytes:
SMALL = 65_536

MOODLE = re.compile(r"(?P<name>.+)_\d+_assignsubmission_(?P<kind>[a-z]+)_(?P<rest>.*)", re.DOTALL)
CANVAS = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?\d+_\d+_(?P<rest>.+)", re.DOTALL)
SOURCES = (".py", ".ipynb")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFile:
    """A file of the ZIP, with its student. `problem` says why it can't be submitted."""

    path: str
    student: Account | None = None
    filename: str = ""
    source: str = ""
    sha256: str = ""
    problem: str = ""


def read_class_files(content: bytes, students: Sequence[Account]) -> list[ClassFile]:
    """The files of a ZIP in its order; raises Invalid if it can't be read or is too large."""
    found = []
    owners = _Owners(students)
    for path, data in _unpack(content):
        if isinstance(data, str):
            found.append(ClassFile(path=path, problem=data))
        else:
            found.append(_read(path, data, owners))
    if not found:
        raise _invalid("There is no file in this ZIP.")
    return _one_for_each(found)


def _read(path: str, data: bytes, owners: _Owners) -> ClassFile:
    student, filename, problem = owners.find(path)
    if student is None:
        return ClassFile(path=path, problem=problem)
    file = ClassFile(path=path, student=student, filename=clean_filename(filename))
    if not file.filename.lower().endswith(SOURCES):
        return replace(file, problem="Not a Python file or a notebook.")
    try:
        source = decode_source(data, file.filename)
    except ServiceError as error:
        return replace(file, problem=error.message)
    return replace(file, source=source, sha256=hashlib.sha256(data).hexdigest())


def _one_for_each(files: Sequence[ClassFile]) -> list[ClassFile]:
    """The files, with a problem where a student has several source files."""
    counts: defaultdict[object, list[str]] = defaultdict(list)
    for each in files:
        if each.student is not None and not each.problem:
            counts[each.student.id].append(each.filename)
    return [
        replace(each, problem=f"Several files of this student: {', '.join(names)}. Keep one.")
        if each.student is not None
        and not each.problem
        and len(names := counts[each.student.id]) > 1
        else each
        for each in files
    ]


class _Owners:
    """Finds the student of a path."""

    def __init__(self, students: Sequence[Account]) -> None:
        self._by_name: defaultdict[str, list[Account]] = defaultdict(list)
        self._by_email = {student.email.lower(): student for student in students}
        self._by_number: defaultdict[str, list[Account]] = defaultdict(list)
        for student in students:
            for key in _name_keys(student.name):
                self._by_name[key].append(student)
            if student.student_number:
                self._by_number[student.student_number.lower()].append(student)

    def find(self, path: str) -> tuple[Account | None, str, str]:
        """The student and the file's own name, or None with what is wrong."""
        *folders, last = path.split("/")
        for folder in reversed(folders):
            if found := MOODLE.fullmatch(folder):
                return self._named(found["name"], last, found["kind"])
        if found := MOODLE.fullmatch(last):
            return self._named(found["name"], found["rest"], found["kind"])
        ids = [
            (text.lower(), filename)
            for text, filename in [(folder, last) for folder in folders] + _splits(last)
        ]
        # Students choose their numbers themselves, so a number never comes before an e-mail.
        for text, filename in ids:
            if text in self._by_email:
                return self._by_email[text], filename, ""
        for text, filename in ids:
            if text in self._by_number:
                return _only(self._by_number[text], filename, f"have the number {text}")
        if found := CANVAS.fullmatch(last):
            return self._named(found["name"], found["rest"], "file")
        return None, "", "No student of this course has this name, e-mail or student number."

    def _named(self, name: str, filename: str, kind: str) -> tuple[Account | None, str, str]:
        students = self._by_name[_letters(fold(name))]
        if kind != "file":
            return None, "", "Text that was typed in Moodle, not a file."
        if not students:
            return None, "", f"No student of this course is called {name}."
        return _only(students, filename, f"are called {name}")


def _only(students: Sequence[Account], filename: str, what: str) -> tuple[Account | None, str, str]:
    """The student and the file, unless there are several."""
    if len(students) > 1:
        emails = ", ".join(sorted(student.email for student in students))
        return None, "", f"Several students {what}: {emails}. Submit it by itself."
    return students[0], filename, ""


def _splits(name: str) -> list[tuple[str, str]]:
    """What may be an e-mail or a number at the beginning, and the rest."""
    marks = [match.start() for match in re.finditer("_", name)]
    return [(name[:mark], name[mark + 1 :]) for mark in marks if name[mark + 1 :]]


def _name_keys(name: str) -> set[str]:
    """A name with its words in each order that begins with another one, without spaces.

    Canvas writes the last name first, and leaves out letters with accents.
    """
    keys = set()
    plain = "".join(char if char.isascii() else "" for char in name.casefold())
    for text in (fold(name), plain):
        words = [word for part in text.split() if (word := _letters(part))]
        keys |= {"".join(words[first:] + words[:first]) for first in range(len(words))}
    return keys - {""}


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _unpack(content: bytes) -> Iterator[tuple[str, bytes | str]]:
    """The files by path, each with its bytes or what is wrong with it."""
    if len(content) > MAX_ZIP:
        raise _invalid(f"The ZIP has {len(content):,} bytes; the limit is {MAX_ZIP:,}. Split it.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
        raise _invalid("This is not a ZIP file, or it is damaged. Download it again.") from None
    entries = [entry for entry in archive.infolist() if not _is_ignored(entry)]
    if len(entries) > MAX_ENTRIES:
        raise _invalid(f"The ZIP has more than {MAX_ENTRIES:,} files. Split it.")
    left = MAX_UNPACKED
    for entry in entries:
        data = _unpack_one(archive, entry)
        if not isinstance(data, str):
            left -= len(data)
            if left < 0:
                raise _invalid(f"The files have more than {MAX_UNPACKED:,} bytes in all. Split it.")
        yield _visible(entry.filename), data


def _unpack_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | str:
    parts = entry.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        return "Its path leads out of the ZIP."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "A link to another file, not a file."
    if entry.flag_bits & 1:
        return "It is encrypted."
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return "It is compressed in a way that isn't supported. Use an ordinary ZIP."
    too_large = f"It has more than {MAX_NOTEBOOK_BYTES:,} bytes."
    if entry.file_size > MAX_NOTEBOOK_BYTES:
        return too_large
    if entry.file_size > max(SMALL, MAX_RATIO * entry.compress_size):
        return "It is compressed more than source code can be."
    try:
        with archive.open(entry) as file:
            data = file.read(MAX_NOTEBOOK_BYTES + 1)  # the size in the header may be a lie
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        OverflowError,
        RuntimeError,
        ValueError,
    ):
        return "It is damaged."
    return too_large if len(data) > MAX_NOTEBOOK_BYTES else data


def _is_ignored(entry: zipfile.ZipInfo) -> bool:
    """Folders, and what operating systems add."""
    parts = entry.filename.split("/")
    hidden = any(part.startswith(".") and part != ".." for part in parts)
    return entry.is_dir() or hidden or "__MACOSX" in parts or parts[-1] == "Thumbs.db"


def _visible(path: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in path)


def _invalid(message: str) -> Invalid:
    return Invalid(message, fields={"archive": message})
