"""The catalogue: its texts, and that each mistake is found in its own numbers."""

from __future__ import annotations

import re

import pytest

from tests.support.separate_processes import map_apart
from tests.worker.grading.diagnosis.readability import count_words, grade_of
from tests.worker.grading.diagnosis.simulated import all_changes, answers_of, is_right, name_of
from worker.grading.diagnosis.catalogue import BY_KEY, MISCONCEPTIONS, changes_in
from worker.grading.diagnosis.catalogue.entries import GROUPS, OPERATION, Misconception
from worker.grading.diagnosis.catalogue.identity import STATE
from worker.grading.diagnosis.changes import Change
from worker.grading.diagnosis.questions import probes
from worker.grading.diagnosis.search import Search
from worker.grading.diagnosis.simulate import usual_models
from worker.suites.rules import GRAPHS, RULES_IN_ORDER

MOST_WORDS = 160
HIGHEST_GRADE = 9.0
CODE = re.compile(r"(?<![=!<>])=(?!=)|\+=|\breturn\b|\bself\.")  # a line to write
ENTRIES = (*MISCONCEPTIONS, STATE)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_the_texts_are_short_and_plain(entry: Misconception) -> None:
    texts = f"{entry.title}. {entry.explanation} {entry.hint}"
    plain = re.sub(r"\{\w+\}", "x", texts)
    assert count_words(plain) <= MOST_WORDS
    assert grade_of(plain) <= HIGHEST_GRADE


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_the_hint_is_one_question_and_no_code(entry: Misconception) -> None:
    assert entry.hint.count("?") == 1
    assert entry.hint.endswith("?")
    assert not CODE.search(re.sub(r"[xn] = -?\d", "", entry.hint))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_several_operations_fit_into_a_text_about_one(entry: Misconception) -> None:
    one_only = {"power-of-number"}  # "n ** x", and no other
    subject = re.search(r"(^|[.,] )(Your )?\{form\} [a-z]", f"{entry.title}. {entry.explanation}")
    assert subject is None or entry.key in one_only


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_the_rule_of_a_mistake_is_one_that_tests_have(entry: Misconception) -> None:
    assert entry.rule in {*RULES_IN_ORDER, GRAPHS, OPERATION}


def test_keys_are_unique() -> None:
    assert len(BY_KEY) == len(MISCONCEPTIONS)


def test_a_mistake_may_be_the_same_in_a_group_of_forms() -> None:
    groups = [one.forms for one in changes_in("exp") if one.mistake == "no-upstream"]
    assert GROUPS["functions"] in groups
    assert GROUPS["everything"] in groups


CHANGES = list(all_changes())


def test_every_mistake_is_found_in_its_own_numbers() -> None:
    found = map_apart(complain, [CHANGES[part::4] for part in range(4)])
    assert [complaint for complaints in found for complaint in complaints] == []


def complain(changes: list[Change]) -> list[str]:
    """What is wrong with the search for each of these changes."""
    complaints = []
    for change in changes:
        model = change.apply(usual_models()[0])
        assert model is not None
        observed = answers_of(model)
        if is_right(observed):
            continue
        found = Search(list(probes()), observed).run()
        most = 1 + BY_KEY[change.mistake].cost
        if not found or not found[0].mistakes or found[0].weight > most:
            complaints.append(f"{name_of(change)} isn't found as itself: {found[:1]}")
    return complaints


def test_a_change_that_changes_nothing_or_undoes_another_is_none() -> None:
    change = Change(mistake="assigns", dials=(("accumulation", "assign"),))
    changed = change.apply(usual_models()[0])
    assert changed is not None
    assert change.apply(changed) is None
    rule = Change(mistake="no-upstream", rules=(("exp", "upstream0", "1"),))
    changed = rule.apply(usual_models()[0])
    assert changed is not None
    assert rule.apply(changed) is None
    assert Change(mistake="", recipes=()).apply(changed) is None
