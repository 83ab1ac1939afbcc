"""How an exchange can fail, by who is to blame. The text says what happened, `advice` what to do."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final

from sync.protocol.errors import Refusal


class Break(Enum):
    """How a link failed."""

    UNREACHABLE = "unreachable"
    CUT = "cut"
    STALLED = "stalled"
    BUSY = "busy"
    NOT_FIELDKIT = "not fieldkit"


class ExchangeError(Exception):
    """An exchange that did not do what was asked. Nothing stored is ever undone by it."""

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


class LinkError(ExchangeError):
    """The network, not the server or the data: nothing is lost, try again later (exit code 5)."""

    def __init__(self, kind: Break, detail: str = "") -> None:
        message, advice = _LINK_WORDS[kind]
        super().__init__(f"{message} ({detail})" if detail else message, advice=advice)
        self.kind = kind


class RefusedError(ExchangeError):
    """The server answered and refused the whole request (exit code 6)."""

    def __init__(self, code: Refusal) -> None:
        message, advice = refusal_words(code)
        super().__init__(f"the server refused: {message}", advice=advice)
        self.code = code


class VerificationError(ExchangeError):
    """Somebody answered with something that does not verify; nothing of it was used (exit code 7)."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message, advice=advice or _MISTRUST_ADVICE)


class SetBackError(VerificationError):
    """The server has less of some lanes than it gave before; `lanes` are (lane, pulled before, given now)."""

    def __init__(self, lanes: Sequence[tuple[int, int, int]]) -> None:
        told = "; ".join(
            f"lane {lane} has {given} entries where {held} were seen before" for lane, held, given in lanes
        )
        super().__init__(
            f"{told}: the server lost or hides some",
            advice="nothing held here is given up; ask the server's keeper whether a backup was put back",
        )
        self.lanes = tuple(lanes)


class StoppedError(ExchangeError):
    """The person asked to stop. What was sent before stays sent."""

    def __init__(self) -> None:
        super().__init__("stopped on request", advice="sync again to go on where it stopped")


_MISTRUST_ADVICE: Final = (
    "do not send again over this link; read this message to a coordinator by another channel"
)

_LINK_WORDS: Final = {
    Break.UNREACHABLE: (
        "the server cannot be reached",
        "nothing is lost: check the connection or proxy, then try again",
    ),
    Break.CUT: ("the connection was cut", "try again: nothing is lost, and what arrived is not sent twice"),
    Break.STALLED: (
        "the connection stood still for too long and was closed",
        "nothing is lost: try again when the link is better",
    ),
    Break.BUSY: ("the server is busy", "sync again in a few minutes"),
    Break.NOT_FIELDKIT: (
        "the server gave an answer that is not fieldkit's",
        "ask the operator whether the server or something in front of it was changed",
    ),
}

_REFUSALS: Final = {
    Refusal.MALFORMED: ("it could not read this", "report this as a fault of the program"),
    Refusal.SIGNATURE: (
        "a signature did not verify",
        "the vault may be damaged or copied; tell a coordinator",
    ),
    Refusal.KIND: (
        "it does not take this kind of frame",
        "update this program, or ask the operator to update the server",
    ),
    Refusal.NOT_PERMITTED: ("this laptop may not do that", "ask a coordinator which role this laptop has"),
    Refusal.SIZE: ("it is too large", "report this as a fault of the program"),
    Refusal.FORK: (
        "it holds another frame under the same number: this vault was probably copied or restored",
        "tell a coordinator; nothing is overwritten, both versions are kept",
    ),
    Refusal.QUOTA: (
        "this laptop's share of the server is used up",
        "ask a coordinator to pull, then sync again",
    ),
    Refusal.LANE: ("it does not know the lane", "sync again to fetch the newest directory"),
    Refusal.DEVICE: (
        "it does not know this laptop",
        "join with an invite first, or ask a coordinator for a new one",
    ),
    Refusal.DOCUMENT: ("a root or directory did not hold", "report this to the officers of the organisation"),
    Refusal.INVITE: (
        "the invite or ticket was used before, has expired or is unknown",
        "an invite works once the person who made it has synced: ask them to; else ask for a new one",
    ),
    Refusal.ORGANISATION: ("it does not know the organisation", "ask a coordinator for the right server"),
    Refusal.NONCE: ("it saw this request before", "sync again"),
    Refusal.LOG_KEY: (
        "it is not the server this laptop expects",
        "ask a coordinator for the newest directory; do not change the server by hand",
    ),
    Refusal.BUSY: ("it is busy", "sync again in a few minutes"),
    Refusal.GENERATION: ("the lane was started anew", "ask a coordinator; nothing was deleted here"),
}


def refusal_words(code: Refusal) -> tuple[str, str]:
    """What a refusal code (docs/protocol.md §9) means in plain words, and what to do."""
    return _REFUSALS[code]
