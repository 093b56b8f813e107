"""The sandbox of one worker slot: keeps a zygote, and opens sessions from it."""

from __future__ import annotations

import logging
import os
from typing import Self

from worker.report.names import Names
from worker.sandbox.errors import SandboxError
from worker.sandbox.host.outcome import Limits, Submission
from worker.sandbox.host.session import Session
from worker.sandbox.host.zygote_process import Zygote
from worker.sandbox.policy.libseccomp import compile_policy

MOST_FORKS = 300  # all children of a zygote share a hash seed and a memory layout: change them
FORKS_AHEAD = 30  # before the last, the next zygote is started, so that no session waits for it
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
    """Opens sessions. Raises SandboxError when a required layer cannot be had. For one thread."""

    def __init__(self, require_landlock: bool = False) -> None:
        self._required = REQUIRED_LAYERS | ({"landlock"} if require_landlock else set())
        self._policy = compile_policy()
        self._owner = os.getpid()
        self._zygote = Zygote(self._policy)
        self._next: Zygote | None = None
        self._retired: Zygote | None = None
        try:
            self.layers = self._probe()
        except SandboxError:
            self._zygote.close()
            raise

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The layers in force, in the order in which a child puts them on."""
        return tuple(self.layers)

    @property
    def zygote_pid(self) -> int:
        """Of the process that forks the sessions, for those who watch over it."""
        return self._zygote.pid

    def session(
        self, source: str, limits: Limits, *, names: Names | None = None, layout: int = 0
    ) -> Session:
        """A fresh child for a student's source. A worn or broken zygote is replaced.

        `names` are those that an assignment asks for; `layout` numbers the layouts of memory.
        """
        submission = Submission(source=source, names=names, layout=layout)
        if self._owner != os.getpid():  # this is a forked copy: its zygotes belong to the original
            self._disown()
        if self._zygote.forks >= MOST_FORKS:
            self._succeed()
        if self._zygote.usable:
            try:
                session = self._open(submission, limits)
            except SandboxError:
                _log.warning("The zygote was lost between two sessions; starting another")
            else:
                self._look_ahead()
                return session
        self._end_zygotes()
        self._zygote = Zygote(self._policy)
        return self._open(submission, limits)

    def close(self) -> None:
        """Ends the zygotes and whatever they still have."""
        if self._owner == os.getpid():
            self._end_zygotes()
        else:
            self._disown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, submission: Submission, limits: Limits) -> Session:
        return Session(self._zygote, submission, limits, self._required)

    def _look_ahead(self) -> None:
        """Starts the next zygote when this one is nearly worn; it gets ready by itself."""
        if self._retired is not None and self._retired.is_gone():
            self._retired = None
        if self._next is None and self._zygote.forks >= MOST_FORKS - FORKS_AHEAD:
            try:
                self._next = Zygote(self._policy)
            except SandboxError:
                _log.warning("The next zygote could not be started; it is tried again")

    def _succeed(self) -> None:
        """The next zygote, if there is one, takes the place of this one, which ends by itself."""
        if self._next is None:  # it could not be started
            self._zygote.close()
            return
        if self._retired is not None:
            self._retired.close()
        self._zygote.retire()
        self._retired, self._zygote, self._next = self._zygote, self._next, None

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

    def _probe(self) -> dict[str, str]:
        """Which layers a child really puts on here, found by letting one do it."""
        with self._open(Submission(source=""), Limits()) as session:
            return session.secure()
