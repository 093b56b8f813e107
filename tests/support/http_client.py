"""A small JSON client for tests that talk to a running service over the wire."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

# Whatever proxy the environment names: the services of tests are on this machine.
_straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON body of an answer."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody with a token at a running service."""

    url: str
    token: str

    def get(self, path: str) -> Answer:
        """GET under /api/v1."""
        return self._ask(urllib.request.Request(f"{self.url}/api/v1{path}"))

    def submit(self, assignment: str, source: str, filename: str = "value.py") -> Answer:
        """Hand in a source text."""
        body = {"filename": filename, "source": source}
        return self.send("POST", f"/assignments/{assignment}/submissions", body)

    def send(self, method: str, path: str, body: object = None) -> Answer:
        """Send JSON to an address under /api/v1; nothing for None."""
        address = f"{self.url}/api/v1{path}"
        data = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        return self._ask(urllib.request.Request(address, data, headers, method=method))

    def graded(self, submission_id: str, wait: int = 30) -> dict[str, Any]:
        """The submission, once its grading has ended."""
        for _ in range(4):
            answer = self.get(f"/submissions/{submission_id}?wait={wait}")
            assert answer.status == 200, answer
            body: dict[str, Any] = answer.body
            if body["status"] in {"done", "errored"}:
                return body
        raise AssertionError(f"not graded in time: {body}")

    def _ask(self, request: urllib.request.Request) -> Answer:
        request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with _straight.open(request, timeout=60) as response:
                return Answer(response.status, json.load(response))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, json.load(error))


def probe(url: str) -> Answer | None:
    """The answer to a GET of JSON; None while nobody answers."""
    try:
        with _straight.open(url, timeout=10) as response:
            return Answer(response.status, json.load(response))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, json.load(error))
    except (urllib.error.URLError, OSError):
        return None
