"""Who may do what: a table of all use cases, with how to call each one.

A use case is a public function of a domain package that takes a session. A new one needs an entry
in the file of its domain, or a reason in `unchecked.py`; `test_use_cases.py` fails without it.
"""

from __future__ import annotations

from tests.service.use_cases.courses import COURSES
from tests.service.use_cases.installation import INSTALLATION
from tests.service.use_cases.marks import MARKS
from tests.service.use_cases.people import PEOPLE
from tests.service.use_cases.submissions import SUBMISSIONS

USE_CASES = [*INSTALLATION, *PEOPLE, *COURSES, *SUBMISSIONS, *MARKS]
