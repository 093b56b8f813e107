"""The stack grades, and loses nothing when parts of it stop."""

from __future__ import annotations

from subprocess import STDOUT

from tests.compose.stack import FOREIGN, OURS, Stack
from tests.students import engine
from tests.support.http_client import Client
from tests.support.ports import wait_for

RIGHT = engine("right/closures")


def slow(seconds: float) -> str:
    """A correct engine that takes about so long to load."""
    return f"sum(range({int(seconds * 5e7)}))\n{RIGHT}"


def score(client: Client, submission_id: str) -> tuple[str, bool]:
    """The status of a graded submission, and whether it has all points."""
    graded = client.graded(submission_id)
    return graded["status"], graded["score"] == graded["max_score"]


def test_every_service_becomes_healthy_and_the_schema_is_created_once(stack: Stack) -> None:
    assert all(stack.is_healthy(service) for service in (*OURS, *FOREIGN))
    (migrate,) = stack.inspect("migrate")
    assert migrate["State"]["Status"] == "exited"
    assert migrate["State"]["ExitCode"] == 0
    assert migrate["RestartCount"] == 0


def test_a_submission_is_graded_over_http(stack: Stack) -> None:
    client = stack.student()

    accepted = client.submit("engine", RIGHT)

    assert accepted.status == 202
    assert score(client, accepted.body["id"]) == ("done", True)


def test_three_workers_grade_thirty_submissions_at_once(stack: Stack) -> None:
    stack.up("--scale", "worker=3")
    client = stack.student()

    ids = [client.submit("engine", slow(0.5)).body["id"] for _ in range(30)]

    assert [score(client, submission_id) for submission_id in ids] == [("done", True)] * 30
    attempts = [
        client.get(f"/submissions/{submission_id}").body["attempt"] for submission_id in ids
    ]
    assert attempts == list(range(1, 31))
    workers = stack.containers("worker")
    assert len(workers) == 3
    for worker in workers:
        assert "Task worker.tasks.grade[" in stack.docker.run("logs", worker, stderr=STDOUT)
    stack.up("--scale", "worker=1")


def test_a_submission_survives_a_killed_worker_container(stack: Stack) -> None:
    client = stack.student()
    submission = client.submit("engine", slow(2)).body["id"]
    wait_for(
        lambda: client.get(f"/submissions/{submission}").body["status"] == "running",
        what="the grading to run",
    )

    stack.docker.run("kill", *stack.containers("worker"))

    assert client.get(f"/submissions/{submission}").body["status"] == "running"
    stack.up()
    assert score(client, submission) == ("done", True)


def test_a_message_survives_a_killed_queue(stack: Stack) -> None:
    def waiting() -> str:
        ask = 'REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli lrange celery 0 -1'
        return stack.inside("redis", "sh", "-c", ask)

    stack.compose("stop", "scheduler", "worker")
    client = stack.student()
    submission = client.submit("engine", RIGHT).body["id"]
    before = waiting()
    stack.docker.run("kill", *stack.containers("redis"))
    stack.compose("up", "--detach", "redis")
    wait_for(lambda: stack.is_healthy("redis"), what="the queue")

    assert "worker.tasks.grade" in before
    assert waiting() == before
    stack.up()
    assert score(client, submission) == ("done", True)


def test_down_and_up_keep_the_data(stack: Stack) -> None:
    client = stack.student()
    submission = client.submit("engine", RIGHT).body["id"]
    before = client.graded(submission)

    stack.compose("down")
    assert stack.containers("db") == []
    stack.up()

    assert client.get(f"/submissions/{submission}").body == before
    assert score(client, client.submit("engine", RIGHT).body["id"]) == ("done", True)
