"""The check of the project's prose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.prose.__main__ import check_files, main
from tools.prose.passages import Kind, Passage, count_words
from tools.prose.rules import Word, check_source, word_list

LONG = "This sentence " + "goes on and on " * 8 + "without an end."
WORDS = word_list().words


def reasons(name: str, source: str) -> list[str]:
    """The reasons of all findings in a source."""
    return [finding.reason for finding in check_source(Path(name), source)]


def lines(name: str, source: str) -> list[int]:
    """The lines of all findings in a source."""
    return sorted(finding.line for finding in check_source(Path(name), source))


@pytest.mark.parametrize("word", WORDS, ids=[word.pattern.pattern[:30] for word in WORDS])
def test_each_word_is_found_in_its_bad_examples_and_in_none_of_its_good_ones(word: Word) -> None:
    assert word.bad
    assert word.good
    assert [text for text in word.bad if not word.pattern.search(text)] == []
    assert [text for text in word.good if word.pattern.search(text)] == []


def test_a_sentence_of_thirty_words_passes_and_one_of_thirty_one_does_not() -> None:
    assert reasons("a.md", "word " * 29 + "end.") == []
    assert reasons("a.md", "word " * 30 + "end.") == ["a sentence of 31 words, at most 30"]


def test_a_document_of_long_sentences_fails_by_its_median() -> None:
    sentence = "Sixteen " + "words " * 14 + "end. "
    assert reasons("a.md", sentence * 5) == ["half of the sentences have 16 words or more"]
    assert reasons("a.md", sentence * 2 + "Short. " * 3) == []


def test_marks_are_no_words_and_inline_code_is_one() -> None:
    assert count_words("x.grad is 1 - expected 2.") == 5
    assert reasons("a.md", "`" + "word " * 40 + "`") == []


def test_abbreviations_and_numbers_end_no_sentence() -> None:
    passage = Passage(line=3, text="Use e.g. Python 3.11 here.\nThen stop.", kind=Kind.PROSE)
    assert passage.sentences() == [(3, "Use e.g. Python 3.11 here."), (4, "Then stop.")]


def test_code_blocks_are_skipped() -> None:
    assert reasons("a.md", f"```\n{LONG} mend\n```\n\n    {LONG} mend\n") == []


def test_cells_and_headings_are_read_but_leave_the_median_alone() -> None:
    table = "| a | b |\n|---|---|\n" + f"| {'word ' * 20} | Fix it |\n" * 8
    assert reasons("a.md", f"# {'word ' * 20}\n\n{table}") == []
    assert lines("a.md", "| a | b |\n|---|---|\n| mend | x |\n") == [3]
    assert lines("a.md", "# Mend it\n") == [1]


def test_of_a_link_the_text_is_read_and_of_an_image_its_description() -> None:
    assert reasons("a.md", "See [here](https://example.org/mend/judged).") == []
    assert lines("a.md", "Fine.\n\n![Mend it](x.png) and [mend](x)") == [3, 3]


def test_a_finding_in_a_wrapped_paragraph_names_its_line() -> None:
    assert lines("a.md", "One line.\nThe engine is\ntold about it, then mended.") == [2, 3]


def test_templates_are_read_as_a_browser_shows_them() -> None:
    source = """{# mend: a comment #}
<p class="mend">Fix it {% if mend %}now{% else %}later{% endif %}.</p>
<p>Mend <b>it</b></p>
<a title="Mend it" href="/mend">{{ "Mend all of it" if mend }}</a>
<pre>mend</pre><code>mend</code>
"""
    assert lines("service/web/templates/a.html", source) == [3, 4, 4]


def test_only_one_branch_of_a_template_counts_for_the_length_of_a_sentence() -> None:
    branch = "word " * 20
    name = "service/web/templates/a.html"
    assert reasons(name, f"<p>{{% if x %}}{branch}{{% else %}}{branch}{{% endif %}}</p>") == []
    assert len(reasons(name, f"<p>{branch} {branch}</p>")) == 1


def test_messages_are_strings_that_read_as_a_sentence() -> None:
    assert lines("a.py", f'x = 1\nraise ValueError("{LONG}")\n') == [2]
    assert lines("a.py", f'x = f"{{y}} {LONG}"\n') == [1]
    assert reasons("a.py", 'x = "mend"\ny = {"mend": 1}\n') == []


def test_docstrings_and_comments_are_read_for_words_alone() -> None:
    assert reasons("a.py", f'"""{LONG}"""\n# {LONG}\n') == []
    assert lines("a.py", '"""Fine.\n\nMend it: `mend`.\n\n    mend()\n"""\n# Mend\n') == [3, 7]


def test_the_help_of_a_command_is_measured() -> None:
    assert lines("a.py", f'@click.command()\ndef f() -> None:\n    """{LONG}"""\n') == [3]


def test_words_of_developers_are_forbidden_only_in_text_for_students() -> None:
    source = 'x = "The case was judged."\n'
    assert len(reasons("worker/driver/base/a.py", source)) == 2
    assert reasons("worker/sandbox/a.py", source) == []
    assert reasons("worker/driver/base/a.py", '"""The case that was judged."""\n') == []


def test_titles_and_answers_of_suites_are_read() -> None:
    source = "# suite: a\n# title: Mend it\n\n# case: mend\n# title: Fine\nmend = 1\n"
    assert lines("worker/suites/shipped/a.suite", source) == [2]


def test_the_conditions_of_an_answer_are_code() -> None:
    conditions = ", ".join(f"x{n}.grad == mend" for n in range(20))
    source = f"# suite: a\n# answer: {conditions} -> Fine.\n# answer: error -> Mend it.\n"
    assert lines("worker/suites/shipped/a.suite", source) == [3]


def test_a_finding_shows_its_whole_sentence() -> None:
    source = f"The first is fine. Then you\nmend the second. The third is fine. {LONG}"
    found = [finding.text for finding in check_source(Path("a.md"), source)]
    assert found == ["Then you mend the second.", LONG]


def test_a_folder_is_checked_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "docs" / "developers").mkdir(parents=True)
    (tmp_path / "README.md").write_text("Mend it.")
    (tmp_path / "docs" / "developers" / "a.md").write_text("Mend it.")
    found = [str(finding.path) for finding in check_files(tmp_path, [])]
    assert found == ["README.md", "docs/developers/a.md"]
    assert [str(each.path) for each in check_files(tmp_path, ["docs"])] == ["docs/developers/a.md"]


def test_findings_are_printed_and_end_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.prose.__main__.ROOT", tmp_path)
    assert main([]) == 0
    (tmp_path / "README.md").write_text("Fine.\n\nMend it.")
    assert main([]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith('README.md:3: "Mend", better: fix: Mend it.\n')
