"""Who is graded next: the order of claims, by counts alone."""

from __future__ import annotations

import uuid
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from service.submissions import fairness
from service.submissions.fairness import RESERVED_SECONDS, Group, Line, Shares

ADA, BLAISE, EMMY, KURT = (uuid.UUID(int=number) for number in range(1, 5))
ALGEBRA, LOGIC = (uuid.UUID(int=number) for number in range(11, 13))
NAMES = {ADA: "ada", BLAISE: "blaise", EMMY: "emmy", KURT: "kurt"}


class School:
    """A queue in memory, with slots that take gradings and end them."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.queued: list[Group] = []  # one grading each, the oldest first
        self.running: list[Group] = []
        self.used: list[tuple[Group, float]] = []

    def submit(
        self, student: uuid.UUID, course: uuid.UUID = ALGEBRA, *, times: int = 1, ordinal: int = 1
    ) -> None:
        """Queue gradings of a student."""
        one = Group(student=student, course=course, ordinal=ordinal)
        self.queued += [one] * times

    def line(self) -> Line:
        """The queue as a claim sees it."""
        groups = [
            Group(
                student=one.student,
                course=one.course,
                ordinal=one.ordinal,
                length=length,
                waited=float(len(self.queued) - self.queued.index(one)),
            )
            for one, length in Counter(self.queued).items()
        ]
        both = (Shares(), Shares())
        for one, seconds in self.used:
            both[one.is_regrade].add(one.student, one.course, seconds)
        for one in self.running:
            both[one.is_regrade].add_running(one.student, one.course)
        return Line(groups=groups, submissions=both[0], regrades=both[1], slots=self.slots)

    def claim(self) -> str | None:
        """Let a free slot take a grading; says whose."""
        if len(self.running) == self.slots:
            return None
        group = self.line().choose()
        if group is None:
            return None
        one = Group(student=group.student, course=group.course, ordinal=group.ordinal)
        self.queued.remove(one)
        self.running.append(one)
        name = NAMES[group.student] if group.student else "nobody"
        return f"{name} again" if one.is_regrade else name

    def claim_all(self) -> list[str]:
        """Let all free slots take gradings."""
        claims = []
        while (claim := self.claim()) is not None:
            claims.append(claim)
        return claims

    def end(self, student: uuid.UUID, seconds: float = 0.3, *, ordinal: int = 1) -> None:
        """End the oldest running grading of a student."""
        one = next(r for r in self.running if (r.student, r.ordinal) == (student, ordinal))
        self.running.remove(one)
        self.used.append((one, seconds))

    def run(self, seconds: dict[uuid.UUID, float] | None = None) -> list[str]:
        """Grade everything, each to its end before the next claim; says whose, in order."""
        order = []
        while self.queued:
            claim = self.claim()
            assert claim is not None
            order.append(claim)
            one = self.running[-1]
            assert one.student is not None
            self.end(one.student, (seconds or {}).get(one.student, 0.3), ordinal=one.ordinal)
        return order


def test_those_who_had_nothing_lately_are_graded_in_the_order_of_submitting() -> None:
    school = School(slots=1)
    for student in (EMMY, ADA, BLAISE):
        school.submit(student)
    assert school.run() == ["emmy", "ada", "blaise"]


def test_a_light_file_waits_for_one_heavy_file_of_another_student_at_most() -> None:
    school = School(slots=1)
    school.submit(ADA, times=4)
    assert school.claim() == "ada"
    school.submit(BLAISE)
    school.end(ADA, seconds=6)
    assert school.run({ADA: 6}) == ["blaise", "ada", "ada", "ada"]


def test_a_student_who_floods_is_one_among_others() -> None:
    school = School(slots=1)
    school.submit(ADA, times=20)
    for student in (BLAISE, EMMY):
        school.submit(student, times=2)
    order = school.run()
    assert order[:6] == ["ada", "blaise", "emmy", "ada", "blaise", "emmy"]
    assert order[6:] == ["ada"] * 18


def test_cpu_time_counts_and_not_the_number_of_gradings() -> None:
    school = School(slots=1)
    school.submit(ADA, times=2)
    school.submit(BLAISE, times=8)
    assert school.run({ADA: 6.5, BLAISE: 1}) == ["ada", *["blaise"] * 7, "ada", "blaise"]


def test_of_two_students_who_had_the_same_the_one_in_the_quieter_course_is_next() -> None:
    school = School(slots=1)
    for student in (ADA, BLAISE, EMMY):
        school.submit(student, ALGEBRA)
    school.submit(KURT, LOGIC)
    assert school.run() == ["ada", "kurt", "blaise", "emmy"]


def test_a_student_in_two_courses_has_one_share() -> None:
    school = School(slots=1)
    school.submit(ADA, ALGEBRA, times=2)
    school.submit(ADA, LOGIC, times=2)
    school.submit(BLAISE, ALGEBRA)
    assert school.run()[:2] == ["ada", "blaise"]


@pytest.mark.parametrize(("slots", "most"), [(1, 1), (2, 1), (3, 1), (4, 2), (8, 4)])
def test_a_student_has_at_most_half_of_the_slots_and_at_least_one(slots: int, most: int) -> None:
    school = School(slots)
    school.submit(ADA, times=20)
    assert school.claim_all() == ["ada"] * most
    school.end(ADA)
    assert school.claim_all() == ["ada"]


def test_with_two_slots_another_student_starts_at_once() -> None:
    school = School(slots=2)
    school.submit(ADA, times=4)
    assert school.claim_all() == ["ada"]
    school.submit(BLAISE)
    assert school.claim_all() == ["blaise"]


def test_the_last_free_slot_goes_to_another_student_who_waits() -> None:
    """Even if the other one had more lately."""
    school = School(slots=4)
    school.used.append((Group(student=EMMY, course=ALGEBRA), 100.0))
    school.submit(ADA, times=2)
    school.submit(BLAISE)
    school.submit(KURT)
    assert [school.claim() for _ in range(3)] == ["ada", "blaise", "kurt"]
    school.submit(EMMY)
    assert school.claim_all() == ["emmy"]


def test_the_last_free_slot_is_used_if_all_who_wait_have_one() -> None:
    school = School(slots=4)
    for student in (ADA, BLAISE, EMMY):
        school.submit(student, times=2)
    assert school.claim_all() == ["ada", "blaise", "emmy", "ada"]


def test_a_regrade_runs_when_no_submission_can() -> None:
    school = School(slots=4)
    school.submit(ADA, times=4, ordinal=2)
    school.submit(BLAISE)
    assert school.claim_all() == ["blaise", "ada again", "ada again"]


def test_regrades_leave_the_last_free_slot_to_submissions() -> None:
    school = School(slots=2)
    school.submit(ADA, times=3, ordinal=2)
    assert school.claim_all() == ["ada again"]
    school.submit(BLAISE)
    assert school.claim_all() == ["blaise"]


def test_a_regrade_runs_next_to_submissions_that_never_end() -> None:
    """With two slots, one is always free for another submission, and a regrade may have it."""
    school = School(slots=2)
    school.submit(BLAISE, times=9)
    school.submit(ADA, times=2, ordinal=2)
    assert school.claim_all() == ["blaise", "ada again"]


@pytest.mark.parametrize("slots", [1, 2, 4])
def test_a_regrade_gives_way_to_a_submission_that_could_start(slots: int) -> None:
    school = School(slots)
    school.submit(ADA, ordinal=2)
    for student in (BLAISE, KURT, ADA)[: slots - 1]:
        school.submit(student)
    assert "ada again" in school.claim_all()
    assert not school.line().needs_slot
    school.submit(EMMY)
    assert school.line().needs_slot


def test_a_regrade_keeps_its_slot_if_no_submission_may_start() -> None:
    school = School(slots=2)
    school.submit(BLAISE, times=5)
    school.submit(ADA, ordinal=2)
    assert school.claim_all() == ["blaise", "ada again"]
    assert not school.line().needs_slot  # a student has half of the slots at most


def test_a_single_slot_grades_again_when_no_submission_waits() -> None:
    school = School(slots=1)
    school.submit(ADA, ordinal=3)
    school.submit(BLAISE)
    assert school.run() == ["blaise", "ada again"]


def test_a_regrade_takes_nothing_from_its_student() -> None:
    school = School(slots=1)
    school.used.append((Group(student=ADA, course=ALGEBRA, ordinal=2), 100.0))
    school.submit(ADA)
    school.submit(BLAISE)
    assert school.run() == ["ada", "blaise"]


def test_regrades_of_two_courses_take_turns() -> None:
    school = School(slots=1)
    for student in (ADA, BLAISE, EMMY):
        school.submit(student, ALGEBRA, ordinal=2)
    school.submit(KURT, LOGIC, ordinal=2)
    assert school.run() == ["ada again", "kurt again", "blaise again", "emmy again"]


def test_workers_of_an_earlier_version_are_no_slots_but_their_gradings_count() -> None:
    school = School(slots=0)
    school.submit(ADA, times=2)
    assert school.line().choose() is not None
    school.slots = 1
    assert school.claim() == "ada"
    school.slots = 0  # it doesn't say that it is there
    school.submit(BLAISE)
    group = school.line().choose()
    assert group is not None
    assert group.student == BLAISE


def test_positions_follow_the_order_of_claims_with_regrades_last() -> None:
    school = School(slots=1)
    school.submit(EMMY, ordinal=2)
    school.submit(ADA, times=3)
    school.submit(BLAISE, times=2)
    students = [group.student for group in school.line().order()]
    assert students == [ADA, BLAISE, ADA, BLAISE, ADA, EMMY]


def test_the_order_of_a_long_queue_costs_few_steps_for_each_grading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A student's other course moves once, and nobody else does."""
    pushes = 0
    push = fairness._Simulated.push

    def count(simulated: fairness._Simulated, entry: fairness._Entry) -> None:
        nonlocal pushes
        pushes += 1
        push(simulated, entry)

    monkeypatch.setattr(fairness._Simulated, "push", count)
    people = [uuid.UUID(int=100 + number) for number in range(200)]
    groups = [Group(student=s, course=c, length=10) for s in people for c in (ALGEBRA, LOGIC)]
    line = Line(groups=groups, submissions=Shares(), regrades=Shares(), slots=1)

    assert Counter(line.order()) == Counter(dict.fromkeys(groups, 10))
    assert pushes <= 2 * 10 * len(groups)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ADA, BLAISE, EMMY, KURT]),
            st.sampled_from([ALGEBRA, LOGIC]),
            st.integers(1, 2),
            st.integers(1, 4),
        ),
        max_size=8,
        unique_by=lambda each: each[:3],
    )
)
def test_positions_are_the_order_in_which_a_single_slot_claims(
    submissions: list[tuple[uuid.UUID, uuid.UUID, int, int]],
) -> None:
    school = School(slots=1)
    for student, course, ordinal, times in submissions:
        school.submit(student, course, times=times, ordinal=ordinal)
    foreseen = [(group.student, group.is_regrade) for group in school.line().order()]
    students = dict.fromkeys(NAMES, RESERVED_SECONDS)
    order = school.run(students)
    names = [NAMES[s] + (" again" if again else "") for s, again in foreseen if s is not None]
    assert names == order


