import re
import threading
import time
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.store.base import now
from service.submissions.models import Status, Submission
from service.web.api.submissions import LONGEST_WAIT
from service.web.request import EXTENSION
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.ports import wait_for
from tests.support.sql_statements import queries
from worker.report.json import to_json
from worker.report.model import Interface, Problem, ProblemKind, Verdict

REPORT = make_report(
    make_suite("worked-example", make_case("all"), title="Worked example", points=20.0),
    make_suite("rules", make_case("sum"), make_case("product", Verdict.WRONG_GRADIENT)),
)


@pytest.fixture
def queued(members: Class, session: Session) -> Submission:
    submission = factories.make_submission(session, members.assignment, members.ada)
    session.commit()
    return submission


@pytest.fixture
def done(members: Class, session: Session) -> Submission:
    submission = factories.make_graded(session, members.assignment, members.ada, REPORT)
    session.commit()
    return submission


def test_a_queued_submission_has_a_position_in_the_queue_and_no_report(
    client: FlaskClient, members: Class, session: Session, queued: Submission
) -> None:
    later = factories.make_submission(session, members.assignment, members.blaise)
    session.commit()
    mine = client.get(f"/api/v1/submissions/{queued.id}", headers=members.bearer(members.ada)).json
    theirs = client.get(
        f"/api/v1/submissions/{later.id}", headers=members.bearer(members.blaise)
    ).json
    assert mine is not None
    assert theirs is not None
    assert (mine["status"], mine["queue_position"], mine["report"]) == ("queued", 1, None)
    assert theirs["queue_position"] == 2


def test_a_graded_submission_has_its_score_and_report(
    client: FlaskClient, members: Class, done: Submission
) -> None:
    body = client.get(f"/api/v1/submissions/{done.id}", headers=members.bearer(members.ada)).json
    assert body is not None
    assert (body["status"], body["score"], body["max_score"]) == ("done", 60.0, 100.0)
    assert body["queue_position"] is None
    assert body["report"] == to_json(REPORT)


@pytest.mark.parametrize("who", ["blaise", "stranger"])
def test_a_submission_of_another_student_is_404(
    client: FlaskClient, members: Class, done: Submission, who: str
) -> None:
    headers = members.bearer(getattr(members, who))
    assert client.get(f"/api/v1/submissions/{done.id}", headers=headers).status_code == 404
    path = f"/api/v1/submissions/{done.id}/results.json"
    assert client.get(path, headers=headers).status_code == 404


@pytest.mark.parametrize("who", ["teacher", "assistant"])
def test_staff_see_their_students_submissions(
    client: FlaskClient, members: Class, done: Submission, who: str
) -> None:
    headers = members.bearer(getattr(members, who))
    assert client.get(f"/api/v1/submissions/{done.id}", headers=headers).status_code == 200


@pytest.mark.parametrize("submission_id", [str(uuid.uuid4()), "7", "%00"])
def test_an_unknown_submission_is_404(
    client: FlaskClient, members: Class, submission_id: str
) -> None:
    response = client.get(
        f"/api/v1/submissions/{submission_id}", headers=members.bearer(members.ada)
    )
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["error"]["code"] == "not_found"


@pytest.mark.parametrize("wait", ["soon", "-1", "nan", ""])
def test_an_invalid_wait_is_422(
    client: FlaskClient, members: Class, done: Submission, wait: str
) -> None:
    response = client.get(
        f"/api/v1/submissions/{done.id}?wait={wait}", headers=members.bearer(members.ada)
    )
    assert response.status_code == 422
    assert response.json is not None
    assert response.json["error"]["fields"].keys() == {"wait"}


def test_the_answer_waits_until_the_grading_ends(
    app: Flask, members: Class, session: Session, queued: Submission
) -> None:
    answers = []

    def ask() -> None:
        path = f"/api/v1/submissions/{queued.id}?wait=30"
        answers.append(app.test_client().get(path, headers=members.bearer(members.ada)).json)

    asking = threading.Thread(target=ask)
    asking.start()
    watch = app.extensions[EXTENSION].watch
    wait_for(lambda: watch.waiting == 1, what="the request to wait")
    factories.finish(queued.grading, REPORT)
    session.commit()
    asking.join(20)
    (answer,) = answers
    assert answer is not None
    assert answer["status"] == "done"
    assert answer["report"] == to_json(REPORT)


