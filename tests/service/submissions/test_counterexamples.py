"""The counterexample of a report: as a program to run, as a drawing, and on the page."""

from __future__ import annotations

import ast
import json
import re
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.submissions.models import Submission
from service.submissions.runnable import Loader, is_module_name
from service.web.view.counterexample import draw_counterexample
from service.web.view.graph_png import MOST_PIXELS, to_png
from service.web.view.graph_svg import paint
from tests.service.conftest import Class, signed_in
from tests.students import engine
from tests.support import factories
from tests.support.factories import make_case, make_counterexample, make_report, make_suite
from worker.report.model import ADAPT, GraphNode, NodeNumbers, Verdict

LOADER = Loader(filename="value.py", is_notebook=False)
WRONG, RIGHT = engine("wrong/m01_assigns_everywhere"), engine("right/closures")


@pytest.fixture
def graded(members: Class, session: Session) -> Submission:
    """A submission of Ada's whose report has a counterexample."""
    wrong = make_case("product", Verdict.WRONG_GRADIENT, rule="multiplication")
    report = make_report(make_suite("rules", wrong), counterexample=make_counterexample())
    done = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    return done


@pytest.mark.parametrize("kind", ["py", "svg", "png"])
def test_it_is_for_the_student_and_for_staff(
    client: FlaskClient, members: Class, graded: Submission, kind: str
) -> None:
    path = f"/api/v1/submissions/{graded.id}/counterexample.{kind}"
    statuses = {
        account.email: client.get(path, headers=members.bearer(account)).status_code
        for account in (members.ada, members.teacher, members.blaise, members.stranger)
    }
    assert list(statuses.values()) == [200, 200, 404, 404]
    assert client.get(path).status_code == 401


def test_the_program_is_python_that_loads_the_file(
    client: FlaskClient, members: Class, graded: Submission
) -> None:
    path = f"/api/v1/submissions/{graded.id}/counterexample.py"
    response = client.get(path, headers=members.bearer(members.ada))
    assert response.mimetype == "text/x-python"
    assert "attachment; filename=counterexample.py" in response.headers["Content-Disposition"]
    text = response.get_data(as_text=True)
    assert f"from {Path(graded.filename).stem} import Value\n" in text
    assert make_counterexample().program in text
    ast.parse(text)


def test_the_drawing_stands_alone_and_has_both_numbers(
    client: FlaskClient, members: Class, graded: Submission
) -> None:
    path = f"/api/v1/submissions/{graded.id}/counterexample.svg"
    response = client.get(path, headers=members.bearer(members.ada))
    assert response.mimetype == "image/svg+xml"
    assert "style-src 'unsafe-inline'" in response.headers["Content-Security-Policy"]
    root = ElementTree.fromstring(response.get_data(as_text=True))
    tag = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{tag}style") is not None
    wrong = [one.text for one in root.iter(f"{tag}text") if one.get("class") == "number yours"]
    assert wrong == ["1"]
    assert [one.text for one in root.iter(f"{tag}text") if one.get("class") == "said"] == [
        "used twice"
    ]


def test_the_picture_for_slides_is_large_and_has_the_letters_of_the_drawing(
    client: FlaskClient, members: Class, graded: Submission
) -> None:
    path = f"/api/v1/submissions/{graded.id}/counterexample"
    response = client.get(f"{path}.png", headers=members.bearer(members.ada))
    assert response.mimetype == "image/png"
    svg = ElementTree.fromstring(
        client.get(f"{path}.svg", headers=members.bearer(members.ada)).data
    )
    assert response.data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", response.data[16:24])  # of the header
    assert (width, height) == (
        pytest.approx(3 * float(svg.attrib["width"]), abs=1),
        pytest.approx(3 * float(svg.attrib["height"]), abs=1),
    )
    drawing = draw_counterexample(make_counterexample())
    nameless = replace(drawing, nodes=tuple(replace(node, name="") for node in drawing.nodes))
    for one in (drawing, nameless):
        picture = paint(one)
        with client.application.app_context():
            text = render_template("_graph.svg", picture=picture, alone=True)
        assert (to_png(text, picture) == response.data) is (one is drawing)


def test_a_wide_picture_is_not_larger_than_a_screen(client: FlaskClient) -> None:
    picture = replace(paint(draw_counterexample(make_counterexample())), width=9_000.0)
    with client.application.app_context():
        text = render_template("_graph.svg", picture=picture, alone=True)
    (width,) = struct.unpack(">I", to_png(text, picture)[16:20])
    assert width == MOST_PIXELS


