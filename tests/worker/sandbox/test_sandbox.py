"""A sandbox over its life: zygotes killed, worn out, inherited; and nothing left behind."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.worker.sandbox.leftovers import count_leftovers
from tests.worker.sandbox.programs import HONEST, WORKED_EXAMPLE, grade, reads
from worker.sandbox import Limits, Loaded, Sandbox, SandboxError
from worker.sandbox.host import sandbox as sandbox_module
from worker.sandbox.host import zygote_process
from worker.sandbox.host.frames import encode
from worker.sandbox.host.pipes import CHUNK, Pipes
from worker.sandbox.host.zygote_process import Child, Zygote

ROOT = Path(__file__).resolve().parents[3]
SPIN = "while True: pass"


@pytest.fixture
def fresh() -> Iterator[Sandbox]:
    """A sandbox that a test may break."""
    with Sandbox() as made:
        yield made


def wait_until_gone(*pids: int) -> None:
    """Waits until the processes have ended and are reaped. With a bug, it hangs visibly."""
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{pid}/stat").exists() and not is_zombie(pid) for pid in pids):
        assert time.monotonic() < deadline, "a process was left behind"
        time.sleep(0.001)


def is_zombie(pid: int) -> bool:
    """Whether only its parent's wait is missing: orphans are for the init process to reap."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def killed_after(seconds: float, pid: int) -> Iterator[None]:
    """Kills the process some time after the block begins, if it is still there."""
    pidfd = os.pidfd_open(pid)

    def kill() -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)

    killer = threading.Timer(seconds, kill)
    killer.start()
    yield
    killer.join()
    os.close(pidfd)


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_sandbox_leaves_no_process_and_no_descriptor() -> None:
    before = open_descriptors()
    with Sandbox() as made:
        zygote = made.zygote_pid
        assert grade(made, HONEST) == "passed"
        children = children_of(zygote)
    assert open_descriptors() == before
    assert not Path(f"/proc/{zygote}").exists()
    wait_until_gone(*children)


def test_closing_a_sandbox_ends_the_child_of_an_open_session() -> None:
    before = open_descriptors()
    made = Sandbox()
    session = made.session(HONEST, Limits())
    session.load()
    pid = session._child.pid
    made.close()
    wait_until_gone(pid)
    session.close()
    assert open_descriptors() == before


def test_the_layers_are_named_in_the_order_in_which_they_are_put_on(sandbox: Sandbox) -> None:
    names = sandbox.layer_names
    assert {"rlimits", "no_new_privs", "descriptors", "seccomp"} <= set(names)
    assert names[-1] == "seccomp"


def test_a_zygote_killed_in_the_middle_of_a_case_is_our_failure_and_the_next_session_works(
    fresh: Sandbox,
) -> None:
    source = HONEST + f"def backward(self):\n    {SPIN}\nValue.backward = backward\n"
    with fresh.session(source, Limits(case_cpu_seconds=60, grading_cpu_seconds=60)) as session:
        assert isinstance(session.load(), Loaded)
        child, zygote = session._child.pid, fresh.zygote_pid
        with (
            killed_after(0.05, zygote),
            pytest.raises(SandboxError, match="no fault of the submission"),
        ):
            session.run(WORKED_EXAMPLE, reads(WORKED_EXAMPLE))
    wait_until_gone(child)
    assert grade(fresh, HONEST) == "passed"
    assert fresh.zygote_pid != zygote