def test_the_answer_waits_for_the_given_time_and_then_has_the_current_status(
    client: FlaskClient, members: Class, queued: Submission
) -> None:
    began = time.monotonic()
    path = f"/api/v1/submissions/{queued.id}?wait=0.05"
    body = client.get(path, headers=members.bearer(members.ada)).json
    assert body is not None
    assert body["status"] == "queued"
    assert 0.05 <= time.monotonic() - began < LONGEST_WAIT


def test_results_are_in_gradescopes_format(
    client: FlaskClient, members: Class, done: Submission
) -> None:
    path = f"/api/v1/submissions/{done.id}/results.json"
    body = client.get(path, headers=members.bearer(members.ada)).json
    assert body is not None
    assert (body["score"], body["execution_time"]) == (60.0, 0.034)
    assert body["output"] == "60 of 100 points."
    assert [(test["number"], test["status"]) for test in body["tests"]] == [
        ("1.1", "passed"),
        ("2.1", "passed"),
        ("2.2", "failed"),
    ]
    failed = body["tests"][-1]
    assert failed["name"] == "Rules: The product of two numbers"
    assert "should be 1.0" in failed["output"]
    assert "L.backward()" in failed["output"]
    assert failed["extra_data"] == {"case": "product", "verdict": "wrong_gradient"}


def test_blocked_tests_and_tests_without_points_have_no_status_in_results(
    client: FlaskClient, members: Class, session: Session
) -> None:
    rules = make_suite(
        "rules",
        make_case("product", Verdict.WRONG_GRADIENT, rule="multiplication"),
        make_case("neuron", Verdict.WRONG_GRADIENT, blocked_by=("multiplication",)),
        make_case("lucky", counts=False),
    )
    relu = make_case("relu", message="The slope of relu at 0 is taken to be 0.")
    far = make_case("far", Verdict.ERROR)
    found = Interface(
        class_name="Value", data="data", grad="grad", backward="backward()", notes=("No numpy.",)
    )
    report = make_report(rules, make_suite("unmarked", relu, far, points=0.0), interface=found)
    graded = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    path = f"/api/v1/submissions/{graded.id}/results.json"
    body = client.get(path, headers=members.bearer(members.ada)).json
    assert body is not None
    statuses = [(test.get("status", "none"), test["tags"][1:]) for test in body["tests"]]
    assert statuses == [
        ("failed", []),
        ("none", ["not tested"]),
        ("none", ["not tested"]),
        ("none", ["no points"]),
        ("none", ["no points"]),
    ]
    assert body["output"].splitlines()[1:] == [
        "Found: class Value, number in .data, gradient in .grad, backward()",
        "No numpy.",
    ]


NEW_IN_SCHEMA_2 = ("graph", "graph_title", "topic", "point", "size")


@pytest.fixture
def early(members: Class, session: Session) -> Submission:
    """A submission graded before reports had rules, costs and interfaces."""
    submission = factories.make_graded(session, members.assignment, members.ada, REPORT)
    report = to_json(REPORT) | {"schema": 1}
    del report["interface"]
    for suite in report["suites"]:
        for case in suite["cases"]:
            for key in ("rule", "blocked_by", "counts", "cost", *NEW_IN_SCHEMA_2):
                del case[key]
    submission.grading.report = report
    session.commit()
    return submission


def test_an_early_report_is_shown_as_before(
    app: Flask, client: FlaskClient, members: Class, early: Submission
) -> None:
    headers = members.bearer(members.ada)
    results = client.get(f"/api/v1/submissions/{early.id}/results.json", headers=headers).json
    assert results is not None
    assert [test["status"] for test in results["tests"]] == ["passed", "passed", "failed"]
    assert results["output"] == "60 of 100 points."
    page = signed_in(app, members.ada).get(f"/submissions/{early.id}").text
    assert "2 of 3 tests passed." in page
    assert "1 of 2 tests passed" in page
    assert "40 of 80</span> points" in page
    assert "What was found" not in page
    overview = signed_in(app, members.teacher).get("/assignments/autograd").text
    assert "1 of 1</td>" in overview


def test_results_say_why_a_file_could_not_be_graded(
    client: FlaskClient, members: Class, session: Session
) -> None:
    problem = Problem(kind=ProblemKind.SYNTAX_ERROR, message="invalid syntax", line=3)
    report = make_report(make_suite("rules", make_case("sum", Verdict.ERROR)), problem=problem)
    broken = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    path = f"/api/v1/submissions/{broken.id}/results.json"
    body = client.get(path, headers=members.bearer(members.ada)).json
    assert body is not None
    assert body["output"] == "invalid syntax (line 3)"


