"""What is wrong with a document's prose."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from tools.prose.markdown import read_markdown
from tools.prose.passages import Kind, Passage, count_words
from tools.prose.python import read_python
from tools.prose.suites import read_suite
from tools.prose.templates import read_template

LONGEST_SENTENCE = 30  # words
MEDIAN_SENTENCE = 15  # words, of a document that has FEWEST_SENTENCES
FEWEST_SENTENCES = 5

READERS = {
    ".md": read_markdown,
    ".html": read_template,
    ".py": read_python,
    ".suite": read_suite,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A pattern that a person shouldn't have to read, and what to write instead.

    `bad` and `good` are examples for the tests: the rule finds the first and not the second.
    """

    pattern: re.Pattern[str]
    better: str
    students: bool
    bad: tuple[str, ...]
    good: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """All words, and the files that students read, as globs from the project's root."""

    words: tuple[Word, ...]
    student_files: tuple[str, ...]

    def is_for_students(self, path: Path) -> bool:
        """Whether students read text of this file."""
        return any(path.match(glob) for glob in self.student_files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A sentence to rewrite, and why."""

    path: Path
    line: int
    reason: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}: {self.text}"


@cache
def word_list() -> WordList:
    """The words of `words.toml`."""
    data = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return WordList(
        student_files=tuple(data["student_files"]),
        words=tuple(
            Word(
                # A space in a pattern is any white space, since lines are wrapped.
                pattern=re.compile(entry["pattern"].replace(" ", r"\s+"), re.IGNORECASE),
                better=entry["better"],
                students=entry.get("students", False),
                bad=tuple(entry["bad"]),
                good=tuple(entry["good"]),
            )
            for entry in data["word"]
        ),
    )


def check_source(path: Path, source: str) -> Iterator[Finding]:
    """Findings in a file of a kind in `READERS`; `path` is relative to the project's root."""
    passages = list(READERS[path.suffix](source))
    yield from _check_words(path, passages)
    yield from _check_sentences(path, passages)
    if path.suffix == ".md":
        yield from _check_median(path, passages)


def _check_words(path: Path, passages: Iterable[Passage]) -> Iterator[Finding]:
    for passage in passages:
        # Developers read docstrings and comments: "case" and "judge" are names there.
        students = passage.kind is not Kind.REMARK and word_list().is_for_students(path)
        for word in word_list().words:
            if word.students and not students:
                continue
            for match in word.pattern.finditer(passage.text):
                yield Finding(
                    path=path,
                    line=passage.line_at(match.start()),
                    reason=f'"{" ".join(match.group().split())}", better: {word.better}',
                    text=passage.sentence_at(match.end() - 1),
                )


def _check_sentences(path: Path, passages: Iterable[Passage]) -> Iterator[Finding]:
    for passage in passages:
        if passage.kind is Kind.REMARK:
            continue
        for line, sentence in passage.sentences():
            if (words := count_words(sentence)) > LONGEST_SENTENCE:
                reason = f"a sentence of {words} words, at most {LONGEST_SENTENCE}"
                yield Finding(path=path, line=line, reason=reason, text=sentence)


def _check_median(path: Path, passages: Iterable[Passage]) -> Iterator[Finding]:
    lengths = [
        count_words(sentence)
        for passage in passages
        if passage.kind is Kind.PROSE
        for _, sentence in passage.sentences()
    ]
    if len(lengths) >= FEWEST_SENTENCES and median(lengths) > MEDIAN_SENTENCE:
        reason = f"half of the sentences have {median(lengths):g} words or more"
        yield Finding(path=path, line=1, reason=reason, text=f"at most {MEDIAN_SENTENCE}")