def test_a_zygote_killed_between_sessions_is_replaced(
    fresh: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    zygote, children = fresh.zygote_pid, children_of(fresh.zygote_pid)
    os.kill(zygote, signal.SIGKILL)
    wait_until_gone(zygote, *children)
    with caplog.at_level(logging.WARNING):
        assert grade(fresh, HONEST) == "passed"
    assert "zygote was lost" in caplog.text


@pytest.fixture
def short_lived(monkeypatch: pytest.MonkeyPatch) -> None:
    """Zygotes are worn after a few forks."""
    monkeypatch.setattr(sandbox_module, "MOST_FORKS", 6)
    monkeypatch.setattr(sandbox_module, "FORKS_AHEAD", 2)


def pids_of(sandbox: Sandbox) -> set[int]:
    return {zygote.pid for zygote in sandbox._all_zygotes()}


@pytest.mark.usefixtures("short_lived")
def test_a_zygote_is_replaced_after_many_forks(fresh: Sandbox) -> None:
    before = count_leftovers(fresh)["descriptors"]
    seen, at_once = set(), []
    for _ in range(24):  # 4 from the first, which was probed, and 5 from each of the others
        assert grade(fresh, HONEST) == "passed"
        seen.add(fresh.zygote_pid)
        at_once.append(sum(Path(f"/proc/{pid}").exists() for pid in seen | pids_of(fresh)))
    assert len(seen) == 5
    assert max(at_once) <= 3  # in use, in the making, and one that is just about to end
    fresh.close()
    assert not [pid for pid in seen if Path(f"/proc/{pid}").exists()]
    assert open_descriptors() == before


@pytest.mark.usefixtures("short_lived")
def test_the_next_zygote_is_made_ahead_of_time_and_ended_with_the_sandbox(fresh: Sandbox) -> None:
    first = fresh.zygote_pid
    while pids_of(fresh) == {first}:
        assert grade(fresh, HONEST) == "passed"
    assert fresh.zygote_pid == first
    (second,) = pids_of(fresh) - {first}
    while fresh.zygote_pid == first:
        assert grade(fresh, HONEST) == "passed"
    assert fresh.zygote_pid == second
    while pids_of(fresh) <= {first, second}:
        assert grade(fresh, HONEST) == "passed"
    third = pids_of(fresh) - {first, second}
    fresh.close()
    assert not [pid for pid in {first, second, *third} if Path(f"/proc/{pid}").exists()]


@pytest.mark.usefixtures("short_lived")
def test_losing_the_next_zygote_costs_no_session(
    fresh: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    first = fresh.zygote_pid
    while pids_of(fresh) == {first}:
        assert grade(fresh, HONEST) == "passed"
    (lost,) = pids_of(fresh) - {first}
    os.kill(lost, signal.SIGKILL)
    wait_until_gone(lost)
    while fresh.zygote_pid == first:
        assert grade(fresh, HONEST) == "passed"
    assert lost not in pids_of(fresh)
    assert "zygote was lost" in caplog.text


@pytest.mark.usefixtures("short_lived")
def test_an_old_zygote_that_does_not_end_is_killed(
    fresh: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    worn = fresh.zygote_pid
    os.kill(worn, signal.SIGSTOP)
    fresh._zygote.forks = sandbox_module.MOST_FORKS
    fresh._next = Zygote(fresh._policy)
    while fresh.zygote_pid == worn or fresh._zygote.forks < sandbox_module.MOST_FORKS:
        assert grade(fresh, HONEST) == "passed"
    assert Path(f"/proc/{worn}").exists()
    monkeypatch.setattr("worker.sandbox.host.zygote_process.PATIENCE_SECONDS", 0.1)
    assert grade(fresh, HONEST) == "passed"
    assert not Path(f"/proc/{worn}").exists()


@pytest.mark.usefixtures("short_lived")
def test_a_next_zygote_that_cannot_be_started_is_tried_again_and_costs_no_session(
    fresh: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    first, python = fresh.zygote_pid, sys.executable
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", "/no/such/python")
        while fresh._zygote.forks < sandbox_module.MOST_FORKS:
            assert grade(fresh, HONEST) == "passed"
        assert "next zygote could not be started" in caplog.text
        with pytest.raises(SandboxError, match="/no/such/python"):
            grade(fresh, HONEST)
    assert sys.executable == python
    assert grade(fresh, HONEST) == "passed"
    assert fresh.zygote_pid != first


def test_a_zygote_without_numpy_takes_no_more_than_25_megabytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("worker.sandbox.host.zygote_process.find_numpy", str)
    with Sandbox() as made:
        status = Path(f"/proc/{made.zygote_pid}/status").read_text()
    assert int(status.split("VmRSS:")[1].split()[0]) * 1024 <= 25_000_000


def test_several_sessions_can_be_open_at_once(fresh: Sandbox) -> None:
    sessions = [fresh.session(HONEST, Limits()) for _ in range(4)]
    pids = {session._child.pid for session in sessions}
    assert len(pids) == 4
    for session in reversed(sessions):
        assert isinstance(session.load(), Loaded)
    for session in sessions:
        session.close()
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_children_of_root_are_different_users(fresh: Sandbox) -> None:
    sessions = [fresh.session(HONEST, Limits()) for _ in range(3)]
    for session in sessions:
        session.load()
    status = [Path(f"/proc/{s._child.pid}/status").read_text() for s in sessions]
    users = {line.split()[1] for text in status for line in text.splitlines() if "Uid:" in line}
    assert len(users) == (3 if os.geteuid() == 0 else 1)
    for session in sessions:
        session.close()


def test_a_sandbox_made_in_a_thread_outlives_the_thread() -> None:
    made: list[Sandbox] = []
    thread = threading.Thread(target=lambda: made.append(Sandbox()))
    thread.start()
    thread.join()
    with made[0] as outliving:
        assert grade(outliving, HONEST) == "passed"
        zygote = outliving.zygote_pid
        assert grade(outliving, HONEST) == "passed"
        assert outliving.zygote_pid == zygote


FORKS = """
import os, sys
from tests.worker.sandbox.programs import HONEST, grade
from worker.sandbox import Sandbox

with Sandbox() as made:
    zygote = made.zygote_pid
    child = os.fork()
    if child == 0:
        assert grade(made, HONEST) == "passed"
        assert made.zygote_pid != zygote
        made.close()
        idle = Sandbox()
        grand = os.fork()
        if grand == 0:
            idle.close()
            os._exit(0)
        assert os.waitpid(grand, 0)[1] == 0
        assert grade(idle, HONEST) == "passed"
        idle.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert grade(made, HONEST) == "passed"
    assert made.zygote_pid == zygote
sys.stdout.write("both")
"""


def test_a_forked_process_gets_its_own_zygote() -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-c", FORKS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("both", "")


def test_a_forked_copy_releases_the_zygote_of_the_original() -> None:
    before = open_descriptors()
    made = Sandbox()
    first = made.zygote_pid
    made._owner = 0  # as after a fork
    assert grade(made, HONEST) == "passed"
    second = made.zygote_pid
    made._owner = 0
    made.close()
    assert first != second
    for zygote in (first, second):
        assert os.waitpid(zygote, 0) == (zygote, 0)
    assert open_descriptors() == before


LOST = """
import sys, time
from tests.worker.sandbox.programs import HONEST
from worker.sandbox import Limits, Sandbox

made = Sandbox()
session = made.session(HONEST + "sum(iter(int, 1))", Limits(load_cpu_seconds=100))
print(made.zygote_pid, session._child.pid, flush=True)
session.load()
"""


def test_killing_a_worker_ends_its_zygote_and_children() -> None:
    with subprocess.Popen(
        [sys.executable, "-B", "-c", LOST], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        zygote, child = map(int, worker.stdout.readline().split())
        others = children_of(zygote)
        worker.kill()
    wait_until_gone(zygote, child, *others)


def test_a_python_that_cannot_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(SandboxError, match="/no/such/python"):
        Sandbox()


def test_a_zygote_that_fails_to_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getpid", lambda: 1)  # so that its parent isn't the expected one
    with pytest.raises(SandboxError, match="failed: ProcessLookupError: the parent"):
        Sandbox()


def test_a_process_that_ends_at_once_is_not_a_zygote(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ending = tmp_path / "zygote.py"
    ending.write_text("raise SystemExit(3)\n")
    monkeypatch.setattr("worker.sandbox.host.zygote_process.PROGRAM", ending)
    before = open_descriptors()
    for _ in range(5):
        with pytest.raises(SandboxError, match="has ended or does not answer"):
            Sandbox()
    assert open_descriptors() == before


def test_a_process_that_ends_before_the_policy_arrives_is_not_a_zygote(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ending = tmp_path / "zygote.py"
    ending.write_text("raise SystemExit(3)\n")
    monkeypatch.setattr(zygote_process, "PROGRAM", ending)
    start = zygote_process.start

    def start_and_wait() -> tuple[socket.socket, subprocess.Popen[bytes]]:
        control, process = start()
        process.wait()
        return control, process

    monkeypatch.setattr(zygote_process, "start", start_and_wait)
    before = open_descriptors()
    with pytest.raises(SandboxError, match="has ended or does not answer"):
        Zygote(b"policy")
    assert open_descriptors() == before


@contextmanager
def room_for_descriptors(number: int) -> Iterator[None]:
    """Lets so many more be opened, where there is a gap for each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free + number, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("room", range(12))
def test_a_worker_without_free_descriptors_says_so_and_recovers(fresh: Sandbox, room: int) -> None:
    before = count_leftovers(fresh)
    with contextlib.ExitStack() as sessions:

        def open_many() -> None:
            for _ in range(20):
                sessions.enter_context(fresh.session(HONEST, Limits()))

        with (
            room_for_descriptors(room),
            pytest.raises(SandboxError, match=r"no room for more.*ulimit -n|Too many open files"),
        ):
            open_many()
    assert grade(fresh, HONEST) == "passed"
    assert count_leftovers(fresh) == before


@pytest.mark.parametrize("arrived", range(5))
def test_if_only_some_pipes_arrive_they_are_closed_and_the_zygote_is_replaced(
    fresh: Sandbox, arrived: int
) -> None:
    before = count_leftovers(fresh)
    some = [os.dup(0) for _ in range(arrived)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fresh._zygote, "_receive", lambda: ({"forked": 1}, some))
        with pytest.raises(SandboxError, match="no room for more descriptors"):
            fresh._zygote._listen()
    assert not fresh._zygote.usable
    assert grade(fresh, HONEST) == "passed"
    assert count_leftovers(fresh) == before


def test_a_zygote_that_does_not_answer_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("worker.sandbox.host.zygote_process.PATIENCE_SECONDS", 0.1)
    zygote = Zygote(b"")
    os.kill(zygote.pid, signal.SIGSTOP)
    with pytest.raises(SandboxError, match="does not answer"):
        zygote.take_child()
    zygote.close()
    assert not Path(f"/proc/{zygote.pid}").exists()


def test_a_policy_that_the_kernel_rejects_stops_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox_module, "compile_policy", lambda: b"\xff" * 8)
    before = open_descriptors()
    with pytest.raises(SandboxError, match="layer seccomp cannot be put on"):
        Sandbox()
    assert open_descriptors() == before


def test_a_missing_required_layer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_module, "REQUIRED_LAYERS", frozenset({"seccomp", "moat"}))
    with pytest.raises(SandboxError, match="layer moat is required and not there"):
        Sandbox()


def test_a_frame_larger_than_the_pipe_arrives_whole() -> None:
    requests, to_requests = os.pipe()
    nothing, other = os.pipe()
    copies = [os.dup(nothing) for _ in range(3)]
    child = Child(0, nothing, to_requests, *copies)
    pipes = Pipes(child, Limits(output_bytes=1, frame_bytes=1))
    frame = encode({"numbers": list(range(100_000))})
    pipes.send(frame)
    pipes._write()  # the pipe is full
    received = b""
    while len(received) < len(frame):
        received += os.read(requests, 2**16)
        pipes.pump(0)
    assert received == frame
    child.close()
    for descriptor in (requests, other):
        os.close(descriptor)


def test_at_most_the_cap_is_read_at_once() -> None:
    nothing, other = os.pipe()
    answers, to_answers = os.pipe()
    copies = [os.dup(nothing) for _ in range(3)]
    pipes = Pipes(
        Child(0, nothing, other, answers, *copies[:2]), Limits(output_bytes=1, frame_bytes=10)
    )
    pipes.reader.expect(CHUNK)
    fcntl.fcntl(to_answers, fcntl.F_SETPIPE_SZ, 4 * CHUNK)
    os.write(to_answers, encode({}) * (3 * CHUNK // 6))
    pipes.drain()
    assert pipes.reader.is_complete()
    assert len(pipes.reader._buffer) == CHUNK
    for descriptor in (nothing, other, answers, to_answers, *copies):
        os.close(descriptor)


def test_landlock_can_be_required(sandbox: Sandbox) -> None:
    if "landlock" in sandbox.layer_names:
        with Sandbox(require_landlock=True) as made:
            assert "landlock" in made.layer_names
    else:
        with pytest.raises(SandboxError, match="landlock"):
            Sandbox(require_landlock=True)
