"""The sandbox of one worker process: starts zygotes and opens sessions."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Self

from worker.report.names import Names
from worker.sandbox.errors import SandboxError
from worker.sandbox.host.outcome import Limits, Submission
from worker.sandbox.host.session import Session
from worker.sandbox.host.zygote_process import Zygote
from worker.sandbox.policy.libseccomp import compile_policy

MOST_FORKS = 300  # then a new zygote, because children share its hash seed and addresses
FORKS_AHEAD = 30  # start the next zygote this many forks early, so that no session waits
REQUIRED_LAYERS = frozenset(
    {
        "session",
        "descriptors",
        "no_capabilities",
        "parent_death",
        "rlimits",
        "no_new_privs",
        "undumpable",
        "seccomp",
    }
)
REQUIRE_LANDLOCK_SETTING = "CHAINRULE_SANDBOX_REQUIRE_LANDLOCK"

_log = logging.getLogger(__name__)


class Sandbox:
    """Opens sessions. Use it from one thread only.

    `count` is called with the name of every event: a `session` was opened, or a zygote was
    replaced because it was old (`planned`) or had ended (`lost`).

    Raises SandboxError if a required layer isn't available.
    """

    def __init__(
        self, require_landlock: bool = False, *, count: Callable[[str], None] = lambda _: None
    ) -> None:
        self._count = count
        self._required = REQUIRED_LAYERS | ({"landlock"} if require_landlock else set())
        self._policy = compile_policy()
        self._owner = os.getpid()
        self._zygote = Zygote(self._policy)
        self._next: Zygote | None = None
        self._retired: Zygote | None = None
        try:
            # Which layers does a child really put on here? Let one do it.
            with self._open(Submission(source=""), Limits()) as session:
                self.layers = session.secure()
        except SandboxError:
            self._zygote.close()
            raise

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The layers in force, in the order in which a child puts them on."""
        return tuple(self.layers)

    @property
    def zygote_pid(self) -> int:
        """The process id of the zygote in use."""
        return self._zygote.pid

    def session(
        self, source: str, limits: Limits, *, names: Names | None = None, reverse: bool = False
    ) -> Session:
        """Opens a session for a student's source. Replaces the zygote if it is old or broken.

        `names` are the names that an assignment asks for. With `reverse`, sets have the reverse
        of their usual order, and random numbers another seed.
        """
        submission = Submission(source=source, names=names, reverse=reverse)
        if self._owner != os.getpid():  # a forked copy: the zygotes belong to the original
            self._disown()
        if self._zygote.forks >= MOST_FORKS:
            self._replace_zygote()
        if self._zygote.usable:
            try:
                session = self._open(submission, limits)
            except SandboxError:
                _log.warning("The zygote was lost between two sessions; starting another")
            else:
                self._prepare_next_zygote()
                return session
        self._end_zygotes()
        self._count("planned" if self._zygote.forks >= MOST_FORKS else "lost")
        self._zygote = Zygote(self._policy)
        return self._open(submission, limits)

    def close(self) -> None:
        """Ends the zygotes and their children."""
        if self._owner == os.getpid():
            self._end_zygotes()
        else:
            self._disown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, submission: Submission, limits: Limits) -> Session:
        self._count("session")
        return Session(self._zygote, submission, limits, self._required)

    def _prepare_next_zygote(self) -> None:
        """Starts the next zygote shortly before this one is too old."""
        if self._retired is not None and self._retired.is_gone():
            self._retired = None
        if self._next is None and self._zygote.forks >= MOST_FORKS - FORKS_AHEAD:
            try:
                self._next = Zygote(self._policy)
            except SandboxError:
                _log.warning("The next zygote could not be started; trying again later")

    def _replace_zygote(self) -> None:
        """Replaces this zygote, which is too old, by the next one."""
        if self._next is None:  # it couldn't be started
            self._zygote.close()
            return
        if self._retired is not None:
            self._retired.close()
        self._zygote.retire()
        self._retired, self._zygote, self._next = self._zygote, self._next, None
        self._count("planned")

    def _all_zygotes(self) -> list[Zygote]:
        return [z for z in (self._zygote, self._next, self._retired) if z is not None]

    def _end_zygotes(self) -> None:
        for zygote in self._all_zygotes():
            zygote.close()
        self._next = self._retired = None

    def _disown(self) -> None:
        for zygote in self._all_zygotes():
            zygote.disown()
        self._next = self._retired = None
        self._owner = os.getpid()
