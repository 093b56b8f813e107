"""The table of forms: each operation with what may stand on either side of it.

A form is one way to write an operation, such as `x * 2`. An engine often has code of its own for
it, so a mistake may be in that form alone.
"""

from __future__ import annotations

from tests.strength.forms.form import Form
from tests.strength.forms.functions import make_functions
from tests.strength.forms.operators import make_operators

FORMS: tuple[Form, ...] = (*make_operators(), *make_functions())
