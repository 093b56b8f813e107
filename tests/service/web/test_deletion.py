"""Courses and accounts are deleted on pages of their own, by typing what is deleted."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.models import Course
from service.people.models import Account
from tests.service.conftest import Class, signed_in, submit_source


def test_a_course_is_deleted_after_its_address_was_typed(
    app: Flask, client: FlaskClient, session: Session, members: Class
) -> None:
    submit_source(client, members)
    teacher = signed_in(app, members.teacher)
    page = teacher.get("/courses/demo/delete")
    assert "<dt>Submissions</dt><dd>1</dd>" in page.text
    wrong = teacher.post("/courses/demo/delete", data={"confirm": "another"})
    assert wrong.status_code == 422
    assert "Type demo to confirm." in wrong.text
    assert 'value="another"' in wrong.text
    done = teacher.post("/courses/demo/delete", data={"confirm": " demo "})
    assert (done.status_code, done.location) == (303, "/courses")
    assert session.scalar(select(Course)) is None
    assert teacher.get("/courses/demo").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("ada", 403), ("assistant", 403), ("stranger", 404)])
def test_others_cannot_delete_a_course(app: Flask, members: Class, who: str, status: int) -> None:
    browser = signed_in(app, getattr(members, who))
    assert browser.get("/courses/demo/delete").status_code == status
    form = {"confirm": "demo"}
    assert browser.post("/courses/demo/delete", data=form).status_code == status


def test_a_person_deletes_the_own_account_and_is_signed_out(
    app: Flask, session: Session, members: Class
) -> None:
    browser = signed_in(app, members.ada)
    assert "Delete your account?" in browser.get("/account/delete").text
    assert browser.post("/account/delete", data={"confirm": "ada"}).status_code == 422
    done = browser.post("/account/delete", data={"confirm": "Ada@example.edu"})
    assert (done.status_code, done.location) == (303, "/sign-in")
    assert browser.get("/courses").location == "/sign-in?next=%2Fcourses"
    session.refresh(members.ada)
    assert members.ada.deleted_at is not None


def test_the_page_says_why_an_account_cannot_be_deleted(app: Flask, members: Class) -> None:
    form = {"confirm": members.teacher.email}
    answer = signed_in(app, members.teacher).post("/account/delete", data=form)
    assert answer.status_code == 409
    assert "Name another teacher or delete the course first." in answer.text


def test_an_operator_deletes_an_account(app: Flask, session: Session, members: Class) -> None:
    members.stranger.operator = True
    session.commit()
    operator = signed_in(app, members.stranger)
    address = "/accounts/ada@example.edu/delete"
    assert "Delete this account?" in operator.get(address).text
    assert operator.post(address, data={"confirm": ""}).status_code == 422
    done = operator.post(address, data={"confirm": "ada@example.edu"})
    assert (done.status_code, done.location) == (303, "/accounts")
    assert session.scalar(select(Account.id).where(Account.email == "ada@example.edu")) is None
    assert operator.get(address).status_code == 404


def test_only_operators_delete_the_account_of_somebody_else(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.teacher)
    form = {"confirm": "ada@example.edu"}
    assert browser.post("/accounts/ada@example.edu/delete", data=form).status_code == 403
