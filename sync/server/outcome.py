"""What goes into the commit of a sync request, and what came of it (docs/protocol.md §7, §9)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sync.protocol.chain import Range
from sync.protocol.errors import Refusal
from sync.protocol.frames import Frame
from sync.protocol.ids import Chain, Device, FrameHash, Generation


@dataclass(frozen=True, slots=True)
class Signed:
    """An upload whose signature holds under a key whose hash is the device."""

    chain: Chain
    frame: Frame


@dataclass(frozen=True, slots=True)
class Refused:
    """An upload that is not taken, and why; sequence 0 when it could not be read."""

    lane: int
    device: bytes
    incarnation: bytes
    sequence: int
    code: Refusal


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A held frame of the sender's own chain that a refused one contradicts."""

    chain: Chain
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeState:
    """A lane's tree after the request, and which indexes the request added."""

    generation: Generation
    size: int
    root: bytes
    first_index: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What is held of a chain after the request: the matter of a receipt."""

    chain: Chain
    head: int
    head_hash: FrameHash
    beyond: tuple[Range, ...]
    tree: TreeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """The durable outcome of a request.

    `refusal` says that the whole request was refused and nothing written.
    """

    refusal: Refusal | None = None
    reports: tuple[ChainReport, ...] = ()
    refused: tuple[Refused, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    joined: tuple[Device, ...] = ()
    """Devices that joined with it: told to the log once it is durable."""
    news: bool = False
    """Whether documents or mail wait that the sender's hello does not know of."""