def test_staff_get_a_drawing_that_says_whose_numbers_they_are(
    client: FlaskClient, members: Class, graded: Submission
) -> None:
    path = f"/api/v1/submissions/{graded.id}/counterexample.svg"
    for who, label in ((members.teacher, "theirs"), (members.ada, "yours")):
        text = client.get(path, headers=members.bearer(who)).text
        assert re.findall(r">(yours|theirs)<", text) == [label]


@pytest.mark.parametrize("kind", ["py", "svg", "png"])
def test_without_one_the_answer_says_why(
    client: FlaskClient, members: Class, session: Session, kind: str
) -> None:
    report = make_report(make_suite("rules", make_case("product")))
    done = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    path = f"/api/v1/submissions/{done.id}/counterexample.{kind}"
    response = client.get(path, headers=members.bearer(members.ada))
    assert response.status_code == 404
    assert response.json is not None
    assert "has no counterexample" in response.json["error"]["message"]


def test_the_page_shows_its_program_and_drawing_with_a_link(
    app: Flask, members: Class, graded: Submission
) -> None:
    page = signed_in(app, members.ada).get(f"/submissions/{graded.id}").get_data(as_text=True)
    assert f'href="/api/v1/submissions/{graded.id}/counterexample.py"' in page
    assert "Run it on your machine" in page
    assert "There, x is used more than once." in page
    assert "<strong>x is used twice.</strong>" in page
    assert "A small graph that shows it" in page
    assert page.index("Fix this first") < page.index("A small graph that shows it")


def test_the_page_names_the_node_where_numbers_begin_to_differ(
    app: Flask, members: Class, session: Session
) -> None:
    graph = replace(make_counterexample().graph, first="x", shared=None)
    wrong = make_case("product", Verdict.WRONG_GRADIENT, rule="multiplication")
    found = make_counterexample(graph=graph)
    report = make_report(make_suite("rules", wrong), counterexample=found)
    done = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    page = signed_in(app, members.ada).get(f"/submissions/{done.id}").get_data(as_text=True)
    assert "There, your numbers begin to differ at x." in page
    assert "<strong>First difference here.</strong>" in page
    assert ">first difference</text>" in page
    assert 'href="#case-rules-product"' in page


def test_staff_read_whose_numbers_a_page_is_about(
    app: Flask, members: Class, session: Session
) -> None:
    graph = replace(make_counterexample().graph, first="x", shared=None)
    wrong = make_case("product", Verdict.WRONG_GRADIENT, rule="multiplication")
    suite = make_suite("rules", wrong)
    report = make_report(suite, counterexample=make_counterexample(graph=graph))
    done = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    page = f"/submissions/{done.id}"
    for who, whose, label in (
        (members.teacher, "the engine&#39;s", "theirs"),
        (members.ada, "your", "yours"),
    ):
        for address in (page, f"{page}/report"):
            text = signed_in(app, who).get(address).text
            assert f"There, {whose} numbers begin to differ at x." in text
            assert set(re.findall(r">(yours|theirs)<", text)) == {label}


def test_gradients_that_an_engine_does_not_keep_are_not_drawn_as_wrong() -> None:
    found = make_counterexample()
    assert draw_counterexample(found).wrong == ("x",)
    x, result = found.graph.nodes
    lost = GraphNode(
        name=result.name,
        operation=result.operation,
        operands=result.operands,
        expected=result.expected,
        actual=NodeNumbers(data=6.0, grad=0.0),
    )
    drawing = draw_counterexample(make_counterexample(x, lost))
    assert drawing.wrong == ("x",)


def test_plain_numbers_are_drawn_as_operands_and_replaced_nodes_without_their_own_number() -> None:
    right, nothing = NodeNumbers(data=3.0, grad=2.0), NodeNumbers(data=None, grad=None)
    leaf = GraphNode(name="x before", operation="leaf", operands=(), expected=right, actual=nothing)
    own = NodeNumbers(data=7.5, grad=1.0)
    result = GraphNode(
        name="x", operation="*=", operands=("x before", "2.5"), expected=own, actual=own
    )
    _, drawn = draw_counterexample(make_counterexample(leaf, result)).nodes
    assert drawn.operation == "x before * 2.5"
    assert not drawn.wrong


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("value.py", True),
        ("my_engine2.py", True),
        ("my-engine.py", False),
        ("2nd.py", False),
        ("class.py", False),
        ("random.py", False),
        ("counterexample.py", False),
        ("engine.txt", False),
        ("engine", False),
    ],
)
def test_only_a_name_that_import_finds_is_imported(filename: str, expected: bool) -> None:
    assert is_module_name(filename) is expected


