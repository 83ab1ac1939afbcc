"""The one exception for hostile or broken input, and why a frame or request is refused.

The codes are those of docs/protocol.md §9.
"""

from __future__ import annotations

from enum import IntEnum


class Refusal(IntEnum):
    """Refusal codes of reply items 5 and 9, and of the reason in a void frame."""

    MALFORMED = 1
    SIGNATURE = 2
    KIND = 3
    NOT_PERMITTED = 4
    SIZE = 5
    FORK = 6
    QUOTA = 7
    LANE = 8
    DEVICE = 9
    DOCUMENT = 10
    INVITE = 11
    ORGANISATION = 12
    NONCE = 13
    LOG_KEY = 14
    BUSY = 15
    GENERATION = 16

    @property
    def temporary(self) -> bool:
        """Whether the same frame may be accepted later; a final refusal quarantines it."""
        return self in _TEMPORARY


_TEMPORARY = frozenset(
    {Refusal.QUOTA, Refusal.DEVICE, Refusal.ORGANISATION, Refusal.NONCE, Refusal.LOG_KEY, Refusal.BUSY}
)


class ProtocolError(Exception):
    """Bytes from a peer that do not hold.

    Nothing else is raised for hostile input; anything else is a bug.
    """

    def __init__(self, code: Refusal, message: str) -> None:
        super().__init__(message)
        self.code = code


def malformed(message: str) -> ProtocolError:
    """A `ProtocolError` for input that breaks §1 or a structure's shape."""
    return ProtocolError(Refusal.MALFORMED, message)
