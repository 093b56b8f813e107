"""What a constructor's parameters may get next to the number, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from types import FunctionType
from typing import Any

from worker.driver.base.members import find_member, is_own_class, members_of, own_classes
from worker.driver.base.messages import class_name
from worker.driver.base.names import GRAD_NAMES
from worker.driver.base.signatures import Signature
from worker.driver.engine.companions import Companions
from worker.driver.ordering.sets import OrderedFrozenSet, OrderedSet

KEEPS_GRADIENTS = frozenset({"requires_grad", "require_grad", "needs_grad", "trainable"})
# Parts of the names of other flags. While such a flag is off, a leaf may get no gradient.
_KEEPS = "grad|train|param|learn|diff|track|variable"
_MAY_KEEP = re.compile(_KEEPS)
# Those of flags that are tried only if no gradient comes without them.
_MAY_BE_NEEDED = re.compile(
    f"{_KEEPS}|leaf|dag|graph|record|keep|retain|store|input|watch|active|enable|connect|root"
    "|source|opt|updat|weight|back|attach|tape"
)
# The beginnings of flags whose default may be None or 0.
_ASKS = re.compile(
    "(?:is|has|use)_|need|keep|requir|track|record|retain|train|param|leaf|dag|learn|watch"
)
# Those that turn gradients off. Some count only at the beginning: they may be part of any word.
_STOPS = "stop|detach|freez|froz|skip|ignor|clip|zero|block|drop|hid|disabl|without|prevent|_off"
_TURNS_OFF = re.compile(f"^no|^un|{_STOPS}")
_IS_OFF = re.compile(f"^no_|{_STOPS}|const|literal|fixed")
_CONSTANT = re.compile("const|literal|fixed")
_FLAGS = ("leaf", "dag", "track", "record", "watch", "param", "learnable", "differentiable")

GRADIENTS = frozenset({"grad", "gradient"})
_SLOPES = frozenset({*GRAD_NAMES, "slope", "adjoint", "sensitivity", "bar", "cotangent"})
_LABELS = ("label", "name", "tag", "symbol", "title", "identifier", "alias", "caption", "lbl")
_IDS = ("id", "uid", "idx", "index", "key", "uuid", "no", "nr", "serial", "nodeid", "nid", "vid")
_OPERATIONS = ("op", "operation", "operator", "oper")
_KINDS = ("kind", "type", "role", "mode", "category", "sort", "status")
_FUNCTIONS = (
    *("backward", "back", "fn", "func", "closure", "callback", "hook", "push", "pull", "vjp"),
    *("rule", "step", "local"),
)
_OF_OPERANDS = ("grad", "deriv", "slope", "partial", "local", "jacob", "weight")
_NOTHING = ("creator", "parent", "ctx", "context", "left", "right", "lhs", "rhs", "prev", "next")
_CHILDREN = ("child", "prev", "parent", "input", "operand", "args", "source", "depend")
_LEAF_WORDS = ("leaf", "input", "var", "param", "value", "data", "none", "const", "source", "num")
_MOST_LIKELY = 8  # of them; other texts are too common for a kind
_LITERAL = re.compile(r"'([^'\"\[]*)'|\"([^'\"\[]*)\"")


class Special(Enum):
    """Arguments that differ from leaf to leaf."""

    LABEL = "x1"  # a text that no other leaf has
    NUMBER = 1  # a whole number that no other leaf has
    COMPANION = "companion"  # an object that the leaf belongs to


_PLAIN = (type(None), bool, int, float, str, tuple)
MANY = (tuple, list, set, frozenset, dict)
FRESH = (
    list,
    OrderedSet,
    dict,
)  # each leaf gets its own, so the class itself stands for an empty one


def ignore(*_: Any, **__: Any) -> None:
    """A function that does nothing, for a leaf that asks for one."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a maker of leaves, in a file."""

    maker: Any
    signature: Signature
    companions: Companions

    def is_open(self, name: str) -> bool:
        """Whether a class may accept the first candidate of a parameter that is still wrong."""
        first = self.candidates(name)[0]
        return not (first is True or first == () or isinstance(first, (float, Special)))

    def candidates(self, name: str) -> tuple[Any, ...]:
        """What a required parameter may get."""
        plain = name.strip("_").lower()
        annotation = self.signature.annotations.get(name, "")
        if name in KEEPS_GRADIENTS:
            return (True,)
        if self.companions.has(name) or self.companions.has_class(annotation):
            kinds = self._kinds(name, plain) if self._is_kind(name, plain) else ()
            return (*_without_repeats(list(kinds)), Special.COMPANION)
        if plain in GRADIENTS:
            return (0.0, None)
        found = [*self._by_name(name, plain), *_by_annotation(annotation)]
        is_clear = bool(found) and (found[0] == () or isinstance(found[0], Special))
        texts = sorted(dict.fromkeys(self._texts()), key=_leafness)[:_MOST_LIKELY]
        found += [0.0] if is_clear else [0, 0.0, None, "", (), dict, ignore, *texts]
        return _without_repeats(found)

    def optional(self, name: str) -> tuple[Any, ...]:
        """What an optional parameter may get if a class doesn't work without it."""
        default = self.signature.defaults.get(name)
        plain = name.strip("_").lower()
        if default is None or type(default) in (str, int, bool):
            if _is_label(plain):
                return (Special.LABEL,)
            if _is_id(plain):
                return (Special.LABEL, Special.NUMBER)
        if self._is_kind(name, plain):
            return tuple(value for value in self._kinds(name, plain) if value is not default)
        return ()

    def named(self) -> list[str]:
        """Labels and ids that a constructor with `**named` may look for there."""
        known = self.signature.names
        texts = dict.fromkeys(text for text in self._texts() if text.isidentifier())
        return [text for text in texts if (_is_label(text) or _is_id(text)) and text not in known]

    def may_be_needed(self, name: str) -> bool:
        """Whether an optional parameter is one of those."""
        plain = name.strip("_").lower()
        return _is_label(plain) or _is_id(plain) or self.is_kind(name)

    def flag(self, name: str) -> bool | None:
        """What a flag gets if no gradient comes without it. None if the parameter is no flag."""
        default, lower = self.signature.defaults.get(name), name.lower().strip("_")
        if default is True:
            return False if _TURNS_OFF.search(lower) or _CONSTANT.search(lower) else None
        is_off = default is None or (type(default) is int and default == 0)
        if default is not False and not (is_off and _ASKS.match(lower)):
            return None
        is_needed = _MAY_BE_NEEDED.search(lower) and not _CONSTANT.search(lower)
        return True if is_needed and not _TURNS_OFF.search(lower) else None

    def guesses(self) -> Iterator[tuple[str, Any]]:
        """Optional arguments of any name that a class may assert: a text, or a kind."""
        for name, default in self.signature.defaults.items():
            plain = name.strip("_").lower()
            parts = (*_CHILDREN, *_FUNCTIONS, *_NOTHING, *_OPERATIONS, *_OF_OPERANDS)
            if any(part in plain for part in parts):
                continue
            if default is None or default == "":
                yield name, Special.LABEL
            elif type(default) is str:
                yield from ((name, text) for text in self._texts() if text != default)
            elif type(default) is int and default == 0:
                yield name, 1

    def switches(self) -> dict[str, Any]:
        """Optional arguments of any name that may be needed if no gradient comes without them.

        Flags that are off, flags that `**named` may have, and texts that the code compares.
        """
        defaults, texts = self.signature.defaults, self._texts()
        found: dict[str, Any] = {
            name: True for name, default in defaults.items() if default is False
        }
        if self.signature.takes_named:
            known = self.signature.names
            found |= {text: True for text in texts if text.isidentifier() and text not in known}
        for name, default in defaults.items():
            others = (text for text in texts if text != default)
            if type(default) is str and (other := next(others, None)) is not None:
                found[name] = other
        return found

    def is_kind(self, name: str) -> bool:
        """Whether the parameter says of which kind a node is, and not its operation."""
        plain = name.strip("_").lower()
        return self._is_kind(name, plain) and plain.split("_")[-1] not in _OPERATIONS

    def _by_name(self, name: str, plain: str) -> Iterator[Any]:
        if plain.endswith("s") and any(part in plain for part in _OF_OPERANDS):
            yield from ((), list, dict, None, 0)
        elif plain.rstrip("0123456789") in _SLOPES:
            yield from (0, 0.0, None)
        elif _is_id(plain):
            yield from (Special.LABEL, Special.NUMBER)
        elif _is_label(plain):
            yield from (Special.LABEL, "", None)
        elif self._is_kind(name, plain):
            yield from self._kinds(name, plain)
        elif _IS_OFF.search(plain):
            yield from (False, True)
        elif plain.startswith(("is_", "has_")) or plain in _FLAGS:
            yield from (True, False)
        elif any(part in plain for part in _CHILDREN):
            yield from ((), list, OrderedSet, OrderedFrozenSet(), None)
        elif any(part in plain for part in _FUNCTIONS):
            yield from (None, ignore)
        elif plain.startswith(_NOTHING):
            yield from (None, ())
        elif plain == "dtype":
            yield from (float, None)
        elif plain in ("shape", "dims", "ndim", "size", "rank"):
            yield from ((), 0, 1)

    def _is_kind(self, name: str, plain: str) -> bool:
        parts = plain.split("_")
        is_named = parts[-1] in _OPERATIONS or parts[-1].endswith(_KINDS)
        return (is_named and plain != "dtype") or bool(self._enums_for(name))

    def _kinds(self, name: str, plain: str) -> Iterator[Any]:
        """Kinds of leaves: members of an enum, or texts that the constructor compares."""
        enums = self._enums_for(name) or _enums(self.companions.namespace.values())
        members = [member for kind in enums for member in kind.__members__.values()]
        members.sort(key=lambda member: _leafness(member.name))
        likely = [member for member in members if _leafness(member.name) < len(_LEAF_WORDS)]
        yield from likely
        if plain.split("_")[-1] in _OPERATIONS:
            yield from ("", None)
        annotation = self.signature.annotations.get(name, "")
        texts = [text for pair in _LITERAL.findall(annotation) for text in pair]
        texts += self._texts()
        yield from sorted({text for text in texts if _leafness(text) < _MOST_LIKELY}, key=_leafness)
        yield from ("leaf", "input", "", None)
        yield from self._constants()
        yield from (member for member in members if member not in likely)

    def _constants(self) -> Iterator[Any]:
        """The values of names for leaves in the file and in its classes of constants: LEAF = 0."""
        namespace = self.companions.namespace
        classes = [kind for kind in own_classes(namespace) if kind is not self.maker]
        for holder in (namespace, *(members_of(kind) for kind in classes)):
            named = [(_leafness(n), v) for n, v in list(holder.items()) if n.isupper()]
            likely = [(rank, v) for rank, v in named if rank < _MOST_LIKELY]
            plain = [pair for pair in likely if type(pair[1]) in (str, int)]
            yield from (value for _, value in sorted(plain, key=lambda pair: pair[0]))

    def _enums_for(self, name: str) -> list[Any]:
        """The file's enums that a parameter's annotation or default belongs to."""
        default = self.signature.defaults.get(name)
        if name not in self.signature.annotations and type(default) in _PLAIN:
            return []
        return _enums([*self._annotated(name), type(default)])

    def _annotated(self, name: str) -> list[Any]:
        """The objects of the file that a parameter's annotation names."""
        words_of = re.findall(r"\w+", self.signature.annotations.get(name, ""))
        namespace = self.companions.namespace
        return [namespace[word] for word in words_of if word in namespace]

    def _texts(self) -> list[str]:
        """The texts in the constructor's code, and in collections such as KINDS."""
        functions: tuple[Any, ...] = (self.maker,)
        if isinstance(self.maker, type):
            names = ("__init__", "__new__", "__post_init__")
            functions = tuple(find_member(self.maker, name) for name in names)
        codes = (f.__code__ for f in functions if type(f) is FunctionType)
        found = [text for code in codes for text in _texts_in(code.co_consts)]
        holders: list[Any] = [self.companions.namespace]
        holders += [members_of(self.maker)] if isinstance(self.maker, type) else []
        listed = [v for h in holders for n, v in list(h.items()) if n.isupper() and type(v) in MANY]
        return found + [text for values in listed for text in _texts_in(tuple(values))]


