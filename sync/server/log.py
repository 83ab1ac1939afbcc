"""What the server writes down about its work.

A closed list of events and fields, the hour at the finest (R20).

No address, user agent, path, exact time, nor any byte a client sent reaches a line. Identifiers are
shortened to what an operator needs to tell two things apart.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from enum import StrEnum
from threading import Lock
from types import TracebackType
from typing import Final, TextIO

HOUR: Final = 3_600

ID_DIGITS: Final = 8
"""Hexadecimal digits of an identifier that are logged."""


class Event(StrEnum):
    """Everything that is ever logged."""

    STARTED = "started"
    STOPPED = "stopped"
    REFUSED = "refused"
    ALARM = "alarm"
    FORK = "fork"
    ORGANISATION = "organisation"
    JOINED = "joined"
    FAILED = "failed"
    GROUP_RETRIED = "group-retried"


FIELDS: Final = frozenset({"code", "organisation", "device", "lane", "count", "what", "where"})
"""The only fields a line may carry beside its event and hour."""

ALARM_INVITE_REUSED: Final = "burnt invite used again"
ALARM_INVITE_ASKED: Final = "burnt invite asked for again"


class EventLog:
    """Writes one JSON object a line.

    Counted events of one hour are told apart by nothing but their fields.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._lock = Lock()

    def write(self, event: Event, **values: int | str | bytes) -> None:
        """Log an event. A field that is not on the list is a bug, so it raises."""
        unknown = values.keys() - FIELDS
        if unknown:
            raise ValueError(f"not on the list of log fields: {', '.join(sorted(unknown))}")
        line: dict[str, int | str] = {"event": str(event), "hour": int(time.time()) // HOUR}
        for name, value in values.items():
            line[name] = value.hex()[:ID_DIGITS] if isinstance(value, bytes) else value
        stream = sys.stderr if self._stream is None else self._stream
        with self._lock:
            stream.write(json.dumps(line) + "\n")
            stream.flush()

    def failure(self, error: BaseException) -> None:
        """Log a bug: its type and where in the code it came from.

        Never its text or locals, which may quote a client.
        """
        self.write(Event.FAILED, what=type(error).__name__, where=_innermost(error.__traceback__))


def _innermost(traceback: TracebackType | None) -> str:
    where = "unknown"
    while traceback is not None:
        code = traceback.tb_frame.f_code
        where = f"{traceback.tb_frame.f_globals.get('__name__', '?')}:{code.co_name}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return where


class LibraryHandler(logging.Handler):
    """Takes what libraries log: their texts may quote a request, so only errors pass, by type and place."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(logging.ERROR)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Log the exception of a record, or the place of the call when it has none."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            self._log.write(Event.FAILED, what=record.name, where=f"{record.module}:{record.lineno}")
        else:
            self._log.failure(error)


def silence_libraries(log: EventLog) -> None:
    """Send every library's log through the list; call once, before the server starts."""
    root = logging.getLogger()
    root.handlers[:] = [LibraryHandler(log)]
    root.setLevel(logging.ERROR)
