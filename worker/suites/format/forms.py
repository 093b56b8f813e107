"""The forms of every operation, and templates: one program for many forms.

# case: again                              # case: again-tanh
# title: FORM(x), then x again             # title: tanh(x), then x again
# forms: negation, functions               x = Value(-0.7)
# at: x=-0.7                               y = x.tanh()
# positive: x=0.7                          L = y * x
x = Value(x)                               L.backward()
y = FORM(x)
L = y * x                                  ... and so on for each form
L.backward()
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.suites.format.sections import Heading, Section
from worker.suites.rules import (
    FUNCTIONS_IN_ORDER,
    IN_PLACE_FORMS,
    NUMBER_ON_THE_LEFT,
    NUMBER_ON_THE_RIGHT,
    VALUES,
)

LINE = re.compile(r"^(\w+) = FORM\((\w+)(?:, (\w+))?\)$", re.MULTILINE)
MENTION = re.compile(r"FORM\((\w+)(?:, (\w+))?\)")
POSITIVE = frozenset({"log", "sqrt"})  # not defined for other numbers
WORDS: Mapping[str, str] = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "**": "power",
}
NOUNS: Mapping[str, str] = {"+": "sum", "-": "difference", "*": "product", "/": "quotient"}
PLAIN: Mapping[str, int] = {"+": 2, "-": 3, "*": 3, "/": 4, "**": 3}  # of x + 2, 3 * x and so on
GIVEN = re.compile(r"\bn\s*=")  # a point that gives the plain number


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to write an operation.

    `code` is an expression of the operands {0} and {1}, or what follows the name in a statement in
    place. `text` is what titles show. `number` is the plain number for {n} in them.
    """

    name: str
    rule: str
    operands: int
    code: str
    text: str
    number: int = 0
    in_place: bool = False

    def write_line(self, target: str, operands: Sequence[str], number: str) -> str:
        """Returns the statements that set `target` to the operation's result, in one line.

        `number` is the plain number, or a name for it.
        """
        code = self.code.format(*operands, n=number)
        return (
            f"{target} = {operands[0]}; {target} {code}" if self.in_place else f"{target} = {code}"
        )


def make_forms() -> Iterator[Form]:
    """Yields every form but `x ** y`, where engines differ."""
    for sign, noun in NOUNS.items():
        both = f"{{0}} {sign} {{1}}"
        yield Form(name=noun, rule=VALUES[sign], operands=2, code=both, text=both)
    yield Form(name="opposite", rule=VALUES["neg"], operands=1, code="-{0}", text="-{0}")
    for sign, word in WORDS.items():
        sides = {
            "power" if sign == "**" else f"{word}-number": (NUMBER_ON_THE_RIGHT, "{0}", "{n}"),
            f"number-{word}": (NUMBER_ON_THE_LEFT, "{n}", "{0}"),
        }
        for name, (rules, left, right) in sides.items():
            code, number = f"{left} {sign} {right}", PLAIN[sign]
            rule = rules[sign]
            yield Form(name=name, rule=rule, operands=1, code=code, text=code, number=number)
    for sign, word in WORDS.items():
        names = {f"{word}-in-place": ("{1}", 2), f"{word}-number-in-place": ("{n}", 1)}
        for name, (operand, count) in names.items():
            if (sign, count) != ("**", 2):
                yield Form(
                    name=name,
                    rule=IN_PLACE_FORMS[f"{sign}="],
                    operands=count,
                    code=f"{sign}= {operand}",
                    text=f"y = {{0}}, y {sign}= {operand}",
                    number=PLAIN[sign],
                    in_place=True,
                )
    for function in FUNCTIONS_IN_ORDER:
        text = f"{function}({{0}})"
        code = text if function == "abs" else f"{{0}}.{function}()"
        yield Form(name=function, rule=function, operands=1, code=code, text=text)


FORMS = tuple(make_forms())
GROUPS: Mapping[str, frozenset[str]] = {
    "operators": frozenset(VALUES[sign] for sign in ("+", "-", "*", "/", "neg"))
    | {NUMBER_ON_THE_RIGHT["**"]},
    "numbers": frozenset({*NUMBER_ON_THE_RIGHT.values(), *NUMBER_ON_THE_LEFT.values()})
    - {NUMBER_ON_THE_RIGHT["**"]},
    "in place": frozenset(IN_PLACE_FORMS.values()),
    "functions": frozenset(FUNCTIONS_IN_ORDER),
}


def expand(section: Section) -> list[Section]:
    """Returns a section for each form that a template is for; any other section as it is.

    Raises SuiteError if the heading `forms` doesn't fit the program.
    """
    heading = section.headings.get("forms")
    if heading is None:
        if "positive" in section.headings:
            raise section.fault("'# positive:' belongs to a case with '# forms:'")
        return [section]
    lines = LINE.findall(section.program)
    if len({bool(second) for _, _, second in lines}) != 1:
        reason = "a case with '# forms:' has lines like 'y = FORM(x)', or like 'y = FORM(a, b)'"
        raise section.fault(reason, heading.line)
    rules = set[str]()
    for name in (part.strip() for part in heading.text.split(",")):
        if name not in GROUPS and all(name != form.rule for form in FORMS):
            known = ", ".join(GROUPS)
            raise section.fault(f"forms are names of rules, or {known}", heading.line)
        rules |= GROUPS.get(name, {name})
    operands = 2 if lines[0][2] else 1
    found = [form for form in FORMS if form.rule in rules and form.operands == operands]
    if not found:
        raise section.fault("none of these forms has as many operands as FORM", heading.line)
    return [fill(section, form) for form in found]


def fill(section: Section, form: Form) -> Section:
    """Returns a template's section for one form."""
    headings = dict(section.headings)
    given = "at" in headings and GIVEN.search(headings["at"].text)
    number = "n" if given else str(form.number)

    def write_line(match: re.Match[str]) -> str:
        return form.write_line(match[1], match.groups()[1:], number)

    def mention(match: re.Match[str]) -> str:
        return form.text.format(*match.groups(), n=number)

    for key in ("case", "title"):
        section.need(key)
    title = headings["title"]
    headings["title"] = Heading(text=MENTION.sub(mention, title.text), line=title.line)
    case = headings["case"]
    headings["case"] = Heading(text=f"{case.text}-{form.name}", line=case.line)
    if "rule" in headings and headings["rule"].text == "FORM":
        headings["rule"] = Heading(text=form.rule, line=headings["rule"].line)
    positive = headings.pop("positive", None)
    if positive and form.name in POSITIVE:
        headings["at"] = positive
    del headings["forms"]
    return dataclasses.replace(
        section, headings=headings, program=LINE.sub(write_line, section.program)
    )
