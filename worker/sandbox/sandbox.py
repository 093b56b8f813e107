"""The sandbox of one worker slot: keeps a zygote, and opens sessions from it."""

from __future__ import annotations

import logging
import os
from typing import Self

from worker.sandbox.errors import SandboxError
from worker.sandbox.libseccomp import compile_policy
from worker.sandbox.outcome import Limits, Names, Submission
from worker.sandbox.processes import Zygote
from worker.sandbox.session import Session

MOST_FORKS = 300  # all children of a zygote share a hash seed and a memory layout: change them
REQUIRED_LAYERS = frozenset(
    {
        "session",
        "descriptors",
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
        if self._owner != os.getpid():  # this is a forked copy: the zygote belongs to the original
            self._zygote.disown()
            self._owner = os.getpid()
        if self._zygote.usable and self._zygote.forks < MOST_FORKS:
            try:
                return self._open(submission, limits)
            except SandboxError:
                _log.warning("The zygote was lost between two sessions; starting another")
        self._zygote.close()
        self._zygote = Zygote(self._policy)
        return self._open(submission, limits)

    def close(self) -> None:
        """Ends the zygote and whatever it still has."""
        if self._owner == os.getpid():
            self._zygote.close()
        else:
            self._zygote.disown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, submission: Submission, limits: Limits) -> Session:
        return Session(self._zygote, submission, limits, self._required)

    def _probe(self) -> dict[str, str]:
        """Which layers a child really puts on here, found by letting one do it."""
        with self._open(Submission(source=""), Limits()) as session:
            return session.secure()
