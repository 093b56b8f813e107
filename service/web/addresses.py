"""The long and the short address of an assignment.

The long one, `/courses/demo/assignments/autograd`, always works. The short one,
`/assignments/autograd`, works in the API unless several courses of the viewer have that slug.
Pages redirect it to the long one.
"""

from __future__ import annotations

from flask import Blueprint, Flask

from service.courses.models import Assignment

LONG = "/courses/<course>/assignments/<slug>"
SHORT = "/assignments/<slug>"


def address_of(assignment: Assignment) -> str:
    """The long address of an assignment's page."""
    return f"/courses/{assignment.course.slug}/assignments/{assignment.slug}"


def register_at_assignment(app: Flask, blueprint: Blueprint, prefix: str = "") -> None:
    """Serve a blueprint at both addresses of an assignment.

    Its views take `slug` and `course`, which is None at the short address.
    """
    app.register_blueprint(blueprint, url_prefix=prefix + SHORT)
    app.register_blueprint(blueprint, url_prefix=prefix + LONG, name=f"{blueprint.name}_of_course")
