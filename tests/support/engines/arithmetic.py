"""What every test engine shares: the reflected forms, by way of the plain ones."""

from __future__ import annotations

from typing import Any, Self


class Arithmetic:
    """Reflected forms on top of `+`, `*`, `-`, `/`, `**` of an engine; numbers become leaves."""

    data: float
    grad: float

    def __init__(self, data: float) -> None:
        self.data = data
        self.grad = 0

    def lift(self, other: Any) -> Self:
        if isinstance(other, type(self)):
            return other
        return type(self)(other)

    def __radd__(self, other: Any) -> Any:
        return self.lift(other) + self  # type: ignore[operator]

    def __rmul__(self, other: Any) -> Any:
        return self.lift(other) * self  # type: ignore[operator]

    def __rsub__(self, other: Any) -> Any:
        return self.lift(other) - self  # type: ignore[operator]

    def __rtruediv__(self, other: Any) -> Any:
        return self.lift(other) / self  # type: ignore[operator]

    def __rpow__(self, other: Any) -> Any:
        return self.lift(other) ** self  # type: ignore[operator]
