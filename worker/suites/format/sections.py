"""The text of a suite's file, cut into sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.suites.cases import SuiteError

HEADING = re.compile(r"#\s*(\w+)\s*:\s*(.*?)\s*$")
SUITE_KEYS = ("suite", "title", "version", "about", "weight", "order", "draw", "twice")
CASE_KEYS = ("case", "title", "at", "check", "kind", "rule", "answer")
REPEATED = ("answer",)  # any other heading stands once


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The text after `# key:`, and its line in the file, counting from 1."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Headings and the program under them: the suite's own, or a case's. `line` is its first.

    `repeated` are those that may stand there several times.
    """

    file: str
    line: int
    headings: dict[str, Heading]
    repeated: list[Heading]
    program: str
    program_line: int

    def need(self, key: str) -> str:
        """The text of a heading that must be there."""
        if key not in self.headings or not self.headings[key].text:
            raise self.fault(f"'# {key}: ...' is missing")
        return self.headings[key].text

    def fault(self, reason: str, line: int | None = None) -> SuiteError:
        """An error of this section."""
        case = self.headings["case"].text if "case" in self.headings else None
        return SuiteError(self.file, reason, case=case, line=line or self.line)


def split(text: str, file: str) -> tuple[Section, list[Section]]:
    """The suite's own section, and one for each case."""
    lines = text.splitlines()
    starts = [index for index, line in enumerate(lines) if _is_case(line)]
    ends = [*starts, len(lines)]
    head = _read_section(lines[: ends[0]], file, 1, SUITE_KEYS)
    if head.program:
        raise head.fault("only headings stand above the first case", head.program_line)
    return head, [
        _read_section(lines[start:end], file, start + 1, CASE_KEYS)
        for start, end in zip(starts, ends[1:], strict=True)
    ]


def _is_case(line: str) -> bool:
    match = HEADING.match(line)
    return match is not None and match[1] == "case"


def _read_section(lines: Sequence[str], file: str, first: int, keys: Sequence[str]) -> Section:
    found = [HEADING.match(line) for line in lines]
    body = [index for index, line in enumerate(lines) if line.strip() and not found[index]]
    top = body[0] if body else len(lines)
    section = Section(
        file=file,
        line=first,
        headings={},
        repeated=[],
        program="\n".join(lines[top:]),
        program_line=first + top,
    )
    for index, match in enumerate(found):
        if match and (index < top or match[1] in keys):
            _note(section, Heading(text=match[2], line=first + index), match[1], keys)
    return section


def _note(section: Section, heading: Heading, key: str, keys: Sequence[str]) -> None:
    if heading.line >= section.program_line:
        raise section.fault(f"'# {key}:' belongs above the program", heading.line)
    if key not in keys:
        known = ", ".join(keys)
        raise section.fault(f"there is no heading '# {key}:'; there are {known}", heading.line)
    if key in REPEATED:
        section.repeated.append(heading)
        return
    if key in section.headings:
        raise section.fault(f"'# {key}:' is there twice", heading.line)
    section.headings[key] = heading
