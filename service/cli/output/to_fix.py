"""What to fix, on a terminal: the first thing with a small graph, then the others, short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from service.cli.output import terminal
from service.cli.output.sketch import sketch
from service.feedback.summary import BrokenRule, SuiteCase
from service.feedback.to_fix import ToFix
from service.feedback.visible_text import visible
from service.feedback.wording import NOT_EVERYTHING, tests
from service.submissions.runnable import About, Loader
from service.web.view.counterexample import draw_counterexample
from worker.report.model import CaseReport, Counterexample, Diagnosis

MOST_SHORT = 6  # rules with their messages; others have a line each
NAMED = 8  # other cases of a graph or rule, by their addresses
RUN_IT = "Save it next to your file and run it. It fails now, and passes once this is fixed."


def list_to_fix(
    fix: ToFix, said: Sequence[str], loader: Loader, service: str = ""
) -> Iterator[RenderableType]:
    """Yields what to print. A message that was `said` isn't repeated.

    `service` is the address of the service, where it is known, whose lessons are named.
    """
    if fix.diagnoses or fix.wrong:
        yield Text("\nFix this first", style="bold underline")
        yield from _first(fix, loader, service)
    others = () if fix.explained else fix.rules
    if fix.more:
        yield Text(f"\nAnd {fix.more} more", style="bold underline")
        yield from (_diagnosis(found, service) for found in fix.diagnoses[1:])
        yield from (_short(rule, service) for rule in others[:MOST_SHORT])
        if others[MOST_SHORT:]:
            yield Text("\nThese are wrong too:", style="bold")
            yield from map(_line, others[MOST_SHORT:])
    if fix.explained and len(fix.rules) > 1:
        because = "these mistakes" if fix.more else "it"
        yield Text(f"\n{len(fix.rules)} rules fail because of {because}:", style="bold")
        yield from map(_line, fix.rules)
    if fix.missing:
        yield _missing(fix.missing, said)


def show_case(found: SuiteCase) -> list[RenderableType]:
    """A case with its program and its checks."""
    case = found.case
    parts: list[RenderableType] = [
        Text.assemble(terminal.verdict(case.verdict), f"  {found.address}"),
        Text(case.title, style="bold"),
        Text(visible(case.message)),
    ]
    if isinstance(case, CaseReport):
        parts.append(terminal.program(case.program))
        if case.checks:
            parts.append(terminal.indented(terminal.checks(case.checks), 2))
    return parts


def name_others(cases: Sequence[SuiteCase]) -> Text | None:
    """The addresses of other cases that fail in the same way; None if there are none."""
    if not cases:
        return None
    named = ", ".join(found.address for found in cases[:NAMED])
    more = f" and {len(cases) - NAMED} more" if len(cases) > NAMED else ""
    return Text(f"The same in {named}{more}.")


def _first(fix: ToFix, loader: Loader, service: str) -> Iterator[RenderableType]:
    """The first thing to fix, and what shows it: a small graph, or a test."""
    main = None if fix.diagnoses else fix.wrong[0]
    if main is None:
        yield _diagnosis(fix.diagnoses[0], service)
    else:
        yield Text(f"\n{main.heading}", style="bold red")
    if fix.counterexample is not None:
        yield from map(Text, map(visible, main.messages if main else ()))
        yield from _counterexample(fix.counterexample, loader)
        if fix.first is not None:
            yield Text(f"{fix.first.address} is a test that fails too.", style="dim")
    elif fix.first is not None:
        yield from show_case(fix.first)
        also = name_others(main.cases[1:]) if main else None
        yield from [also] if also else []
        yield from map(Text, map(visible, main.messages[1:] if main else ()))
    if main is not None:
        yield from _extent(main)
        yield from _lesson(main.rule, service)
    elif fix.explained and len(fix.rules) == 1:
        yield from _extent(fix.rules[0])


def _counterexample(found: Counterexample, loader: Loader) -> Iterator[RenderableType]:
    drawing = draw_counterexample(found)
    yield Text(visible(f"\nA small graph shows it. {drawing.focus}".rstrip()))
    yield terminal.indented(sketch(drawing), 2)
    yield Text("")
    yield terminal.program_to_copy(loader.make_runnable(found.program, About.SMALL_GRAPH))
    yield Text(RUN_IT, style="dim")


def _diagnosis(diagnosis: Diagnosis, service: str) -> RenderableType:
    parts = [
        Text(f"\n{diagnosis.title}", style="bold red"),
        Text(visible(diagnosis.explanation)),
        Text(diagnosis.hint, style="italic"),
    ]
    if not diagnosis.exact:
        parts.append(Text(NOT_EVERYTHING, style="dim"))
    return Group(*parts, *_lesson(diagnosis.rule, service))


def _lesson(rule: str, service: str) -> Iterator[Text]:
    """The lesson on a rule, with its address."""
    from service.web.view.lessons import lesson_on  # a passing file needs none, and they take long

    if (lesson := lesson_on(rule)) is not None:
        where = f"{service}/learn/{lesson.slug}" + ("" if service else " on the service")
        yield Text(f"Lesson: {lesson.title}, {where}", style="dim")


def _short(rule: BrokenRule, service: str) -> RenderableType:
    """A rule with its simplest test and its messages, without a program."""
    found = rule.cases[0]
    return Group(
        Text(f"\n{rule.heading}", style="bold red"),
        Text.assemble(terminal.verdict(found.case.verdict), f"  {found.address}"),
        Text(found.case.title, style="bold"),
        *(Text(visible(message)) for message in rule.messages),
        *_extent(rule),
        *_lesson(rule.rule, service),
    )


def _line(rule: BrokenRule) -> Text:
    return Text.assemble("  ", (rule.heading, "red"), f"  {rule.cases[0].address}")


def _extent(rule: BrokenRule) -> Iterator[Text]:
    """How much of the report a rule is, in a line."""
    if rule.points is not None:
        yield Text(rule.extent, style="dim")
    elif rule.blocked:
        yield _blocked(rule.blocked, rule.because)


def _missing(rules: Sequence[BrokenRule], said: Sequence[str]) -> RenderableType:
    """The rules that the engine lacks, each in a line."""
    table = terminal.plain_table("", "")
    for rule in rules:
        message = rule.cases[0].case.message
        text = rule.extent if message in said else message
        table.add_row(rule.because, Text(visible(text), style="dim"))
    heading = Text("\nNot supported", style="bold red")
    blocked = sum(rule.blocked for rule in rules if rule.points is None)
    rest = [_blocked(blocked, "these")] if blocked else []
    return Group(heading, terminal.indented(table, 2), *rest)


def _blocked(number: int, because: str) -> Text:
    return Text(f"{tests(number)} couldn't be tested because of {because}.")
