"""The log: a closed list of events and fields, the hour at the finest, nothing a client sent (R20)."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Iterator

import pytest

from sync.server.log import FIELDS, Event, EventLog, silence_libraries


def lines(text: io.StringIO) -> list[dict[str, object]]:
    """What was logged."""
    return [json.loads(line) for line in text.getvalue().splitlines()]


def test_line() -> None:
    """A line is an event, its hour and listed fields; identifiers are shortened."""
    text = io.StringIO()
    EventLog(text).write(Event.JOINED, organisation=b"\xaa" * 16, lane=3)
    (line,) = lines(text)
    assert line == {
        "event": "joined",
        "hour": int(time.time()) // 3_600,
        "organisation": "aaaaaaaa",
        "lane": 3,
    }


@pytest.mark.parametrize("name", ["address", "path", "time", "client", "user_agent", "body"])
def test_unlisted_fields_raise(name: str) -> None:
    """No line can carry what is not on the list."""
    assert name not in FIELDS
    with pytest.raises(ValueError, match="not on the list"):
        EventLog(io.StringIO()).write(Event.FAILED, **{name: "x"})


def test_failure_has_no_text() -> None:
    """A bug is logged by type and place: its message may quote a client."""
    text = io.StringIO()
    try:
        raise ValueError("canary from a request")
    except ValueError as error:
        EventLog(text).failure(error)
    (line,) = lines(text)
    assert line["what"] == "ValueError"
    assert str(line["where"]).startswith("tests.server.test_log:test_failure_has_no_text:")
    assert "canary" not in text.getvalue()


@pytest.fixture
def library_log() -> Iterator[io.StringIO]:
    """Libraries' logs sent through the list, and given back to pytest afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    text = io.StringIO()
    silence_libraries(EventLog(text))
    yield text
    root.handlers[:] = handlers
    root.setLevel(level)


def test_libraries_say_little(library_log: io.StringIO) -> None:
    """What a library logs comes through only as an error, by type and place."""
    logger = logging.getLogger("uvicorn.error")
    logger.setLevel(logging.INFO)
    logger.warning("Invalid request from 192.0.2.7: canary")
    logger.error("bad thing from 192.0.2.7: canary")
    try:
        raise RuntimeError("canary")
    except RuntimeError:
        logger.exception("Exception in ASGI application canary")
    assert [line["what"] for line in lines(library_log)] == ["uvicorn.error", "RuntimeError"]
    assert "canary" not in library_log.getvalue()
    assert "192.0.2.7" not in library_log.getvalue()
