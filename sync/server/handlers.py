"""Bytes of a request → status and bytes of the reply: plain functions, no HTTP (docs/protocol.md §9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.limits import CONTROL_BYTES, HELLO_SIZES, ORGANISATION_BYTES
from sync.protocol.messages import (
    ErrorItem,
    encode_reply,
    parse_invite_request,
    parse_organisation_request,
)
from sync.server.log import Event, EventLog
from sync.server.requests import claimed_organisation, read_request
from sync.server.service import Service
from sync.server.settings import Settings

OK: Final = 200

STATUS: Final = {
    Refusal.MALFORMED: 400,
    Refusal.SIGNATURE: 403,
    Refusal.KIND: 400,
    Refusal.NOT_PERMITTED: 403,
    Refusal.SIZE: 413,
    Refusal.FORK: 409,
    Refusal.QUOTA: 429,
    Refusal.LANE: 400,
    Refusal.DEVICE: 403,
    Refusal.DOCUMENT: 400,
    Refusal.INVITE: 403,
    Refusal.ORGANISATION: 404,
    Refusal.NONCE: 409,
    Refusal.LOG_KEY: 421,
    Refusal.BUSY: 503,
    Refusal.GENERATION: 409,
}
"""HTTP status of a request that is refused whole; the code in the body is what counts."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and body."""

    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Route:
    """One request: how long its body may be, and what answers it.

    The handler is told whether the body came whole. `whose` tells, unproven, for which organisation it is.
    """

    limit: int
    handle: Callable[[bytes, bool], Answer]
    whose: Callable[[bytes | bytearray], bytes] = lambda _: b""


def refusal(code: Refusal) -> Answer:
    """The answer to a request that is refused whole."""
    return Answer(STATUS[code], encode_reply(ErrorItem(code=code)))


class Handlers:
    """The routes of one service."""

    def __init__(self, service: Service, settings: Settings, log: EventLog) -> None:
        self._service = service
        self._log = log
        self.routes: Final[dict[str, Route]] = {
            "/v1/sync": Route(settings.request_bytes, self._guard(self._sync), claimed_organisation),
            "/v1/pull": Route(max(HELLO_SIZES), self._guard(self._pull), claimed_organisation),
            "/v1/invite": Route(CONTROL_BYTES, self._guard(self._invite)),
            "/v1/organisation": Route(ORGANISATION_BYTES, self._guard(self._organisation)),
        }

    def _sync(self, body: bytes, whole: bool) -> bytes:
        return self._service.sync(read_request(body, whole=whole))

    def _pull(self, body: bytes, whole: bool) -> bytes:
        return self._service.pull(read_request(body, whole=whole))

    def _invite(self, body: bytes, whole: bool) -> bytes:
        return self._service.invite(*parse_invite_request(body))

    def _organisation(self, body: bytes, whole: bool) -> bytes:
        return self._service.organisation(parse_organisation_request(body))

    def _guard(self, handle: Callable[[bytes, bool], bytes]) -> Callable[[bytes, bool], Answer]:
        """Turn refusals into answers.

        Anything else is a bug or a failing disk: logged without a word of the request.
        """

        def guarded(body: bytes, whole: bool) -> Answer:
            try:
                return Answer(OK, handle(body, whole))
            except ProtocolError as error:
                self._log.write(Event.REFUSED, code=int(error.code))
                return refusal(error.code)
            except Exception as error:
                self._log.failure(error)
                return refusal(Refusal.BUSY)

        return guarded
