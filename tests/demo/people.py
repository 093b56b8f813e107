"""The people of the class. Their names are made up of first and last names of many languages."""

from __future__ import annotations

import itertools
import random
import unicodedata

STUDENTS = 120
FIRST = (
    "Ada", "Aiko", "Amara", "Anders", "Aylin", "Bruno", "Chiara", "Chidi", "Dmitri", "Elif",
    "Emil", "Fatima", "Freya", "Giulia", "Hana", "Ines", "Jakub", "Jonas", "Kenji", "Lars",
    "Leila", "Linh", "Lucía", "Maëlle", "Mateo", "Mei", "Mirjam", "Nadia", "Noah", "Olu",
    "Paweł", "Priya", "Rania", "Sofía", "Søren", "Tariq", "Tomás", "Wei", "Yusuf", "Zoë",
)  # fmt: skip
LAST = (
    "Abdi", "Almeida", "Andersen", "Bauer", "Chen", "Costa", "Demir", "Dubois", "Eriksson",
    "Fischer", "García", "Haddad", "Ivanova", "Jansen", "Kaya", "Kowalska", "Lindqvist", "Moreau",
    "Nakamura", "Nguyen", "Novák", "O'Brien", "Okafor", "Patel", "Petrov", "Rossi", "Sato",
    "Schmidt", "Silva", "van der Berg",
)  # fmt: skip


def draw_names(rng: random.Random, number: int) -> list[str]:
    """So many names, each once."""
    pairs = rng.sample(list(itertools.product(FIRST, LAST)), number)
    return [f"{first} {last}" for first, last in pairs]


def address_of(name: str) -> str:
    """A person's e-mail address.

    >>> address_of("Lucía O'Brien")
    'lucia.obrien@example.edu'
    """
    letters = unicodedata.normalize("NFKD", name.lower().replace("ø", "o").replace("ł", "l"))
    first, *last = letters.encode("ascii", "ignore").decode().replace("'", "").split()
    return f"{first}.{''.join(last)}@example.edu"
