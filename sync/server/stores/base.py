"""The port every store implements.

The organisation is the first argument of every method, so no query can forget it (R24).

A store holds rows and decides nothing: the rules live in `sync.protocol.permissions` and
`sync.server.ingest`. What a transaction wrote is durable when `writing()` was left without an error, and
gone when it was not; `reading()` sees one moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from sync.protocol.chain import Link
from sync.protocol.ids import (
    NO_HASH,
    Chain,
    Device,
    FrameHash,
    Generation,
    Incarnation,
    InviteId,
    Lane,
    Organisation,
)


class StoreError(Exception):
    """The database file is not what it must be, or fails. The text is for the operator."""


class DocumentKind(IntEnum):
    """The signed documents a server keeps, every version of them."""

    ROOT = 14
    DIRECTORY = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which ticket code made an organisation (hashed: the code itself is a secret) and with which root."""

    code_hash: bytes
    root_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A root or directory as it was signed."""

    version: int
    hash: bytes
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How far documents and one mailbox go: newest versions (0 for none), next mail position."""

    root: int
    directory: int
    mail: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A device that joined, or that a certificate names. Coordinators are members by the directory alone."""

    device: Device
    public_key: bytes
    role: int
    certified: bool
    join_hash: FrameHash


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """An invite and who burnt it. `expires` is in hours since 1970."""

    invite: InviteId
    role: int
    expires: int
    key: bytes = field(repr=False)
    burnt_by: Device | None = None
    burnt_with: FrameHash | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneHead:
    """A lane's current generation and the frontier of its tree, whose size is the next index."""

    generation: Generation
    frontier: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationRow:
    """A frame by which a lane began anew, and whose it is: `ends` and `begins` are the lane's generations."""

    ends: Generation
    begins: Generation
    device: Device
    incarnation: Incarnation
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainState:
    """What is held of one chain.

    `number` is the store's own name for it; `top` the highest sequence held or voided.
    """

    number: int
    lane: Lane
    incarnation: Incarnation
    head: int = 0
    head_hash: FrameHash = NO_HASH
    top: int = 0
    frames: int = 0
    size: int = 0
    evidence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One frame at its position in a lane's feed. `previous` is the hash its header names."""

    index: int
    number: int
    device: Device
    incarnation: Incarnation
    sequence: int
    hash: FrameHash
    previous: FrameHash
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """A sequence its chain will never fill: what would stand there, and which sequence's void says so."""

    sequence: int
    link: Link
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One entry of a feed as readers pull it."""

    index: int
    device: Device
    incarnation: Incarnation
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """One frame in a device's mailbox: its position there and in the lane."""

    position: int
    lane: Lane
    index: int
    device: Device
    incarnation: Incarnation
    raw: bytes = field(repr=False)


