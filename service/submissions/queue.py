"""Sends gradings to the workers: a task's name and a grading's id, after the commit."""

from __future__ import annotations

import os
import uuid

from celery import Celery
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError

from service.errors import Unavailable
from service.settings import Settings

GRADE = "worker.tasks.grade"


class Queue:
    """Sends gradings to the broker, and fails soon if the broker is down."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._celery = Celery("chainrule", set_as_current=False)
        self._celery.conf.update(settings.celery)
        self._celery.conf.update(
            broker_transport_options={
                **settings.celery["broker_transport_options"],
                "max_retries": 0,
                "interval_start": 0,
                "socket_connect_timeout": 1.0,
                "socket_timeout": 1.0,
            }
        )

    def enqueue(self, grading_id: uuid.UUID) -> None:
        """Wake a worker for a grading; raises Unavailable if the broker is down."""
        try:
            self._celery.send_task(
                GRADE,
                [str(grading_id)],
                ignore_result=True,
                retry=False,
            )
        except (BrokerError, KombuError, OSError) as error:
            raise Unavailable(f"The broker doesn't answer: {error}") from error

    def ping(self) -> bool:
        """Whether the broker accepts messages now."""
        if self._settings.embedded:
            folder = self._settings.celery["broker_transport_options"]["folder"]
            return os.access(folder, os.W_OK)
        try:
            with self._celery.connection_for_write() as connection:
                connection.ensure_connection(
                    max_retries=1, interval_start=0, interval_step=0, timeout=1
                )
        except (BrokerError, OSError):
            return False
        return True

    def close(self) -> None:
        """Close the connections to the broker."""
        self._celery.close()
