"""A client that sends its form slowly must not hold the database meanwhile."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from service.web.request import EXTENSION
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite

FORM = b"score=50&reason=Because&action=set"


class WatchedForm(io.BytesIO):
    """A form's bytes. Notes how many transactions are open whenever it is read."""

    def __init__(self, app: Flask) -> None:
        super().__init__(FORM)
        self.open, self.seen = 0, list[int]()
        engine = app.extensions[EXTENSION].engine
        event.listen(engine, "begin", lambda _: self._count(1))
        event.listen(engine, "commit", lambda _: self._count(-1))
        event.listen(engine, "rollback", lambda _: self._count(-1))

    def _count(self, change: int) -> None:
        self.open += change

    def read(self, size: int | None = -1, /) -> bytes:
        self.seen.append(self.open)
        return super().read(size)

    def readinto(self, buffer: memoryview | bytearray, /) -> int:  # type: ignore[override]
        self.seen.append(self.open)
        return super().readinto(buffer)


@pytest.mark.parametrize("action", ["override", "submit"])
def test_no_transaction_is_open_while_a_form_arrives(
    app: Flask, members: Class, session: Session, action: str
) -> None:
    report = make_report(make_suite("rules", make_case("sum"), points=100.0))
    done = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    address = {
        "override": f"/submissions/{done.id}/override",
        "submit": f"/courses/demo/assignments/{members.assignment.slug}/submissions",
    }[action]
    client = signed_in(app, members.teacher)
    form = WatchedForm(app)
    client.post(
        address,
        input_stream=form,
        content_length=len(FORM),
        content_type="application/x-www-form-urlencoded",
    )
    assert form.seen
    assert set(form.seen) == {0}