def turns_gradients_on(name: str, default: Any) -> bool:
    """Whether an optional parameter turns gradients on and is off by default."""
    if name in KEEPS_GRADIENTS:
        return not default
    if default is not False:
        return False
    lower = name.lower().strip("_")
    return _MAY_KEEP.search(lower) is not None and _TURNS_OFF.search(lower) is None


def show(name: str, value: Any) -> str:
    """An argument as a call has it: label='x1'."""
    if isinstance(value, Special):
        return f"{name}={value.value!r}"
    if any(value is kind for kind in FRESH):
        return f"{name}={value()!r}"
    if value is ignore:
        return f"{name}=a function that does nothing"
    if isinstance(value, Enum):
        return f"{name}={class_name(type(value))}.{value.name}"
    return f"{name}={value.__name__ if value is float else repr(value)}"


def _by_annotation(annotation: str) -> Iterator[Any]:
    types: dict[str, tuple[Any, ...]] = {
        "float": (0.0,), "int": (0,), "bool": (False,), "str": (Special.LABEL, ""),
        "list": (list,), "set": (set,), "dict": (dict,), "tuple": ((),),
        "Callable": (None, ignore), "Sequence": ((),), "Iterable": ((),), "None": (None,),
        "Optional": (None,),
    }  # fmt: skip
    for word in re.findall(r"\w+", annotation):
        yield from types.get(word, types.get(word.lower(), ()))


def _is_label(plain: str) -> bool:
    return plain.endswith(_LABELS) or any(part in _LABELS for part in plain.split("_"))


def _is_id(plain: str) -> bool:
    return any(part in _IDS for part in plain.split("_"))


def _leafness(text: str) -> int:
    """The position of a word for leaves in the text; the smaller, the likelier."""
    lower = text.lower()
    order = range(len(_LEAF_WORDS))
    return next((n for n in order if _LEAF_WORDS[n] in lower), len(_LEAF_WORDS))


def _enums(values: Any) -> list[Any]:
    return [value for value in list(values) if is_own_class(value) and issubclass(value, Enum)]


def _texts_in(constants: tuple[Any, ...]) -> Iterator[str]:
    for constant in constants:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, (tuple, frozenset)):
            yield from _texts_in(tuple(constant))


def _without_repeats(values: list[Any]) -> tuple[Any, ...]:
    kept: list[Any] = []
    for value in values:
        if not any(type(value) is type(other) and value == other for other in kept):
            kept.append(value)
    return tuple(kept)
