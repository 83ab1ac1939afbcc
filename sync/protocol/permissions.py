"""Who may write what: the *signer* column of the kinds table, and the lanes (docs/protocol.md §3, §9)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from sync.protocol.directory import Directory
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Device, Lane
from sync.protocol.kinds import TABLE, Kind, Signer

REPORTER_LANES: Final = frozenset({MAIN, SOURCES})
"""Lanes a reporter writes; elsewhere only coordinators do."""


class Standing(IntEnum):
    """How far an organisation trusts a device, lowest first."""

    PENDING = 1
    """Joined with an invite, not certified yet."""
    CERTIFIED = 2
    COORDINATOR = 3
    OFFICER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A device that may speak, and how it stands at this moment."""

    device: Device
    public_key: bytes
    standing: Standing


_LEAST: Final = {
    Signer.MEMBER: Standing.PENDING,
    Signer.COORDINATOR: Standing.COORDINATOR,
    Signer.OFFICER: Standing.OFFICER,
    Signer.NEWCOMER: Standing.PENDING,
}


def check_lane(lane: Lane, directory: Directory) -> None:
    """Raise ProtocolError (LANE) unless the newest directory names the lane."""
    if directory.lane(lane) is None:
        raise ProtocolError(Refusal.LANE, f"expected a lane of the directory, got {lane}")


def check_write(author: Author, kind: Kind, lane: Lane, directory: Directory) -> None:
    """Raise ProtocolError (KIND or NOT_PERMITTED) unless the author may write this kind into this lane."""
    if kind is Kind.HELLO:
        raise ProtocolError(Refusal.KIND, "a hello is not stored")
    least = _LEAST[TABLE[kind].signer]
    if TABLE[kind].signer is Signer.MEMBER and lane not in REPORTER_LANES:
        least = Standing.COORDINATOR
    if author.standing < least:
        what = f"{kind.name.lower()} frames in lane {lane}"
        raise ProtocolError(
            Refusal.NOT_PERMITTED,
            f"{what} need {least.name.lower()}, the device is {author.standing.name.lower()}",
        )
    if kind is Kind.ACKNOWLEDGEMENT and not directory.reads(author.device, lane):
        raise ProtocolError(Refusal.NOT_PERMITTED, f"only a reader of lane {lane} acknowledges its frames")


def check_pull(device: Device, lane: Lane, directory: Directory) -> None:
    """Raise ProtocolError (NOT_PERMITTED) unless the device reads the lane in the newest directory."""
    if not directory.reads(device, lane):
        raise ProtocolError(Refusal.NOT_PERMITTED, f"lane {lane} is pulled only by its readers")


def feed_order(lane: Lane) -> tuple[bool, Lane]:
    """Sort key of lanes in a pull: the admin lane first, because the others cannot be judged without it."""
    return (lane != ADMIN, lane)
