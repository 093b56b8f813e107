"""Which queued grading is next. It gets counts and seconds, and reads no database.

Submissions come before regrades, and a running regrade gives way to one. Among them, the student
who has had the least lately comes first, then the course that has had the least, then the one that
has waited longest.
"""

from __future__ import annotations

import copy
import heapq
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

RESERVED_SECONDS = 6.0  # CPU that an endless loop may use; what a running grading counts as

Owner = uuid.UUID | None  # a student or a course; None in rows of an earlier version
_Entry: TypeAlias = "tuple[float, int, int, Group]"  # waited, an index, how many are left


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The queued gradings of one student in one course with one ordinal; above 1 are regrades.

    `waited` is how many seconds the oldest has waited, infinite if the clock was set back since.
    """

    student: Owner
    course: Owner
    ordinal: int = 1
    length: int = 1
    waited: float = 0.0

    @property
    def is_regrade(self) -> bool:
        """Whether these are later gradings of submissions that were graded before."""
        return self.ordinal > 1


@dataclass(slots=True)
class Shares:
    """What students and courses have had lately, in CPU seconds, and how many of whose run now."""

    students: defaultdict[Owner, float] = field(default_factory=lambda: defaultdict(float))
    courses: defaultdict[Owner, float] = field(default_factory=lambda: defaultdict(float))
    running: Counter[Owner] = field(default_factory=Counter)

    def add(self, student: Owner, course: Owner, seconds: float) -> None:
        """Count what a grading used."""
        self.students[student] += seconds
        self.courses[course] += seconds

    def add_running(self, student: Owner, course: Owner) -> None:
        """Count a running grading. It counts as RESERVED_SECONDS until it ends."""
        self.add(student, course, RESERVED_SECONDS)
        self.running[student] += 1

    def key(self, group: Group) -> tuple[float, float, float]:
        """Sorts groups: the smallest is next."""
        return (
            self.students.get(group.student, 0.0),
            self.courses.get(group.course, 0.0),
            -group.waited,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The queue, and the shares of submissions and of regrades. `slots` grade at the same time."""

    groups: Sequence[Group]
    submissions: Shares
    regrades: Shares
    slots: int

    def choose(self) -> Group | None:
        """The group whose oldest grading a free slot takes; None if it takes none.

        A student has at most half of the slots, at least one. The last free slot goes to the
        student with the fewest running submissions. A regrade takes it only if no other regrade
        runs, and gives way to a submission (`needs_slot`).
        """
        regrades = self.regrades.running.total()
        busy = self.submissions.running.total() + regrades
        submission = self._choose_submission(busy)
        is_last = self._slots(busy) - busy == 1
        if submission is not None or (is_last and regrades):
            return submission
        again = (group for group in self.groups if group.is_regrade)
        return min(again, key=self.regrades.key, default=None)

    @property
    def needs_slot(self) -> bool:
        """Whether a submission waits that would take the slot of one of the running regrades."""
        busy = self.submissions.running.total() + self.regrades.running.total()
        return self._choose_submission(max(0, busy - 1)) is not None

    def _slots(self, busy: int) -> int:
        return max(self.slots, busy + 1)  # the slot that asks is free

    def _choose_submission(self, busy: int) -> Group | None:
        """The group of submissions that a free slot takes while this many slots are busy."""
        running, slots = self.submissions.running, self._slots(busy)
        is_last = slots - busy == 1
        most = max(1, slots // 2)
        own = [
            group for group in self.groups if not group.is_regrade and running[group.student] < most
        ]
        if own and is_last:
            fewest = min(running[group.student] for group in own)
            own = [group for group in own if running[group.student] == fewest]
        return min(own, key=self.submissions.key, default=None)

    def order(self) -> Iterator[Group]:
        """The groups in the order in which their gradings would start, one for each of these.

        Each grading counts as RESERVED_SECONDS here. What gradings really use, and new
        submissions, change the order.
        """
        yield from _order((g for g in self.groups if not g.is_regrade), self.submissions)
        yield from _order((g for g in self.groups if g.is_regrade), self.regrades)


def _order(groups: Iterable[Group], shares: Shares) -> Iterator[Group]:
    simulated = _Simulated(copy.deepcopy(shares))
    for index, group in enumerate(groups):
        simulated.push((-group.waited, index, group.length, group))
    while (entry := simulated.pop()) is not None:
        waited, index, left, group = entry
        yield group
        simulated.shares.add(group.student, group.course, RESERVED_SECONDS)
        if left > 1:
            simulated.push((waited, index, left - 1, group))


class _Simulated:
    """Groups by what their students had, then by course, so that the next is found quickly.

    A grading changes what one student and one course had, which would change many keys of a heap.
    """

    def __init__(self, shares: Shares) -> None:
        self.shares = shares
        self._levels: list[float] = []  # a heap of the keys of `_courses`
        self._courses: dict[float, dict[Owner, list[_Entry]]] = {}

    def push(self, entry: _Entry) -> None:
        """Add a group by what its student has had now."""
        group = entry[-1]
        level = self.shares.students.get(group.student, 0.0)
        if level not in self._courses:
            heapq.heappush(self._levels, level)
            self._courses[level] = {}
        heapq.heappush(self._courses[level].setdefault(group.course, []), entry)

    def pop(self) -> _Entry | None:
        """Remove the next group; None at the end."""
        had = self.shares.courses
        while self._levels:
            level = self._levels[0]
            courses = self._courses[level]
            if not courses:
                del self._courses[heapq.heappop(self._levels)]
                continue
            course = min(courses, key=lambda each: (had.get(each, 0.0), courses[each][0]))
            entry = heapq.heappop(courses[course])
            if not courses[course]:
                del courses[course]
            if self.shares.students.get(entry[-1].student, 0.0) == level:
                return entry
            self.push(entry)  # the student has had something in another course since
        return None