def test_results_before_the_grading_is_done_are_409(
    client: FlaskClient, members: Class, queued: Submission
) -> None:
    path = f"/api/v1/submissions/{queued.id}/results.json"
    response = client.get(path, headers=members.bearer(members.ada))
    assert response.status_code == 409
    assert response.json is not None
    assert response.json["error"]["code"] == "not_graded"


def test_results_of_an_errored_grading_say_what_to_do(
    client: FlaskClient, members: Class, session: Session, queued: Submission
) -> None:
    factories.give_up(queued.grading)
    session.commit()
    path = f"/api/v1/submissions/{queued.id}/results.json"
    response = client.get(path, headers=members.bearer(members.ada))
    assert response.status_code == 409
    assert response.json is not None
    assert response.json["error"]["code"] == "grading_errored"
    assert "teacher" in response.json["error"]["message"]


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.ERRORED])
def test_until_a_regrade_has_a_result_the_earlier_one_is_shown(
    client: FlaskClient, members: Class, session: Session, done: Submission, status: Status
) -> None:
    factories.regrade(session, done, status)
    session.commit()
    headers = members.bearer(members.ada)
    results = client.get(f"/api/v1/submissions/{done.id}/results.json", headers=headers).json
    assert results is not None
    assert results["score"] == 60.0
    listed = client.get("/api/v1/assignments/autograd/submissions", headers=headers).json
    assert listed is not None
    assert [(each["status"], each["score"]) for each in listed["submissions"]] == [("done", 60.0)]
    newest = client.get(f"/api/v1/submissions/{done.id}", headers=headers).json
    assert newest is not None
    assert (newest["status"], newest["score"], newest["report"]) == (status, None, None)


@pytest.mark.parametrize(
    ("status", "expected", "shown"),
    [
        (Status.QUEUED, "The earlier result counts until then.", False),
        (Status.RUNNING, "The earlier result counts until then.", False),
        (Status.ERRORED, "The earlier result is below, and it counts", True),
    ],
)
def test_the_page_says_that_the_earlier_result_counts_until_a_regrade_has_one(
    app: Flask,
    members: Class,
    session: Session,
    done: Submission,
    status: Status,
    expected: str,
    shown: bool,
) -> None:
    factories.regrade(session, done, status)
    session.commit()
    ada = signed_in(app, members.ada)
    page = ada.get(f"/submissions/{done.id}").text
    assert expected in page
    assert ("2 of 3 tests passed." in page) is shown
    assert "no attempt was spent" not in page
    listed = ada.get("/assignments/autograd").text
    assert '<td class="num">60<small>counts</small></td>' in listed


def test_an_errored_grading_is_reported_as_errored(
    client: FlaskClient, members: Class, session: Session, queued: Submission
) -> None:
    factories.give_up(queued.grading)
    session.commit()
    path = f"/api/v1/submissions/{queued.id}?wait=30"
    body = client.get(path, headers=members.bearer(members.ada)).json
    assert body is not None
    assert (body["status"], body["score"], body["report"]) == (Status.ERRORED, None, None)