class Reader(Protocol):
    """Questions to one moment of the store."""

    def origin(self, organisation: Organisation) -> Origin | None:
        """How the organisation was made; None when it does not exist here."""
        ...

    def documents(self, organisation: Organisation, kind: DocumentKind, above: int) -> list[Document]:
        """Every version higher than `above`, ascending."""
        ...

    def newest(self, organisation: Organisation, kind: DocumentKind) -> Document | None:
        """The highest version."""
        ...

    def marks(self, organisation: Organisation, device: Device) -> Marks:
        """How far documents and a device's mailbox go."""
        ...

    def member(self, organisation: Organisation, device: Device) -> Member | None:
        """A device that joined or was certified."""
        ...

    def invite(self, organisation: Organisation, invite: InviteId) -> Invite | None:
        """An invite by its id."""
        ...

    def lane(self, organisation: Organisation, lane: Lane) -> LaneHead | None:
        """A lane's head; None while nothing was written."""
        ...

    def generations(self, organisation: Organisation, lane: Lane) -> list[GenerationRow]:
        """Every time the lane began anew, in order."""
        ...

    def chains(self, organisation: Organisation, device: Device) -> list[ChainState]:
        """Every chain of a device, in all lanes and incarnations."""
        ...

    def held(self, organisation: Organisation, number: int, sequences: Sequence[int]) -> dict[int, Link]:
        """Those of the sequences that are held or voided in the chain."""
        ...

    def beyond(self, organisation: Organisation, number: int, head: int) -> dict[int, Link]:
        """Everything held or voided above a sequence of the chain."""
        ...

    def standing(self, organisation: Organisation, number: int, sequence: int) -> bytes | None:
        """The frame that fills a sequence of a chain, or the void that closed it; None for neither."""
        ...

    def feed(
        self, organisation: Organisation, lane: Lane, start: int, *, rows: int, size: int
    ) -> list[FeedRow]:
        """Entries from index `start` on.

        At most `rows`, and no more than `size` bytes of frames unless the first is larger.
        """
        ...

    def mail(
        self, organisation: Organisation, device: Device, start: int, *, rows: int, size: int
    ) -> list[MailRow]:
        """Mailbox entries from position `start` on, cut as in `feed`."""
        ...

    def evidence(self, organisation: Organisation, number: int) -> list[tuple[int, bytes]]:
        """Sequence and bytes of the frames that contradict what a chain holds."""
        ...


class Transaction(Reader, Protocol):
    """Writes of one group; they see each other, nobody else sees them before the commit."""

    def add_organisation(self, organisation: Organisation, origin: Origin) -> bool:
        """Create an organisation; False when its id or its ticket code is taken."""
        ...

    def add_document(self, organisation: Organisation, kind: DocumentKind, document: Document) -> None:
        """Keep a new version."""
        ...

    def put_member(self, organisation: Organisation, member: Member) -> None:
        """Add or replace a member."""
        ...

    def put_invite(self, organisation: Organisation, invite: Invite) -> None:
        """Add or replace an invite."""
        ...

    def add_nonce(self, organisation: Organisation, nonce: bytes, hour: int) -> bool:
        """Remember a nonce; False if it is remembered already."""
        ...

    def forget_nonces(self, organisation: Organisation, before: int) -> None:
        """Drop nonces of hours before `before`."""
        ...

    def open_chain(self, organisation: Organisation, chain: Chain) -> ChainState:
        """Start a chain that is not held yet."""
        ...

    def save_chain(self, organisation: Organisation, state: ChainState) -> None:
        """Replace the state of a chain."""
        ...

    def save_lane(self, organisation: Organisation, lane: Lane, head: LaneHead) -> None:
        """Replace or start a lane's head."""
        ...

    def add_generation(self, organisation: Organisation, lane: Lane, row: GenerationRow) -> None:
        """Remember the frame by which a lane that is saved began anew."""
        ...

    def append(self, organisation: Organisation, lane: Lane, entries: Sequence[Entry]) -> None:
        """Add entries to a lane that is saved; an index or a sequence that is taken is a bug and raises."""
        ...

    def add_void(self, organisation: Organisation, number: int, void: Void) -> None:
        """Count a sequence as held that its chain will never fill."""
        ...

    def add_evidence(self, organisation: Organisation, number: int, sequence: int, raw: bytes) -> bool:
        """Keep a frame that contradicts what a chain holds; False if it is kept already."""
        ...

    def add_mail(
        self, organisation: Organisation, device: Device, lane: Lane, indexes: Sequence[int]
    ) -> None:
        """Put frames of a lane into a device's mailbox, at its next positions."""
        ...


class Store(Protocol):
    """A place that keeps the frames of many organisations."""

    def reading(self) -> AbstractContextManager[Reader]:
        """One moment, from any thread."""
        ...

    def writing(self) -> AbstractContextManager[Transaction]:
        """One transaction, on the writer's thread only.

        Durable when left without an error, undone when not.
        """
        ...

    def close(self) -> None:
        """Release files."""
        ...
