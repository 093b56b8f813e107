"""How hard a text is to read: the Flesch-Kincaid grade, with syllables counted by their vowels."""

from __future__ import annotations

import re

WORD = re.compile(r"[A-Za-z']+")
SENTENCE = re.compile(r"[.!?:]+(?:\s|$)")


def count_words(text: str) -> int:
    """How many words a text has."""
    return len(WORD.findall(text))


def grade_of(text: str) -> float:
    """The US school grade that a text is for."""
    words = WORD.findall(text)
    sentences = max(1, len(SENTENCE.findall(text)))
    syllables = sum(map(_syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    found = len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))
    return max(1, found)
