"""What is stored about a person: e-mail, name and student number."""

from __future__ import annotations

from service.errors import Invalid

MAX_EMAIL = 320  # characters, the standard's limit; the throttle stores no longer one
MAX_NAME = 200
MAX_NUMBER = 64
# Punctuation of lists and comments in a mail's header. A slash would divide a page's address.
STRANGE = frozenset('()<>[]{},;:\\"/')
OF_DELETED = "deleted.invalid"  # the host in the e-mails of deleted accounts
MAX_SHOWN = 60  # of a rejected e-mail


def normalise_email(text: str) -> str:
    """An e-mail as it is stored.

    >>> normalise_email(" Ada@Example.edu ")
    'ada@example.edu'
    """
    return text.strip().lower()


def check_email(text: str) -> str:
    """An e-mail as it is stored; raises Invalid."""
    email = normalise_email(text)
    user, at, host = email.partition("@")
    readable = email.isprintable() and not any(each.isspace() for each in email)
    strange = "@" in host or host == OF_DELETED or STRANGE & set(email)
    if not (user and at and host) or strange or not readable or len(email) > MAX_EMAIL:
        message = f"{_shown(email)} is not an e-mail address."
        raise Invalid(message, fields={"email": message})
    return email


def check_name(text: str) -> str:
    """A person's name as it is stored; raises Invalid."""
    name = " ".join(text.split())
    if not name or not name.isprintable():
        message = "The name is empty. Give the person's name."
        if name:
            message = "The name has characters that can't be shown. Type it again."
        raise Invalid(message, fields={"name": message})
    if len(name) > MAX_NAME:
        message = f"The name is too long. It may have {MAX_NAME} characters."
        raise Invalid(message, fields={"name": message})
    return name


def check_student_number(text: str) -> str:
    """A student number as it is stored, which may be empty; raises Invalid."""
    number = text.strip()
    if not number.isprintable() or len(number) > MAX_NUMBER:
        message = f"The student number may have {MAX_NUMBER} characters, and no line breaks."
        raise Invalid(message, fields={"student_number": message})
    return number


def _shown(text: str) -> str:
    return repr(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…")
