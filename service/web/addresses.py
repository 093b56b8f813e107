"""The long and the short address of an assignment.

The long one, `/courses/demo/assignments/autograd`, works for the API. The short one,
`/assignments/autograd`, works for the API and for pages.
"""

from __future__ import annotations

from flask import Blueprint, Flask

LONG = "/courses/<course>/assignments/<slug>"
SHORT = "/assignments/<slug>"


def register_at_assignment(app: Flask, blueprint: Blueprint, prefix: str = "") -> None:
    """Serve a blueprint at both addresses of an assignment.

    Its views take `slug` and `course`, which is None at the short address.
    """
    app.register_blueprint(blueprint, url_prefix=prefix + SHORT)
    app.register_blueprint(blueprint, url_prefix=prefix + LONG, name=f"{blueprint.name}_of_course")
