"""The names that an assignment requires of an engine's four parts."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_NAME = 100  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Required names of the class, its number, its gradient and its backward method.

    None leaves a part free: the grader finds it by what it does. False if all parts are free.

    >>> Names.from_text("class=Scalar,grad=gradient").to_text()
    'class=Scalar,grad=gradient'
    """

    class_name: str | None = None
    data: str | None = None
    grad: str | None = None
    backward: str | None = None

    def __bool__(self) -> bool:
        return any(self.to_json().values())

    def to_json(self) -> dict[str, str | None]:
        """The names by part: `class`, `data`, `grad`, `backward`."""
        return {
            "class": self.class_name,
            "data": self.data,
            "grad": self.grad,
            "backward": self.backward,
        }

    @classmethod
    def from_json(cls, parts: Mapping[str, str | None]) -> Names:
        """The opposite of `to_json`; a part that is missing is free."""
        return cls(
            class_name=parts.get("class"),
            data=parts.get("data"),
            grad=parts.get("grad"),
            backward=parts.get("backward"),
        )

    def to_text(self) -> str:
        """The names as `chainrule check --names` reads them; free parts are left out."""
        return ",".join(f"{part}={name}" for part, name in self.to_json().items() if name)

    @classmethod
    def from_text(cls, text: str) -> Names:
        """The opposite of `to_text`; raises ValueError with a message for the user."""
        names: dict[str, str | None] = {}
        for item in text.split(","):
            part, _, name = (piece.strip() for piece in item.partition("="))
            if part not in Names().to_json():
                raise ValueError(f"{item!r}: give class=, data=, grad= or backward=.")
            if part in names:
                raise ValueError(f"{item!r}: {part} is given twice.")
            if not is_name(name):
                raise ValueError(f"{item!r}: {name!r} is not a valid Python name.")
            names[part] = name
        return cls.from_json(names)


def is_name(text: str) -> bool:
    """Whether a student may use the text as a name in Python: no keyword, not too long."""
    return text.isidentifier() and not keyword.iskeyword(text) and len(text) <= LONGEST_NAME
