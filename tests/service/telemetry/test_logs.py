import json
import logging
import threading
from collections.abc import Iterator

import pytest

from service.settings import LogFormat, Settings
from service.telemetry import logs

log = logging.getLogger("service.example")


@pytest.fixture(autouse=True)
def _no_ids() -> Iterator[None]:
    logs.forget()
    yield
    logs.forget()


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, which a test may configure."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def written(capsys: pytest.CaptureFixture[str], log_format: LogFormat) -> list[str]:
    """The lines of an error with ids, in a format."""
    settings = {"CHAINRULE_SECRET_KEY": "s" * 40, "CHAINRULE_LOG_FORMAT": log_format.value}
    logs.configure(Settings.from_env(settings))
    with logs.bound(request="r1", submission="s1"):
        try:
            raise ValueError("two\nlines")
        except ValueError:
            log.exception("it failed")
    return capsys.readouterr().err.splitlines()


@pytest.mark.usefixtures("root")
def test_json_is_one_object_per_line_with_the_ids_and_the_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (line,) = written(capsys, LogFormat.JSON)
    entry = json.loads(line)
    assert entry["level"] == "error"
    assert entry["logger"] == "service.example"
    assert entry["message"] == "it failed"
    assert (entry["request"], entry["submission"]) == ("r1", "s1")
    assert "ValueError: two\nlines" in entry["error"]
    assert entry["time"].endswith("+00:00")


@pytest.mark.usefixtures("root")
def test_plain_lines_have_the_ids_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    first = written(capsys, LogFormat.PLAIN)[0]
    assert first.endswith("ERROR   service.example: it failed [request=r1 submission=s1]")


@pytest.mark.usefixtures("root")
def test_ids_end_with_their_block_and_stay_in_their_thread() -> None:
    elsewhere: list[str | None] = []
    with logs.bound(request="r1"):
        with logs.bound(request=None, submission="s1"):
            assert (logs.current("request"), logs.current("submission")) == (None, "s1")
        assert (logs.current("request"), logs.current("submission")) == ("r1", None)
        thread = threading.Thread(target=lambda: elsewhere.append(logs.current("request")))
        thread.start()
        thread.join()
    assert elsewhere == [None]
    assert logs.current("request") is None


def test_request_ids_from_outside_are_short_and_plain() -> None:
    assert logs.is_request_id(logs.new_request_id())
    assert logs.is_request_id("2f1c-Proxy_7.a")
    assert not any(map(logs.is_request_id, ("", "a b", "a\nb", "a\n", "é", "x" * 65, '"', "a=b]")))
