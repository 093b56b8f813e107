"""`chainrule check`: grade a file without a server."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import cli
from tests.students import engine
from worker.suites import catalogue


def check(tmp_path: Path, source: str | bytes, *options: str) -> Result:
    """Run `chainrule check` on a source."""
    file = tmp_path / "value.py"
    file.write_bytes(source.encode() if isinstance(source, str) else source)
    return CliRunner().invoke(cli, ["check", str(file), *options])


def test_a_correct_engine_exits_with_0_and_shows_full_points_by_suite(tmp_path: Path) -> None:
    result = check(tmp_path, engine("right/closures"))

    assert result.exit_code == 0, result.output
    assert "The worked example" in result.output
    points = sum(catalogue.outline(name).weight for name in catalogue.names())
    assert f"{points:g} of {points:g} points" in result.output
    assert "Wrong gradient" not in result.output
    assert "untested" not in result.output


def test_an_engine_that_assigns_gradients_exits_with_1_and_shows_the_first_wrong_number(
    tmp_path: Path,
) -> None:
    result = check(tmp_path, engine("wrong/assigns_gradients"))

    assert result.exit_code == 1
    assert "Wrong gradient" in result.output
    assert "expected" in result.output
    assert "  Values used more than once  " in result.output  # in one line
    assert "Value(" in result.output  # the graph's program


def test_single_precision_passes_unless_double_precision_is_required(tmp_path: Path) -> None:
    source, suites = engine("single/packed_data"), ("--suite", "functions", "--suite", "reuse")
    accepted = check(tmp_path, source, *suites)
    assert accepted.exit_code == 0
    assert "Your engine computes in single precision (float32)" in accepted.output
    assert "Wrong value" not in accepted.output

    rejected = check(tmp_path, source, *suites, "--require-double")
    assert rejected.exit_code == 1
    assert "requires double precision" in " ".join(rejected.output.split())
    assert "Wrong value" in rejected.output

    explained = check(tmp_path, source, "--explain", "functions/tanh@1")
    assert "Passes in single precision." in explained.output


def test_a_syntax_error_exits_with_2_and_points_at_the_column(tmp_path: Path) -> None:
    result = check(tmp_path, "class Value:\n    def __add__(self other):\n        pass\n")

    assert result.exit_code == 2
    assert "value.py, line 2" in result.output
    lines = result.output.splitlines()
    caret = next(index for index, line in enumerate(lines) if line.strip() == "^")
    assert lines[caret - 1][lines[caret].index("^") :].startswith("other")


def test_a_file_that_cannot_be_loaded_has_no_conventions(tmp_path: Path) -> None:
    result = check(tmp_path, "class Value(:\n", "--suite", "conventions", "--json")

    (suite,) = json.loads(result.output)["suites"]
    assert {case["verdict"] for case in suite["cases"]} == {"error"}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "empty"),
        (b"x = 1\n", "no class"),
        (b"\xff\xfe", "UTF-8"),
        (b"#" * 262_145, "262,144"),
    ],
)
def test_a_file_that_cannot_be_graded_exits_with_2_and_a_message(
    tmp_path: Path, source: bytes, message: str
) -> None:
    file = tmp_path / "value.py"
    file.write_bytes(source)
    result = CliRunner().invoke(cli, ["check", str(file)])

    assert message.lower() in result.output.lower()
    assert result.exit_code == 2


def test_a_missing_file_and_an_unknown_suite_have_a_message(
    tmp_path: Path,
) -> None:
    absent = CliRunner().invoke(cli, ["check", str(tmp_path / "absent.py")])
    unknown = check(tmp_path, engine("right/closures"), "--suite", "no-such-suite")

    assert (absent.exit_code, unknown.exit_code) == (2, 2)
    assert (
        absent.output
        == f"Error: {tmp_path / 'absent.py'} can't be read: No such file or directory.\n"
    )
    assert "worked-example" in unknown.output  # the names that exist


def test_json_prints_the_report_and_nothing_else(tmp_path: Path) -> None:
    result = check(
        tmp_path, engine("right/closures"), "--suite", "worked-example", "--json", "--seed", "11"
    )

    report = json.loads(result.output)
    assert result.exit_code == 0
    assert report["schema"] == 2
    assert [suite["name"] for suite in report["suites"]] == ["worked-example"]
    assert report["provenance"]["seed"] == 11
    assert report["provenance"]["suite_versions"] == {"worked-example": "2"}
    assert (report["diagnoses"], report["counterexample"]) == ([], None)


def test_the_exit_code_of_an_explained_case_is_about_that_case_only(tmp_path: Path) -> None:
    wrong = engine("wrong/assigns_gradients")
    right_case = check(tmp_path, wrong, "--explain", "worked-example/leaves")
    unknown = check(tmp_path, wrong, "--explain", "worked-example/leafs")
    both = check(tmp_path, wrong, "--explain", "leaves", "--json")

    assert right_case.exit_code == 0, right_case.output
    assert "Passed  worked-example/leaves" in right_case.output
    assert "x6.grad" in right_case.output
    assert (unknown.exit_code, both.exit_code) == (2, 2)
    assert "Did you mean worked-example/leaves" in unknown.output


def test_explain_shows_the_problem_of_a_file_that_cannot_be_graded(tmp_path: Path) -> None:
    result = check(tmp_path, "class Value(:\n", "--explain", "worked-example/leaves")

    assert result.exit_code == 2
    assert "value.py, line 1" in result.output


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("colour=red", "class=, data=, grad= or backward="),
        ("class=a b", "not a valid Python name"),
        ("class=A,class=B", "given twice"),
        ("class=", "not a valid Python name"),
    ],
)
def test_invalid_names_are_rejected(tmp_path: Path, names: str, message: str) -> None:
    result = check(tmp_path, engine("right/closures"), "--names", names)

    assert result.exit_code == 2
    assert message in result.output


def test_names_are_required_as_in_an_assignment(tmp_path: Path) -> None:
    names = ("--names", "class=Value,data=data,grad=grad,backward=backward")
    result = check(tmp_path, engine("right/closures"), "--suite", "worked-example", *names)

    assert result.exit_code == 0, result.output


def test_help_has_examples_that_work(tmp_path: Path) -> None:
    message = CliRunner().invoke(cli, ["check", "--help"]).output
    assert max(map(len, message.splitlines())) <= 80
    examples = re.findall(r"chainrule check value.py (--.*)", message)
    assert {example.split()[0] for example in examples} == {"--suite", "--explain"}
    for example in examples:
        result = check(tmp_path, engine("right/closures"), *example.split())
        assert result.exit_code == 0, result.output


def test_printed_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    result = check(tmp_path, "print('\\x1b[2Jgone')\n" + engine("right/closures"))

    assert "\x1b" not in result.output
    assert "␛[2Jgone" in result.output


def test_the_suites_are_listed_with_their_number_of_tests() -> None:
    table = CliRunner().invoke(cli, ["suites"])
    listed = json.loads(CliRunner().invoke(cli, ["suites", "--json"]).output)

    assert "worked-example" in table.output
    assert {"name", "title", "version", "cases", "weight"} <= set(listed[0])
    assert {row["name"] for row in listed} >= {"worked-example", "rules"}