class Claims(RuleBasedStateMachine):
    """Submissions arrive, slots claim and gradings end in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.school = School(slots=1)

    @rule(
        student=st.sampled_from([ADA, BLAISE, EMMY, KURT]),
        course=st.sampled_from([ALGEBRA, LOGIC]),
        times=st.integers(1, 5),
        ordinal=st.integers(1, 2),
    )
    def submit(self, student: uuid.UUID, course: uuid.UUID, times: int, ordinal: int) -> None:
        self.school.submit(student, course, times=times, ordinal=ordinal)

    @rule(slots=st.integers(1, 6))
    def start_slots(self, slots: int) -> None:
        self.school.slots = max(self.school.slots, slots)

    @precondition(lambda self: self.school.running)
    @rule(data=st.data(), seconds=st.floats(0.1, RESERVED_SECONDS))
    def end(self, data: st.DataObject, seconds: float) -> None:
        one = data.draw(st.sampled_from(self.school.running))
        assert one.student is not None
        self.school.end(one.student, seconds, ordinal=one.ordinal)

    @rule()
    def claim(self) -> None:
        school = self.school
        before, free = school.line(), school.slots - len(school.running)
        waiting = {one.student for one in school.queued if not one.is_regrade}
        if school.claim() is None:
            most = max(1, school.slots // 2)
            assert not free or all(before.submissions.running[s] >= most for s in waiting)
            return
        one = school.running[-1]
        had = before.submissions.running[one.student]
        others = [s for s in waiting if s != one.student]
        if one.is_regrade:
            assert free > 1 or not before.regrades.running
            assert all(before.submissions.running[student] for student in others)
        elif free == 1:
            assert had <= min((before.submissions.running[s] for s in others), default=had)

    @invariant()
    def no_student_has_more_than_half_of_the_slots(self) -> None:
        running = Counter(one.student for one in self.school.running if not one.is_regrade)
        assert max(running.values(), default=0) <= max(1, self.school.slots // 2)

    @invariant()
    def regrades_leave_a_slot_free(self) -> None:
        again = sum(one.is_regrade for one in self.school.running)
        assert again < self.school.slots or self.school.slots == 1


TestClaims = Claims.TestCase
