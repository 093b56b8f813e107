"""What a program can do over HTTP, a person can do on a page, without script.

Add a row for each new operation: the page, link or form that does the same job. The tests next to
this one drive each page as a browser without script does.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.service.web.routes import PAGE, ROUTES, SUBMISSION

API = "/api/v1"
COURSE, ASSIGNMENT = "/courses/<course>", "/assignments/<slug>"
OWN_COURSE, REGRADE = "/courses/<slug>", "/regrades/<uuid:regrade_id>"
FOR_PROGRAMS = {
    "GET /keys": "verifies receipts elsewhere",
    "GET /openapi.json": "describes the API",
    "POST /receipts/verify": "receipts are shown on the page of a submission",
    f"GET {SUBMISSION}/results.json": "a format of Gradescope",
}
PAGES = {
    # Submissions
    f"GET {ASSIGNMENT}/submissions": f"GET {PAGE}",
    f"POST {ASSIGNMENT}/submissions": f"POST {PAGE}/submissions",
    f"GET {SUBMISSION}": f"GET {SUBMISSION}",
    f"GET {SUBMISSION}/source": f"GET {SUBMISSION}/source",
    f"GET {SUBMISSION}/counterexample.png": f"GET {SUBMISSION}",
    f"GET {SUBMISSION}/counterexample.py": f"GET {SUBMISSION}",
    f"GET {SUBMISSION}/counterexample.svg": f"GET {SUBMISSION}",
    f"GET {SUBMISSION}/comments": f"GET {SUBMISSION}",
    f"POST {SUBMISSION}/comments": f"POST {SUBMISSION}/comments",
    f"DELETE {SUBMISSION}/comments/<uuid:comment_id>": (
        f"POST {SUBMISSION}/comments/<uuid:comment_id>/delete"
    ),
    f"POST {SUBMISSION}/override": f"POST {SUBMISSION}/override",
    f"POST {SUBMISSION}/regrade": f"POST {SUBMISSION}/regrade",
    # Courses and people
    "GET /courses": "GET /courses",
    "POST /courses": "POST /new-course",
    f"GET {COURSE}": f"GET {OWN_COURSE}",
    f"PATCH {COURSE}": f"POST {COURSE}/settings",
    f"DELETE {COURSE}": f"POST {OWN_COURSE}/delete",
    f"POST {COURSE}/copy": f"POST {COURSE}/settings/copy",
    f"GET {COURSE}/roster": f"GET {OWN_COURSE}/people",
    f"POST {COURSE}/roster": f"POST {OWN_COURSE}/people/import",
    f"DELETE {COURSE}/roster/<email>": f"POST {OWN_COURSE}/people/<email>/remove",
    f"POST {COURSE}/roster/<email>/link": f"POST {OWN_COURSE}/people/<email>/link",
    f"GET {COURSE}/invitations": f"GET {OWN_COURSE}/people",
    f"POST {COURSE}/invitations": f"POST {OWN_COURSE}/people/invite",
    f"DELETE {COURSE}/invitations/<uuid:code_id>": (
        f"POST {OWN_COURSE}/people/codes/<uuid:code_id>/revoke"
    ),
    "POST /join": "POST /join/<code>",
    f"GET {COURSE}/gradebook": f"GET {OWN_COURSE}/gradebook",
    f"GET {COURSE}/grades.csv": f"GET {OWN_COURSE}/grades.csv",
    f"GET {COURSE}/archive.zip": f"GET {OWN_COURSE}/archive.zip",
    f"GET {COURSE}/audit": f"GET {COURSE}/audit",
    # Assignments
    f"POST {COURSE}/assignments": f"POST {COURSE}/new-assignment",
    f"GET {ASSIGNMENT}": f"GET {PAGE}",
    f"PATCH {ASSIGNMENT}": f"POST {PAGE}/edit",
    f"POST {ASSIGNMENT}/close": f"POST {PAGE}/close",
    f"POST {ASSIGNMENT}/open": f"POST {PAGE}/open",
    f"GET {ASSIGNMENT}/extensions": f"GET {PAGE}/extensions",
    f"PUT {ASSIGNMENT}/extensions/<email>": f"POST {PAGE}/extensions",
    f"DELETE {ASSIGNMENT}/extensions/<email>": f"POST {PAGE}/extensions/remove",
    f"GET {ASSIGNMENT}/grades.csv": f"GET {PAGE}/grades.csv",
    f"GET {ASSIGNMENT}/insights": f"GET {PAGE}",
    f"GET {ASSIGNMENT}/marks/<email>": f"GET {OWN_COURSE}/students/<email>",
    f"PUT {ASSIGNMENT}/marks/<email>": f"POST {OWN_COURSE}/students/<email>/marks/<assignment>",
    f"DELETE {ASSIGNMENT}/marks/<email>": f"POST {OWN_COURSE}/students/<email>/marks/<assignment>",
    f"POST {ASSIGNMENT}/release": f"POST {PAGE}/release",
    f"POST {ASSIGNMENT}/students/<email>/submissions": f"POST {PAGE}/upload",
    f"POST {ASSIGNMENT}/class-files": f"POST {PAGE}/upload/class",
    f"POST {ASSIGNMENT}/regrades": f"POST {PAGE}/regrades",
    f"GET {REGRADE}": f"GET {PAGE}{REGRADE}",
    f"POST {REGRADE}/apply": f"POST {PAGE}{REGRADE}/apply",
    f"POST {REGRADE}/cancel": f"POST {PAGE}{REGRADE}/cancel",
    f"POST {REGRADE}/undo": f"POST {PAGE}{REGRADE}/undo",
    # One's own account, and those of an installation
    "GET /account": "GET /account",
    "PATCH /account": "POST /account/name",
    "PUT /account/password": "POST /account/password",
    "GET /account/data.zip": "GET /account/data.zip",
    "DELETE /account/sessions": "POST /account/sign-out-everywhere",
    "GET /account/tokens": "GET /account",
    "POST /account/tokens": "POST /account/tokens",
    "DELETE /account/tokens": "POST /account/tokens/<uuid:token_id>/revoke",
    "DELETE /account/tokens/<uuid:token_id>": "POST /account/tokens/<uuid:token_id>/revoke",
    "GET /accounts": "GET /accounts",
    "POST /accounts": "POST /accounts/add",
    "PATCH /accounts/<email>": "POST /accounts/<email>/change",
    "DELETE /accounts/<email>": "POST /accounts/<email>/delete",
    "GET /audit": "GET /audit",
    "GET /operator/status": "GET /operator",
}


def names() -> Iterator[str]:
    """The operations of the API, without the beginning of their addresses."""
    for each in ROUTES:
        if each.is_api:
            yield f"{each.method} {each.address.removeprefix(API)}"


def test_the_table_names_a_page_for_every_operation() -> None:
    missing = sorted(set(names()) - PAGES.keys() - FOR_PROGRAMS.keys())
    assert not missing, f"Say in PAGES of {__name__} which page does the same: {missing}"
    assert PAGES.keys() | FOR_PROGRAMS.keys() == set(names()), "Some are no operations any more."


def test_those_who_may_use_an_operation_may_use_its_page() -> None:
    """Some pages that ask first, or say how to get the right, may be read by more people."""
    may = {each.name: each.may for each in ROUTES}
    assert set(PAGES.values()) <= may.keys(), "Some are no pages."
    narrower = {
        operation: page
        for operation, page in PAGES.items()
        if not may[operation.replace(" ", f" {API}", 1)] <= may[page]
    }
    assert narrower == {}
