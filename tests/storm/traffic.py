"""Students who submit until they get a 202, one who floods, and connections that say nothing."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine

from service.courses.assignments import create_assignment
from service.courses.courses import create_course
from service.courses.models import Role
from service.courses.options import AssignmentOptions
from service.people.actors import LocalOperator
from service.people.tokens import create_token
from service.store.database import make_sessions
from tests.storm.sources import SOURCES, SUITES
from tests.support import factories

COURSE = ASSIGNMENT = "storm"
PATIENCE_SECONDS = 30.0  # of a client, for an answer
PAUSE_SECONDS = 0.3  # before a client tries again
THREADS = 48


@dataclass(frozen=True, slots=True)
class Try:
    """A request and its answer: a status, or 0 if the connection was cut."""

    begin: float
    end: float
    status: int


@dataclass(slots=True)
class Sent:
    """A file that a student sends, with the same key until it is accepted."""

    student: str
    source: str
    key: str
    flood: bool = False
    first_tried_at: float | None = None
    accepted_at: float | None = None
    submission_id: str = ""
    attempt: int = 0
    tries: list[Try] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """The request's body."""
        source = f"{SOURCES[self.source]}# {self.key}\n"
        return json.dumps({"filename": "value.py", "source": source}).encode()


class Class:
    """The students of a storm, with their tokens, in a course of their own."""

    def __init__(self, engine: Engine, students: int) -> None:
        operator = LocalOperator()
        self.tokens: dict[str, str] = {}
        with make_sessions(engine)() as session:
            course = create_course(session, operator, slug=COURSE, title="A storm")
            options = AssignmentOptions.read(title="An engine", suites=SUITES)
            create_assignment(session, operator, course, ASSIGNMENT, options)
            for number in range(students):
                email = f"student{number}@example.edu"
                account = factories.make_account(session, email=email)
                factories.enrol(session, course, account, Role.STUDENT)
                self.tokens[email] = create_token(session, operator, account, "storm")
            session.commit()


class Traffic:
    """Sends files from many threads, and knows all that was sent."""

    def __init__(self, url: str, tokens: dict[str, str], rng: random.Random) -> None:
        self.sent: list[Sent] = []
        self._url, self._tokens, self._rng = url, tokens, rng
        *self._students, self._flooder = tokens
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="student")
        self._floods = ThreadPoolExecutor(4, thread_name_prefix="flood")
        self._futures: list[Future[None]] = []
        self._ending = threading.Event()
        self._making = threading.Lock()  # several threads make files, in one order

    @property
    def accepted(self) -> int:
        """How many files were accepted."""
        return sum(sent.accepted_at is not None for sent in self.sent)

    def new(self, *, flood: bool = False) -> Sent:
        """A file that nobody has sent yet."""
        with self._making:
            student = self._flooder if flood else self._rng.choice(self._students)
            source = self._rng.choice(list(SOURCES))
            sent = Sent(student, source, f"key-{len(self.sent)}", flood=flood)
            self.sent.append(sent)
        return sent

    def send(self, sent: Sent) -> None:
        """Send a file in a thread, until it is accepted."""
        pool = self._floods if sent.flood else self._pool
        self._futures.append(pool.submit(self._insist, sent))

    def arrive(self, number: int, rate: float) -> None:
        """Send so many files at random moments, this many per second on average."""
        for _ in range(number):
            self.send(self.new())
            if rate:
                with self._making:
                    pause = self._rng.expovariate(rate)
                time.sleep(pause)

    def wait(self, seconds: float) -> None:
        """Wait until everything was accepted, or the time is up."""
        deadline = time.monotonic() + seconds
        for future in self._futures:
            with contextlib.suppress(TimeoutError):
                future.result(max(0.0, deadline - time.monotonic()))

    def close(self) -> None:
        """Stop sending."""
        self._ending.set()
        self._pool.shutdown(cancel_futures=True)
        self._floods.shutdown(cancel_futures=True)

    def connect(self) -> HTTPConnection:
        """A connection to the web process."""
        return HTTPConnection(urlsplit(self._url).netloc, timeout=PATIENCE_SECONDS)

    def request(self, connection: HTTPConnection, sent: Sent) -> None:
        """Send a file's request, without reading the answer."""
        headers = {
            "Authorization": f"Bearer {self._tokens[sent.student]}",
            "Content-Type": "application/json",
            "Idempotency-Key": sent.key,
        }
        path = f"/api/v1/assignments/{ASSIGNMENT}/submissions"
        if sent.first_tried_at is None:
            sent.first_tried_at = time.time()
        connection.request("POST", path, sent.body, headers)

    def read_answer(self, connection: HTTPConnection, sent: Sent) -> int:
        """Read the answer, and note its id if the file was accepted."""
        with contextlib.closing(connection.getresponse()) as response:
            body: dict[str, Any] = json.load(response)
        if response.status == 202:
            sent.submission_id, sent.attempt = body["id"], body["attempt"]
            sent.accepted_at = time.time()
        return response.status

    def _insist(self, sent: Sent) -> None:
        while sent.accepted_at is None and not self._ending.is_set():
            begin, status = time.time(), 0
            with (
                contextlib.closing(self.connect()) as connection,
                contextlib.suppress(OSError, HTTPException, ValueError),  # it may be cut off
            ):
                self.request(connection, sent)
                status = self.read_answer(connection, sent)
            sent.tries.append(Try(begin, time.time(), status))
            if sent.accepted_at is None:
                self._ending.wait(PAUSE_SECONDS)


class SilentConnections:
    """Connections that never finish their request, opened again when they are closed."""

    BEGINNINGS = (
        b"",
        b"GET",
        b"POST /api/v1/assignments/storm/submissions HTTP/1.1\r\nHost: a\r\nX-Half: ",
        b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nemail=",
    )

    def __init__(self, url: str, number: int) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "", parts.port or 0)
        self._number = number
        self._open: list[socket.socket] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="silent")
        self._thread.start()

    def close(self) -> None:
        """Close all of them."""
        self._ending.set()
        self._thread.join()
        for connection in self._open:
            connection.close()

    def _keep(self) -> None:
        while not self._ending.wait(0.5):
            self._open = [each for each in self._open if not _is_closed(each)]
            for position in range(len(self._open), self._number):
                try:
                    connection = socket.create_connection(self._address, timeout=2)
                    connection.sendall(self.BEGINNINGS[position % len(self.BEGINNINGS)])
                except OSError:
                    break
                self._open.append(connection)


def _is_closed(connection: socket.socket) -> bool:
    try:
        connection.setblocking(False)
        closed = connection.recv(4096) == b""
    except BlockingIOError:
        return False
    except OSError:
        closed = True
    if closed:
        connection.close()
    return closed
