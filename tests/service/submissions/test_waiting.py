import threading
import uuid

from service.submissions.waiting import Wait, Waits


def join(waits: Waits, submission_id: uuid.UUID, account_id: uuid.UUID | None = None) -> Wait:
    wait = waits.join(submission_id, account_id or uuid.uuid4())
    assert wait is not None
    return wait


def test_only_those_who_wait_for_a_submission_are_woken() -> None:
    waits, here, there = Waits(), uuid.uuid4(), uuid.uuid4()
    first, second, other = join(waits, here), join(waits, here), join(waits, there)
    waits.wake(here)
    assert [wait.stored.done() for wait in (first, second, other)] == [True, True, False]
    waits.wake(here)  # twice does no harm
    waits.wake(uuid.uuid4())


def test_a_wait_that_was_left_is_forgotten() -> None:
    waits, here = Waits(), uuid.uuid4()
    left, staying = join(waits, here), join(waits, here)
    waits.leave(left)
    assert (waits.waiting, waits.submissions) == (1, {here})
    waits.wake(here)
    assert not left.stored.done()
    assert staying.stored.done()
    waits.leave(staying)
    assert (waits.waiting, waits.submissions) == (0, set())


def test_an_account_has_a_limit_of_its_own() -> None:
    waits, eager, other = Waits(per_account=2), uuid.uuid4(), uuid.uuid4()
    first, _ = join(waits, uuid.uuid4(), eager), join(waits, uuid.uuid4(), eager)
    assert waits.join(uuid.uuid4(), eager) is None
    join(waits, uuid.uuid4(), other)
    waits.leave(first)
    join(waits, uuid.uuid4(), eager)


def test_a_process_has_a_limit_for_all() -> None:
    waits = Waits(at_most=2)
    first, _ = join(waits, uuid.uuid4()), join(waits, uuid.uuid4())
    assert waits.join(uuid.uuid4(), uuid.uuid4()) is None
    waits.leave(first)
    join(waits, uuid.uuid4())


def test_closing_wakes_everybody_and_nobody_waits_afterwards() -> None:
    waits = Waits()
    wait = join(waits, uuid.uuid4())
    waits.close()
    assert wait.stored.done()
    assert waits.join(uuid.uuid4(), uuid.uuid4()) is None
    waits.leave(wait)


def test_a_wait_whose_request_has_gone_is_not_woken() -> None:
    waits, here = Waits(), uuid.uuid4()
    gone, staying = join(waits, here), join(waits, here)
    gone.stored.cancel()
    waits.wake(here)
    assert staying.stored.done()


def test_threads_may_join_wake_and_leave_at_once() -> None:
    waits, here, missed = Waits(per_account=1000), uuid.uuid4(), []

    def come_and_go() -> None:
        for _ in range(200):
            wait = join(waits, here)
            waits.wake(here)
            if not wait.stored.done():
                missed.append(wait)
            waits.leave(wait)

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (missed, waits.waiting, waits.submissions) == ([], 0, set())
