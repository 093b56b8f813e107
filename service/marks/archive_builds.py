"""Builds large archives in the background, in a thread of the web process that was asked.

An archive is a private file in the folder of builds. All web processes of a machine share the
folder, so any of them answers for a build. A process that ends takes its unfinished builds with it,
and one asks again. Archives are removed after an hour.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from service.courses.access import require_teacher
from service.courses.models import Course
from service.errors import NotFound, TooManyRequests
from service.marks.archive import write_archive
from service.people.actors import Actor
from service.people.models import Account
from service.settings import Settings
from service.store.database import Sessions

log = logging.getLogger(__name__)

AT_ONCE = 200  # submissions; an archive of so few is built while the request waits
KEPT_SECONDS = 3600.0  # that an archive is kept
STALLED_SECONDS = 120.0  # without a byte, after which a build has failed
RETRY_SECONDS = 3

_building = threading.Lock()  # one at a time in a process


def in_thread(work: Callable[[], None]) -> None:
    """Run something in a thread of this process, which doesn't keep it alive."""
    threading.Thread(target=work, name="archive", daemon=True).start()


def start_build(
    session: Session,
    actor: Account,
    course: Course,
    settings: Settings,
    sessions: Sessions,
    *,
    run: Callable[[Callable[[], None]], None] = in_thread,
) -> uuid.UUID:
    """Start to build an archive, and return the build's id. For the course's teachers.

    Raises TooManyRequests while this process builds another one.
    """
    require_teacher(session, actor, course.id)
    if not _building.acquire(blocking=False):
        raise TooManyRequests("Another archive is being built.", retry_after=30)
    try:
        folder = _folder(settings)
        remove_old(settings)
        build = uuid.uuid4()
        path = folder / f"{course.id}-{build}.zip"
        path.with_suffix(".part").touch(mode=0o600)
        run(partial(_build, sessions, actor.id, course.id, path))
    except BaseException:  # also if there are too many threads
        _building.release()
        raise
    return build


def find_build(
    session: Session, actor: Actor, course: Course, settings: Settings, build: uuid.UUID
) -> Path | None:
    """The archive of a build; None while it isn't finished. For the course's teachers.

    Raises NotFound if there is none, or none any more.
    """
    require_teacher(session, actor, course.id)
    remove_old(settings)
    path = _folder(settings) / f"{course.id}-{build}.zip"
    with contextlib.suppress(FileNotFoundError):
        if time.time() - path.stat().st_mtime < KEPT_SECONDS:
            return path
    with contextlib.suppress(FileNotFoundError):
        if time.time() - path.with_suffix(".part").stat().st_mtime < STALLED_SECONDS:
            return None
    raise NotFound("This archive is gone, or it was never finished. Ask for a new one.")


def remove_builds_of(settings: Settings, course_id: uuid.UUID) -> None:
    """Remove all archives of a course, also unfinished ones, from this machine."""
    for ending in ("part", "zip"):  # a build that ends meanwhile is a ZIP by then
        for path in _folder(settings).glob(f"{course_id}-*.{ending}"):
            path.unlink(missing_ok=True)


def remove_old(settings: Settings) -> None:
    """Remove archives and unfinished builds that are older than an hour.

    Web processes do it too: the scheduler may run where it has another folder.
    """
    for path in _folder(settings).iterdir():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                path.unlink()


def _build(sessions: Sessions, actor_id: uuid.UUID, course_id: uuid.UUID, path: Path) -> None:
    part = path.with_suffix(".part")
    try:
        with sessions() as session, part.open("wb") as file:
            actor = session.get_one(Account, actor_id)
            write_archive(session, actor, session.get_one(Course, course_id), file)
        part.rename(path)
    except Exception:
        log.exception("an archive of course %s can't be built", course_id)
        part.unlink(missing_ok=True)
    finally:
        _building.release()


def _folder(settings: Settings) -> Path:
    """A private folder: in the data folder of one machine, or else with other temporary files."""
    parent = settings.data_dir if settings.embedded else Path(tempfile.gettempdir())
    folder = parent / ("archives" if settings.embedded else f"chainrule-archives-{os.geteuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} must belong to Chainrule alone")
    return folder
