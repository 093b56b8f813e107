"""Cuts the text of a suite's file into sections of headings and a program."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.suites.cases import SuiteError

HEADING = re.compile(r"#\s*(\w+)\s*:\s*(.*?)\s*$")
SUITE_KEYS = ("suite", "title", "version", "about", "weight", "order", "random")
CASE_KEYS = ("case", "title", "at", "positive", "check", "kind", "rule", "equal", "forms", "answer")
REPEATED = ("answer",)  # a section may have several of these headings


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The text after `# key:`, and its line in the file, counting from 1."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The headings of a suite, or the headings and the program of a case.

    `line` and `program_line` are where the section and its program begin. `repeated` has the
    headings that a section may have several times.
    """

    file: str
    line: int
    headings: dict[str, Heading]
    repeated: list[Heading]
    program: str
    program_line: int

    def need(self, key: str) -> str:
        """Returns the text of a required heading. Raises SuiteError if it's missing or empty."""
        if key not in self.headings or not self.headings[key].text:
            raise self.fault(f"'# {key}: ...' is missing")
        return self.headings[key].text

    def fault(self, reason: str, line: int | None = None) -> SuiteError:
        """Returns an error in this section, at a line of the file or at the section's first."""
        case = self.headings["case"].text if "case" in self.headings else None
        return SuiteError(self.file, reason, case=case, line=line or self.line)


def split(text: str, file: str) -> tuple[Section, list[Section]]:
    """Returns the suite's own section and the sections of its cases."""
    head = read_head(text, file)
    lines = text.splitlines()
    starts = [index for index, line in enumerate(lines) if is_case(line)]
    return head, [
        read_section(lines[start:end], file, start + 1, CASE_KEYS)
        for start, end in itertools.pairwise([*starts, len(lines)])
    ]


def read_head(text: str, file: str) -> Section:
    """Returns the suite's own section: the headings above the first case."""
    lines = list(itertools.takewhile(lambda line: not is_case(line), text.splitlines()))
    head = read_section(lines, file, 1, SUITE_KEYS)
    if head.program:
        raise head.fault("only headings stand above the first case", head.program_line)
    return head


def is_case(line: str) -> bool:
    """Whether a line is the heading `# case: ...`, with which a case begins."""
    match = HEADING.match(line)
    return match is not None and match[1] == "case"


def read_section(lines: Sequence[str], file: str, first: int, keys: Sequence[str]) -> Section:
    """Reads the lines of one section, which may have the headings `keys`.

    A `# key: ...` inside the program is a comment, unless `key` is one of `keys`.
    """
    matches = [HEADING.match(line) for line in lines]
    body = [index for index, line in enumerate(lines) if line.strip() and not matches[index]]
    top = body[0] if body else len(lines)
    section = Section(
        file=file,
        line=first,
        headings={},
        repeated=[],
        program="\n".join(lines[top:]),
        program_line=first + top,
    )
    for index, match in enumerate(matches):
        if not match or (index >= top and match[1] not in keys):
            continue
        key, heading = match[1], Heading(text=match[2], line=first + index)
        if index >= top:
            raise section.fault(f"'# {key}:' belongs above the program", heading.line)
        if key not in keys:
            known = ", ".join(keys)
            raise section.fault(f"there is no heading '# {key}:'; there are {known}", heading.line)
        if key in section.headings:
            raise section.fault(f"'# {key}:' is there twice", heading.line)
        if key in REPEATED:
            section.repeated.append(heading)
        else:
            section.headings[key] = heading
    return section
