import json
import socket
import uuid
from dataclasses import replace

import pytest
import redis as client
from celery._state import get_current_app

from service.errors import Unavailable
from service.settings import Settings
from service.submissions.queue import Queue
from tests.support.ports import free_port
from tests.support.servers import redis


def test_a_grading_goes_to_redis_by_name_and_waits_for_no_result(settings: Settings) -> None:
    grading = uuid.uuid4()
    with redis() as url, client.Redis.from_url(url) as broker:
        queue = Queue(replace(settings, broker_url=url))
        assert queue.ping()
        queue.enqueue(grading)
        (message,) = broker.lrange("celery", 0, -1)
        queue.close()
    headers = json.loads(message)["headers"]
    assert headers["task"] == "worker.tasks.grade"
    assert headers["ignore_result"] is True
    assert str(grading) in headers["argsrepr"]


def test_enqueueing_fails_while_redis_is_down_and_works_when_it_is_back(settings: Settings) -> None:
    port = free_port()
    queue = Queue(replace(settings, broker_url=f"redis://127.0.0.1:{port}/0"))
    assert not queue.ping()
    with pytest.raises(Unavailable, match="broker doesn't answer"):
        queue.enqueue(uuid.uuid4())
    for _ in range(2):
        with redis(port) as url, client.Redis.from_url(url) as broker:
            assert queue.ping()
            queue.enqueue(uuid.uuid4())
            assert broker.llen("celery") == 1
        assert not queue.ping()
        with pytest.raises(Unavailable):
            queue.enqueue(uuid.uuid4())
    queue.close()


def test_enqueueing_does_not_hang_on_a_broker_that_never_answers(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        queue = Queue(replace(settings, broker_url=f"redis://127.0.0.1:{port}/0"))
        assert not queue.ping()
        with pytest.raises(Unavailable):
            queue.enqueue(uuid.uuid4())
        queue.close()


def test_the_embedded_broker_is_a_folder(settings: Settings) -> None:
    queue = Queue(settings)
    assert queue.ping()
    (settings.data_dir / "broker").rmdir()
    assert not queue.ping()


def test_the_queue_is_not_the_current_celery_application(settings: Settings) -> None:
    before = get_current_app()
    queue = Queue(settings)
    assert get_current_app() is before is not queue._celery
