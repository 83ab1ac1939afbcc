"""What goes into one request: which frames, in which order, behind a signed hello (docs/protocol.md §9)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from sync.client.ports import Identity, Outgoing
from sync.protocol.hello import Hello, Purpose, build_hello
from sync.protocol.ids import Device, Incarnation, Lane, key_id
from sync.protocol.limits import HELLO_LANES
from sync.protocol.messages import Upload, encode_upload

Place = tuple[bytes, int, int]
"""Where a frame belongs: (incarnation, lane, sequence)."""


CUTS_IN_DOUBT: Final = 3
"""Cuts in a row after which the next request only asks what arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the hello of one exchange says beside who speaks."""

    purpose: Purpose
    nonce: bytes
    created: int
    reply_limit: int
    versions: tuple[int, int]
    mail_cursor: int
    lanes: Sequence[tuple[int, int] | tuple[int, bytes, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request body, and where in it each frame ends."""

    facts: Facts
    body: bytes = field(repr=False)
    frames: tuple[Outgoing, ...]
    ends: tuple[int, ...]


def place(frame: Outgoing) -> Place:
    """The name of a frame within this device's chains."""
    return frame.incarnation, frame.lane, frame.sequence


def compose(identity: Identity, facts: Facts, frames: Iterable[Outgoing]) -> Request:
    """Sign the hello and put the frames behind it."""
    hello = Hello(
        organisation=identity.organisation,
        device=identity.device,
        incarnation=identity.incarnation,
        log_key_id=key_id(identity.log_key),
        purpose=facts.purpose,
        nonce=facts.nonce,
        created=max(0, facts.created),
        reply_limit=facts.reply_limit,
        directory_version=facts.versions[0],
        root_version=facts.versions[1],
        mail_cursor=facts.mail_cursor,
        lanes=tuple(facts.lanes[:HELLO_LANES]),
    )
    parts = [build_hello(hello, identity.key).raw]
    chosen = tuple(frames)
    ends = []
    at = len(parts[0])
    for frame in chosen:
        parts.append(_upload(identity, frame))
        at += len(parts[-1])
        ends.append(at)
    return Request(facts=facts, body=b"".join(parts), frames=chosen, ends=tuple(ends))


def _upload(identity: Identity, frame: Outgoing) -> bytes:
    """The frame in its envelope, which names the sender only where it is not the hello's."""
    own = frame.device == identity.device and frame.incarnation == identity.incarnation
    return encode_upload(
        Upload(
            lane=Lane(frame.lane),
            device=None if own else Device(frame.device),
            incarnation=None if own else Incarnation(frame.incarnation),
            frame=frame.raw,
        )
    )


def choose(waiting: Iterable[Outgoing], size: int, skip: Collection[Place]) -> list[Outgoing]:
    """The first frames that are not skipped, up to `size` bytes; at least one if there is any."""
    chosen: list[Outgoing] = []
    for frame in waiting:
        if place(frame) in skip:
            continue
        size -= len(frame.raw)
        if size < 0 and chosen:
            break
        chosen.append(frame)
    return chosen


class Doubt:
    """Frames that probably arrived before a cut, though no receipt says so.

    No receiver needs contiguity, so the next request skips them: its receipt tells whether they are held, and
    what it does not cover is sent again. Guessing wrong costs one exchange, right saves sending twice.
    A proxy may confirm what never arrives, so after a few cuts in a row only a receipt is asked for.
    """

    def __init__(self) -> None:
        self._frames: dict[Place, Outgoing] = {}
        self._cuts = 0

    def __bool__(self) -> bool:
        return bool(self._frames)

    @property
    def due(self) -> bool:
        """Whether a receipt must come before anything more is sent."""
        return self._cuts >= CUTS_IN_DOUBT

    @property
    def places(self) -> Set[Place]:
        """What to skip."""
        return self._frames.keys()

    @property
    def bytes(self) -> int:
        """Their size."""
        return sum(len(frame.raw) for frame in self._frames.values())

    def after_cut(self, request: Request, confirmed: int) -> bool:
        """Take what the other end's network confirmed of the body; whether that is anything new."""
        self._cuts += 1
        before = len(self._frames)
        for frame, end in zip(request.frames, request.ends, strict=True):
            if end <= confirmed:
                self._frames[place(frame)] = frame
        return len(self._frames) > before

    def clear(self) -> None:
        """A whole answer came, or the guess proved wrong: whatever still waits is sent again."""
        self._frames.clear()
        self._cuts = 0

    def witnesses(self, chosen: Sequence[Outgoing]) -> list[Outgoing]:
        """The smallest doubtful frame of each chain the request would not touch: it draws a receipt.

        None where the hello alone draws it: one chain in doubt and nothing else to send.
        """
        touched = {(frame.incarnation, frame.lane) for frame in chosen}
        untouched: dict[tuple[bytes, int], Outgoing] = {}
        for frame in sorted(self._frames.values(), key=lambda one: len(one.raw), reverse=True):
            if (frame.incarnation, frame.lane) not in touched:
                untouched[frame.incarnation, frame.lane] = frame
        return [] if not chosen and len(untouched) == 1 else list(untouched.values())

    def lane(self) -> int | None:
        """The lane in doubt when there is exactly one."""
        lanes = {frame.lane for frame in self._frames.values()}
        return lanes.pop() if len(lanes) == 1 else None