@pytest.mark.usefixtures("queued")
def test_courses_and_assignments_can_be_read(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 3
    members.assignment.deadline = now()
    session.commit()
    headers = members.bearer(members.ada)
    assert client.get("/api/v1/courses", headers=headers).json == {
        "courses": [
            {
                "slug": "demo",
                "title": "Backpropagation",
                "role": "student",
                "assignments": ["autograd"],
            }
        ]
    }
    body = client.get("/api/v1/assignments/autograd", headers=headers).json
    assert body is not None
    assert (body["attempt_limit"], body["attempts_left"], body["closed"]) == (3, 2, False)
    assert body["suites"] == [
        {"name": "worked-example", "points": 20.0},
        {"name": "rules", "points": 80.0},
    ]
    assert body["max_score"] == 100.0
    assert body["deadline"].endswith("Z")
    nothing = {"class_name": None, "data": None, "grad": None, "backward": None}
    assert (body["names"], body["draw_per_student"]) == (nothing, False)


def test_an_assignment_lists_the_names_that_an_engine_must_have(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.class_name, members.assignment.backward_name = "Scalar", "backprop"
    members.assignment.draw_per_student = True
    session.commit()
    body = client.get("/api/v1/assignments/autograd", headers=members.bearer(members.ada)).json
    assert body is not None
    names = {"class_name": "Scalar", "data": None, "grad": None, "backward": "backprop"}
    assert (body["names"], body["draw_per_student"]) == (names, True)
    assert str(members.assignment.seed) not in str(
        body
    )  # so nobody can generate the graphs beforehand


@pytest.mark.usefixtures("done")
def test_students_list_their_own_submissions_and_staff_everybodys(
    client: FlaskClient, members: Class, session: Session
) -> None:
    factories.make_submission(session, members.assignment, members.blaise)
    factories.make_submission(session, members.assignment, members.ada, attempt=2)
    session.commit()

    def listed(who: str) -> list[tuple[str, int]]:
        headers = members.bearer(getattr(members, who))
        body = client.get("/api/v1/assignments/autograd/submissions", headers=headers).json
        assert body is not None
        return [(each["student"], each["attempt"]) for each in body["submissions"]]

    assert listed("ada") == [("ada@example.edu", 2), ("ada@example.edu", 1)]
    assert listed("blaise") == [("blaise@example.edu", 1)]
    assert listed("assistant") == [
        ("ada@example.edu", 2),
        ("blaise@example.edu", 1),
        ("ada@example.edu", 1),
    ]


def many_submissions(session: Session, members: Class, count: int) -> list[Submission]:
    """Ada's submissions, the oldest first, a minute apart."""
    began = now() - timedelta(days=1)
    made = [
        factories.make_submission(
            session,
            members.assignment,
            members.ada,
            attempt=attempt,
            submitted_at=began + timedelta(minutes=attempt),
        )
        for attempt in range(1, count + 1)
    ]
    session.commit()
    return made


def test_the_newest_submissions_are_listed_and_older_ones_on_request(
    client: FlaskClient, members: Class, session: Session
) -> None:
    many_submissions(session, members, 101)
    headers = members.bearer(members.ada)

    def listed(query: str) -> tuple[list[int], str | None]:
        body = client.get(f"/api/v1/assignments/autograd/submissions{query}", headers=headers).json
        assert body is not None
        return [each["attempt"] for each in body["submissions"]], body["next"]

    attempts, last = listed("")
    assert attempts == list(range(101, 1, -1))
    assert listed(f"?before={last}") == ([1], None)
    attempts, last = listed("?limit=2")
    assert attempts == [101, 100]
    attempts, _ = listed(f"?limit=2&before={last}")
    assert attempts == [99, 98]
    assert listed("?limit=101") == (list(range(101, 0, -1)), None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        *((f"limit={limit}", "limit") for limit in ("0", "501", "-1", "many", "1.5", "", "9" * 99)),
        *((f"before={before}", "before") for before in ("", "yesterday", "%00", uuid.uuid4())),
    ],
)
def test_an_invalid_limit_or_position_is_422(
    client: FlaskClient, members: Class, query: str, field: str
) -> None:
    response = client.get(
        f"/api/v1/assignments/autograd/submissions?{query}", headers=members.bearer(members.ada)
    )
    assert response.status_code == 422
    assert response.json is not None
    assert response.json["error"]["fields"].keys() == {field}


def test_a_list_cannot_continue_from_a_submission_of_another_student(
    client: FlaskClient, members: Class, done: Submission
) -> None:
    path = f"/api/v1/assignments/autograd/submissions?before={done.id}"
    assert client.get(path, headers=members.bearer(members.blaise)).status_code == 422
    assert client.get(path, headers=members.bearer(members.ada)).status_code == 200


def test_pages_list_the_newest_attempts_and_link_to_older_ones(
    app: Flask, members: Class, session: Session
) -> None:
    made = many_submissions(session, members, 120)

    def linked(text: str) -> set[int]:
        return {each.attempt for each in made if f'href="/submissions/{each.id}' in text}

    def older(text: str) -> str:
        (address,) = re.findall(r'href="([^"#]+)(?:#own)?">Older', text)
        return str(address)

    ada, teacher = signed_in(app, members.ada), signed_in(app, members.teacher)
    for guest, path, current in (
        (ada, "/assignments/autograd", set()),
        (teacher, f"/submissions/{made[0].id}/review", {1}),
    ):
        newest = guest.get(path).text
        assert linked(newest) == set(range(71, 121)) | current
        assert "Newest" not in newest
        then = guest.get(older(newest)).text
        assert linked(then) == set(range(21, 71)) | current
        last = guest.get(older(then)).text
        assert linked(last) == set(range(1, 21))
        assert "Newest" in last
        assert "Older" not in last


def test_pages_show_a_mark_out_of_the_points_that_it_was_graded_with(
    app: Flask, members: Class, session: Session, done: Submission
) -> None:
    for suite in members.assignment.suites:
        suite.weight = 5.0
    session.commit()
    course, assignment = members.course.slug, members.assignment.slug
    pages = {
        members.ada: [f"/courses/{course}", f"/assignments/{assignment}"],
        members.teacher: [
            f"/courses/{course}/gradebook",
            f"/assignments/{assignment}",
            f"/submissions/{done.id}/review",
        ],
    }
    given = done.grading.max_score
    for viewer, addresses in pages.items():
        for address in addresses:
            text = signed_in(app, viewer).get(address).text
            assert f"of {given:g}<" in text, address
            assert f"{done.grading.score:g} of 10<" not in text, address


def test_a_page_of_a_list_that_does_not_exist_is_rejected(
    app: Flask, members: Class, done: Submission
) -> None:
    for path in ("/assignments/autograd", f"/submissions/{done.id}/review"):
        page = signed_in(app, members.teacher).get(f"{path}?before=yesterday")
        assert page.status_code == 422


def test_a_report_is_left_out_on_request(
    app: Flask, client: FlaskClient, members: Class, done: Submission
) -> None:
    path, headers = f"/api/v1/submissions/{done.id}", members.bearer(members.ada)
    whole = client.get(f"{path}?report=1", headers=headers).json
    assert whole is not None
    assert whole["report"] == to_json(REPORT)
    with queries(app.extensions[EXTENSION].engine) as seen:
        short = client.get(f"{path}?report=0&wait=30", headers=headers).json
    assert short == whole | {"report": None}
    assert not [query for query in seen if "report" in query.text]


@pytest.mark.parametrize("report", ["", "2", "no", "true"])
def test_an_invalid_value_of_report_is_422(
    client: FlaskClient, members: Class, done: Submission, report: str
) -> None:
    response = client.get(
        f"/api/v1/submissions/{done.id}?report={report}", headers=members.bearer(members.ada)
    )
    assert response.status_code == 422
    assert response.json is not None
    assert response.json["error"]["fields"].keys() == {"report"}


def test_each_case_of_a_report_has_its_own_page(
    app: Flask, members: Class, done: Submission
) -> None:
    ada = signed_in(app, members.ada)
    page = ada.get(f"/submissions/{done.id}/cases/rules/product")
    assert page.status_code == 200
    assert "Wrong gradient" in page.text
    assert f"--seed {done.counting.seed} --explain rules/product" in page.text
    assert f"/submissions/{done.id}/cases/rules/sum" in page.text  # the one before
    assert signed_in(app, members.teacher).get(page.request.path).status_code == 200


def test_the_command_for_a_case_has_the_names_of_the_assignment(
    app: Flask, members: Class, session: Session, done: Submission
) -> None:
    members.assignment.class_name, members.assignment.backward_name = "Scalar", "backprop"
    session.commit()
    page = signed_in(app, members.ada).get(f"/submissions/{done.id}/cases/rules/product").text
    command = (
        "chainrule check FILE --names class=Scalar,backward=backprop --seed 7 --explain rules/"
    )
    assert command in page


def test_failing_cases_after_the_first_are_on_their_own_pages(
    app: Flask, members: Class, session: Session
) -> None:
    far = make_case("far", Verdict.UNSUPPORTED, rule="tanh")
    cases = [make_case(f"case{number}", Verdict.ERROR, rule="sum") for number in range(9)]
    report = make_report(make_suite("rules", *cases, far))
    submission = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    page = signed_in(app, members.ada).get(f"/submissions/{submission.id}").text
    inline = re.findall(r'<details class="case" id="case-rules-(\w+)"( open)?', page)
    assert inline == [("case0", " open"), ("far", "")]
    assert re.findall(r'/cases/rules/(\w+)"', page) == [f"case{n}" for n in range(1, 9)]


@pytest.mark.parametrize("address", ["rules/nothing", "nothing/sum", "rules/%00", "all/rules"])
def test_an_unknown_case_is_404(app: Flask, members: Class, done: Submission, address: str) -> None:
    path = f"/submissions/{done.id}/cases/{address}"
    assert signed_in(app, members.ada).get(path).status_code == 404


def test_a_case_in_a_submission_of_another_student_is_404(
    app: Flask, members: Class, done: Submission
) -> None:
    path = f"/submissions/{done.id}/cases/rules/product"
    assert signed_in(app, members.blaise).get(path).status_code == 404


def test_a_case_of_an_ungraded_submission_is_404(
    app: Flask, members: Class, queued: Submission
) -> None:
    path = f"/submissions/{queued.id}/cases/rules/product"
    assert signed_in(app, members.ada).get(path).status_code == 404
