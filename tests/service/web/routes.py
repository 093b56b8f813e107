"""Who may use which address: a table of every route of the application.

Add a row for each new route, such as `row("POST /new-course", CREATORS, data={"title": "x"})`. It
has the method, the address as its view is registered, and who may. A request that needs a body has
a valid one, so that only the person decides. An address that starts with ASSIGNMENT stands for both
addresses of an assignment in the API.

Everybody else is rejected. Without a sign-in that is 401, or the way to the sign-in page. Who isn't
in the course gets 404, and so does a classmate who asks about another's submission. Who is in the
course gets 403. Outside courses it is 403.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support import factories

NOBODY, STRANGER, OTHER_TEACHER, CLASSMATE = "nobody", "stranger", "other teacher", "classmate"
STUDENT, ASSISTANT, HEAD, OPERATOR = "student", "assistant", "teacher", "operator"
ROLES = (NOBODY, STRANGER, OTHER_TEACHER, CLASSMATE, STUDENT, ASSISTANT, HEAD, OPERATOR)
INSIDE = {CLASSMATE, STUDENT, ASSISTANT, HEAD}

PUBLIC = frozenset(ROLES)
SIGNED_IN = PUBLIC - {NOBODY}
ENROLLED = frozenset(INSIDE)
OWN = frozenset({STUDENT, ASSISTANT, HEAD})  # the student whose submission it is, and staff
STAFF = frozenset({ASSISTANT, HEAD})
TEACHER = frozenset({HEAD})
OPERATORS = frozenset({OPERATOR})
CREATORS = frozenset({HEAD, OTHER_TEACHER, OPERATOR})

ASSIGNMENT = "/api/v1/assignments/<slug>"
LONG_ASSIGNMENT = "/api/v1/courses/<course>/assignments/<slug>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A route, who may use it, and what they send. `others` are statuses unlike the usual ones."""

    method: str
    address: str
    may: frozenset[str]
    sends: Mapping[str, Any]
    others: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The method and the address."""
        return f"{self.method} {self.address}"

    @property
    def is_api(self) -> bool:
        """Whether it is an operation of the API."""
        return self.address.startswith("/api/")

    def status_of(self, role: str) -> int:
        """The status for somebody who may not."""
        if role in self.others:
            return self.others[role]
        if role == NOBODY:
            return 401 if self.is_api else 303
        names = {"<slug>", "<course>", "<uuid:submission_id>", "<uuid:regrade_id>"}
        in_course = any(name in self.address for name in names)
        if in_course and role not in INSIDE:
            return 404
        return 404 if role == CLASSMATE and "<uuid:submission_id>" in self.address else 403


def row(
    name: str, may: Collection[str], others: Mapping[str, int] | None = None, **sends: Any
) -> Row:
    """A row of the table. `sends` are arguments of a test client, such as `json` and `data`."""
    method, address = name.split()
    return Row(method=method, address=address, may=frozenset(may), sends=sends, others=others or {})


SUBMISSION = "/submissions/<uuid:submission_id>"
API_SUBMISSION = f"/api/v1{SUBMISSION}"
PAGE = "/courses/<course>/assignments/<slug>"
FILE = {"filename": "value.py", "source": factories.SOURCE}
MARK = {"score": "50", "reason": "An oral exam"}
SIGN_IN = {"email": "teacher@example.edu", "password": factories.PASSWORD}
ROSTER = [{"email": "new@example.edu", "name": "New", "role": "student"}]
LONGER = {"email": "ada@example.edu", "attempt_limit": "9"}
PASTED = {"roster": "email,name\na@example.edu,A"}
COURSE = {"slug": "demo", "title": "Another", "time_zone": "UTC"}
COPY = {"copy_slug": "b", "copy_title": "B"}
ENGINE = {"slug": "b", "title": "B", "points-rules": "80"}
EXTENSION = {"attempt_limit": 9, "reason": "Ill"}

CODE = {"code": "ABCDEFGH"}
TOKEN = {"id": "00000000-0000-0000-0000-00000000007e"}
OF_ANOTHER = dict.fromkeys(SIGNED_IN, 404)
NO_OPERATOR = dict.fromkeys(SIGNED_IN, 403)

ROUTES = [
    # Open to everybody
    row("GET /healthz", PUBLIC),
    row("GET /readyz", PUBLIC),
    row("GET /metrics", PUBLIC),
    row("GET /help/<guide>", PUBLIC),
    row("GET /learn", PUBLIC),
    row("GET /learn/<slug>", PUBLIC),
    row("GET /learn/reference", PUBLIC),
    row("GET /learn/rules", PUBLIC),
    row("GET /learn/worked-example", PUBLIC),
    row("GET /static/<path:filename>", PUBLIC),
    row("GET /sign-in", PUBLIC),
    row("POST /sign-in", PUBLIC, data=SIGN_IN),
    row("POST /sign-out", PUBLIC),
    row("GET /api/v1/keys", PUBLIC),
    row("GET /api/v1/openapi.json", PUBLIC),
    # One's own
    row("GET /", SIGNED_IN),
    row("GET /courses", SIGNED_IN),
    row("GET /account/delete", SIGNED_IN),
    row("POST /account/delete", SIGNED_IN, data={"confirm": "nothing"}),
    row("GET /api/v1/courses", SIGNED_IN),
    row("DELETE /api/v1/account/sessions", SIGNED_IN),
    row("POST /api/v1/receipts/verify", SIGNED_IN, json={"receipt": "x"}),
    row("GET /account", SIGNED_IN),
    row("POST /account/name", SIGNED_IN, data={"name": "Another"}),
    row("POST /account/password", SIGNED_IN, data={"current": "wrong", "password": "x"}),
    row("POST /account/sign-out-everywhere", SIGNED_IN),
    row("POST /account/tokens", SIGNED_IN, data={"token_name": "laptop"}),
    row("POST /account/tokens/<uuid:token_id>/revoke", {STUDENT}, OF_ANOTHER),
    row("GET /api/v1/account", SIGNED_IN),
    row("PATCH /api/v1/account", SIGNED_IN, json={"name": "Another"}),
    row("PUT /api/v1/account/password", SIGNED_IN, json={"current": "wrong", "password": "x"}),
    row("GET /api/v1/account/tokens", SIGNED_IN),
    row("POST /api/v1/account/tokens", SIGNED_IN, json={"name": "laptop"}),
    row("DELETE /api/v1/account/tokens", {STUDENT}, OF_ANOTHER, query_string=TOKEN),
    row("DELETE /api/v1/account/tokens/<uuid:token_id>", {STUDENT}, OF_ANOTHER),
    # One-time links and join codes
    row("GET /link/<secret>", PUBLIC),
    row("POST /link/<secret>", PUBLIC, data={"password": "x"}),
    row("GET /setup/<secret>", (), dict.fromkeys(ROLES, 404)),  # there is an operator
    row("POST /setup/<secret>", (), dict.fromkeys(ROLES, 404), data={"email": "x"}),
    row("GET /join", PUBLIC),
    row("POST /join", PUBLIC, data=CODE),
    row("GET /join/<code>", PUBLIC),
    row("POST /join/<code>", SIGNED_IN),
    row("POST /join/<code>/account", PUBLIC, data={"email": "x"}),
    row("POST /api/v1/join", SIGNED_IN, json=CODE),
    # Operators
    row("GET /operator", OPERATORS),
    row("GET /api/v1/operator/status", OPERATORS),
    row("GET /audit", OPERATORS),
    row("GET /api/v1/audit", OPERATORS),
    row("POST /operator/failures/run-again", OPERATORS),
    row("POST /operator/failures/<uuid:submission_id>/run-again", OPERATORS, NO_OPERATOR),
    row("GET /accounts", OPERATORS),
    row("POST /accounts/add", OPERATORS, data=ROSTER[0]),
    row("GET /accounts/<email>", OPERATORS),
    row("POST /accounts/<email>/change", OPERATORS, data={"name": "Another"}),
    row("POST /accounts/<email>/link", OPERATORS),
    row("GET /api/v1/accounts", OPERATORS),
    row("POST /api/v1/accounts", OPERATORS, json={"email": "new@example.edu", "name": "New"}),
    row("PATCH /api/v1/accounts/<email>", OPERATORS, json={"name": "Another"}),
    row("DELETE /api/v1/accounts/<email>", OPERATORS),
    row("GET /accounts/<email>/delete", OPERATORS),
    row("POST /accounts/<email>/delete", OPERATORS, data={"confirm": "ada@example.edu"}),
    # Courses
    row("POST /api/v1/courses", CREATORS, json={"slug": "new", "title": "New"}),
    row("GET /api/v1/courses/<course>", ENROLLED),
    row("PATCH /api/v1/courses/<course>", TEACHER, json={"title": "Another"}),
    row("DELETE /api/v1/courses/<course>", TEACHER, json={"confirm": "demo"}),
    row("POST /api/v1/courses/<course>/copy", TEACHER, json={"slug": "b", "title": "B"}),
    row("GET /api/v1/courses/<course>/roster", STAFF),
    row("POST /api/v1/courses/<course>/roster", TEACHER, json=ROSTER),
    row("DELETE /api/v1/courses/<course>/roster/<email>", TEACHER),
    row("GET /api/v1/courses/<course>/gradebook", STAFF),
    row("GET /api/v1/courses/<course>/grades.csv", STAFF),
    row("GET /new-course", SIGNED_IN),
    row("POST /new-course", CREATORS, data={"slug": "new", "title": "New"}),
    row("GET /courses/<course>/settings", TEACHER),
    row("POST /courses/<course>/settings", TEACHER, data=COURSE),
    row("POST /courses/<course>/settings/copy", TEACHER, data=COPY),
    row("GET /courses/<course>/new-assignment", TEACHER),
    row("POST /courses/<course>/new-assignment", TEACHER, data=ENGINE),
    row("GET /api/v1/courses/<course>/archive.zip", TEACHER),
    row("GET /api/v1/account/data.zip", SIGNED_IN),
    row("GET /account/data.zip", SIGNED_IN),
    row("GET /courses/<slug>/archive.zip", TEACHER),
    row("GET /courses/<slug>/archive", TEACHER),
    row("GET /api/v1/courses/<course>/audit", TEACHER),
    row("GET /courses/<course>/audit", TEACHER),
    row("GET /courses/<slug>", ENROLLED),
    row("GET /courses/<slug>/delete", TEACHER),
    row("POST /courses/<slug>/delete", TEACHER, data={"confirm": "demo"}),
    row("GET /courses/<slug>/gradebook", STAFF),
    row("GET /courses/<slug>/grades.csv", STAFF),
    row("GET /courses/<slug>/people", STAFF),
    row("GET /courses/<slug>/people/<email>", STAFF),
    row("GET /courses/<slug>/people/<email>/remove", TEACHER),
    row("POST /courses/<slug>/people/<email>/remove", TEACHER),
    row("POST /courses/<slug>/people/<email>/role", TEACHER, data={"role": "assistant"}),
    row("POST /courses/<slug>/people/add", TEACHER, data=ROSTER[0]),
    row(
        "POST /courses/<slug>/people/import",
        TEACHER,
        data=PASTED,
    ),
    row("GET /courses/<slug>/students/<email>", STAFF),
    row("POST /courses/<slug>/students/<email>/marks/<assignment>", STAFF, data=MARK),
    row("GET /api/v1/courses/<course>/invitations", TEACHER),
    row("POST /api/v1/courses/<course>/invitations", TEACHER, json={"emails": []}),
    row("DELETE /api/v1/courses/<course>/invitations/<uuid:code_id>", TEACHER),
    row("POST /api/v1/courses/<course>/roster/<email>/link", TEACHER),
    row("POST /courses/<slug>/people/invite", TEACHER, data={"emails": "none"}),
    row("POST /courses/<slug>/people/codes", TEACHER),
    row("POST /courses/<slug>/people/codes/<uuid:code_id>/revoke", TEACHER),
    row("POST /courses/<slug>/people/<email>/link", TEACHER),
    # Assignments
    row("POST /api/v1/courses/<course>/assignments", TEACHER, json={"slug": "b", "title": "B"}),
    row(f"GET {ASSIGNMENT}", ENROLLED),
    row(f"PATCH {ASSIGNMENT}", TEACHER, json={"title": "Another"}),
    row(f"POST {ASSIGNMENT}/close", TEACHER),
    row(f"POST {ASSIGNMENT}/open", TEACHER),
    row(f"GET {ASSIGNMENT}/extensions", STAFF),
    row(f"PUT {ASSIGNMENT}/extensions/<email>", TEACHER, json=EXTENSION),
    row(f"DELETE {ASSIGNMENT}/extensions/<email>", TEACHER),
    row(f"GET {ASSIGNMENT}/grades.csv", STAFF),
    row(f"GET {ASSIGNMENT}/insights", STAFF),
    row(f"GET {ASSIGNMENT}/submissions", ENROLLED),
    row(f"POST {ASSIGNMENT}/submissions", ENROLLED, json=FILE),
    row(f"GET {ASSIGNMENT}/marks/<email>", STAFF),
    row(f"PUT {ASSIGNMENT}/marks/<email>", STAFF, json={"score": 5.0, "reason": "x"}),
    row(f"DELETE {ASSIGNMENT}/marks/<email>", STAFF),
    row(f"POST {ASSIGNMENT}/release", TEACHER),
    row(f"POST {ASSIGNMENT}/students/<email>/submissions", TEACHER, json=FILE),
    row(f"POST {ASSIGNMENT}/class-files", TEACHER, json={"content": "AAAA"}),
    row(f"POST {ASSIGNMENT}/regrades", TEACHER, json={"which": "all"}),
    row("GET /api/v1/regrades/<uuid:regrade_id>", STAFF),
    row("POST /api/v1/regrades/<uuid:regrade_id>/apply", TEACHER),
    row("POST /api/v1/regrades/<uuid:regrade_id>/cancel", TEACHER),
    row("POST /api/v1/regrades/<uuid:regrade_id>/undo", TEACHER),
    row("GET /assignments/<slug>", ENROLLED),
    row("POST /assignments/<slug>", ENROLLED),
    row("GET /assignments/<slug>/<path:rest>", ENROLLED),
    row("POST /assignments/<slug>/<path:rest>", ENROLLED),
    row(f"GET {PAGE}", ENROLLED),
    row(f"POST {PAGE}/close", TEACHER),
    row(f"POST {PAGE}/open", TEACHER),
    row(f"GET {PAGE}/delete", TEACHER),
    row(f"POST {PAGE}/delete", TEACHER),
    row(f"GET {PAGE}/edit", TEACHER),
    row(f"POST {PAGE}/edit", TEACHER, data=ENGINE),
    row(f"GET {PAGE}/extensions", STAFF),
    row(
        f"POST {PAGE}/extensions", TEACHER, data={"email": "ada@example.edu", "attempt_limit": "9"}
    ),
    row(f"GET {PAGE}/extensions/remove", TEACHER, query_string={"student": "ada@example.edu"}),
    row(f"POST {PAGE}/extensions/remove", TEACHER, data={"email": "ada@example.edu"}),
    row(f"GET {PAGE}/grades.csv", STAFF),
    row(f"GET {PAGE}/lecture", STAFF),
    row(f"POST {PAGE}/regrades", TEACHER, data={"which": "all"}),
    row(f"GET {PAGE}/regrades/<uuid:regrade_id>", STAFF),
    row(f"GET {PAGE}/regrades/<uuid:regrade_id>/progress", STAFF),
    row(f"POST {PAGE}/regrades/<uuid:regrade_id>/apply", TEACHER),
    row(f"POST {PAGE}/regrades/<uuid:regrade_id>/cancel", TEACHER),
    row(f"POST {PAGE}/regrades/<uuid:regrade_id>/undo", TEACHER),
    row(f"GET {PAGE}/release", STAFF),
    row(f"POST {PAGE}/release", TEACHER),
    row(f"POST {PAGE}/submissions", ENROLLED, data=FILE),
    row(f"GET {PAGE}/upload", TEACHER),
    row(f"POST {PAGE}/upload", TEACHER, data={"email": "ada@example.edu"}),
    row(f"POST {PAGE}/upload/class", TEACHER),
    row(f"POST {PAGE}/upload/class/apply", TEACHER),
    row(f"GET {PAGE}{SUBMISSION}/again", {STUDENT}, {ASSISTANT: 404, HEAD: 404}),
    # Submissions
    row(f"GET {API_SUBMISSION}", OWN),
    row(f"GET {API_SUBMISSION}/comments", OWN),
    row(f"POST {API_SUBMISSION}/comments", STAFF, json={"line": None, "text": "Good"}),
    row(f"DELETE {API_SUBMISSION}/comments/<uuid:comment_id>", TEACHER),  # it's a teacher's
    row(f"GET {API_SUBMISSION}/counterexample.png", OWN),
    row(f"GET {API_SUBMISSION}/counterexample.py", OWN),
    row(f"GET {API_SUBMISSION}/counterexample.svg", OWN),
    row(f"POST {API_SUBMISSION}/override", STAFF, json={"score": 5, "reason": "x"}),
    row(f"POST {API_SUBMISSION}/regrade", TEACHER),
    row(f"GET {API_SUBMISSION}/results.json", OWN),
    row(f"GET {API_SUBMISSION}/source", OWN),
    row(f"GET {SUBMISSION}", OWN),
    row(f"GET {SUBMISSION}/cases/<suite>/<case_id>", OWN),
    row(f"POST {SUBMISSION}/comments", STAFF, data={"text": "Good"}),
    row(f"GET {SUBMISSION}/comments/<uuid:comment_id>/delete", STAFF),
    row(f"POST {SUBMISSION}/comments/<uuid:comment_id>/delete", TEACHER),
    row(f"POST {SUBMISSION}/override", STAFF, data=MARK),
    row(f"POST {SUBMISSION}/regrade", TEACHER),
    row(f"GET {SUBMISSION}/report", OWN),
    row(f"GET {SUBMISSION}/review", STAFF),
    row(f"GET {SUBMISSION}/source", OWN),
]


def expand(rows: Collection[Row]) -> Iterator[Row]:
    """The rows, with the long address of each operation on an assignment."""
    for each in rows:
        yield each
        if each.address.startswith(ASSIGNMENT):
            address = each.address.replace(ASSIGNMENT, LONG_ASSIGNMENT)
            yield Row(
                method=each.method,
                address=address,
                may=each.may,
                sends=each.sends,
                others=each.others,
            )