TEST = 'x = Value(3)\nL = x + 2\nL.backward()\nprint("x.grad is", x.grad)'


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A program that was saved in this folder, and has ended."""
    (folder / "counterexample.py").write_text(program, encoding="utf-8")
    command = [sys.executable, str(folder / "counterexample.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "filename", ["value.py", "my engine.py", 'it\'s "mine".txt', "engine.ipynb"]
)
def test_the_program_runs_next_to_a_file_of_any_name(filename: str, tmp_path: Path) -> None:
    for source, status in ((WRONG, 1), (RIGHT, 0)):
        text = source
        if filename.endswith(".ipynb"):
            cells = [
                {"cell_type": "code", "source": ["%matplotlib inline\n", "import not_a_module"]},
                {"cell_type": "markdown", "source": ["# Value"]},
                {"cell_type": "code", "source": source.splitlines(keepends=True)},
                {"cell_type": "code", "source": ["1 / 0"]},
            ]
            text = json.dumps({"cells": cells})
        (tmp_path / filename).write_text(text, encoding="utf-8")
        loader = Loader.of(filename, text)
        ended = run(loader.make_runnable(make_counterexample().program), tmp_path)
        assert ended.returncode == status, ended.stderr
        assert ("AssertionError: 1.0" in ended.stderr) is bool(status)
        if filename.endswith(".ipynb"):
            missing = "Code cell 1 stopped: the module not_a_module isn't installed here."
            stopped = "Code cell 3 stopped: ZeroDivisionError('division by zero')"
            assert ended.stdout.splitlines() == [missing, stopped]
    ended = run(loader.make_runnable(TEST), tmp_path)
    assert (ended.returncode, ended.stdout.splitlines()[-1:]) == (0, ["x.grad is 1.0"])


def test_functions_and_nested_classes_are_imported_by_their_first_name() -> None:
    program = "import math\n\nx = Engine.Value(3)\nL = tanh(x)\nrun(L)\nassert abs(L.data) < 1"
    text = LOADER.make_runnable(program)
    assert "from value import Engine, tanh, run\n" in text


def test_a_program_without_names_of_the_engine_still_loads_the_file() -> None:
    assert "import value\n" in LOADER.make_runnable("L = 1")


@pytest.mark.parametrize("filename", ["value.py", "my engine.py", "engine.ipynb"])
def test_no_line_is_broken_by_a_terminal(filename: str) -> None:
    loader = Loader(filename=filename, is_notebook=filename.endswith(".ipynb"))
    assert max(map(len, loader.write("x = Value(3)").splitlines())) <= 76


def test_a_failing_test_has_the_same_copy(app: Flask, members: Class, graded: Submission) -> None:
    ada = signed_in(app, members.ada)
    copied = 'data-copyable="# A test of &#39;value.py&#39;.\n# Save this next to it, and run it.\n'
    for address in ("", "/cases/rules/product"):
        page = ada.get(f"/submissions/{graded.id}{address}").text
        assert f'{copied}from value import Value\n\n">' in page
    assert page.count("data-copyable") == 1
    page = ada.get(f"/submissions/{graded.id}").text
    assert 'data-copyable="# A small graph where &#39;value.py&#39; is wrong.\n' in page


def test_a_program_takes_only_names_of_the_engine_from_the_file() -> None:
    program = "import sys\nsys.setrecursionlimit(9)\nys = [Value(i) for i in range(3)]"
    assert "from value import Value\n" in LOADER.make_runnable(program)


@pytest.mark.parametrize(
    ("loader", "loading"),
    [
        (LOADER, "from value import *\n"),
        (Loader(filename="my engine.py", is_notebook=False), "globals().update(names)\n"),
        (Loader(filename="engine.ipynb", is_notebook=True), "globals().update(names)\n"),
    ],
)
def test_a_program_that_must_be_adapted_says_so_and_gets_all_names(
    loader: Loader, loading: str
) -> None:
    for program in ("x = Value(3)", "x = <your call>"):
        text = loader.make_runnable(f"{ADAPT}, so adapt these lines.\n{program}")
        assert text.startswith(f"# A test of {loader.filename!r}.\n# Adapt the lines below, save")
        assert loading in text
        assert text.endswith(f"{ADAPT}, so adapt these lines.\n{program}\n")
