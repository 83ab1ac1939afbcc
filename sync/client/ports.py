"""What the engine asks of vault, network and clock, which satisfy it by shape; none is imported here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from sync.protocol.ids import Device, Incarnation, Organisation
from sync.protocol.messages import FeedItem, GenerationItem, MailItem
from sync.protocol.receipts import Checkpoint, Receipt
from sync.protocol.signing import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who this laptop is and which server it expects, from its keys and the newest directory it holds.

    `log_key` (32 bytes) verifies receipts, `pins` are one or two SPKI hashes, `address` is `host:port`.
    """

    organisation: Organisation
    device: Device
    incarnation: Incarnation
    key: SigningKey = field(repr=False)
    log_key: bytes
    pins: tuple[bytes, ...]
    address: str


class Outgoing(Protocol):
    """One sealed frame as it is stored: a retry sends these very bytes."""

    @property
    def lane(self) -> int: ...
    @property
    def device(self) -> bytes: ...
    @property
    def incarnation(self) -> bytes: ...
    @property
    def sequence(self) -> int: ...
    @property
    def raw(self) -> bytes: ...
    @property
    def hash(self) -> bytes: ...


class Kept(Protocol):
    """What one receipt changed in the vault."""

    @property
    def confirmed(self) -> int:
        """Frames that are received now and were not before."""

    @property
    def confirmed_bytes(self) -> int: ...
    @property
    def lost(self) -> int | None:
        """Frames that wait again because the server holds less than it confirmed; None when it does not."""


class SendStore(Protocol):
    """What every member's exchange needs of the vault. Each `keep_` is one transaction and safe to repeat."""

    def pending(self, limit_bytes: int) -> Sequence[Outgoing]:
        """Sealed frames that no verified receipt covers and that are not quarantined.

        In sending order (join, epoch, records, the rest), at most `limit_bytes` together, but at least one
        if any waits.
        """

    def pending_totals(self) -> tuple[int, int]:
        """How many frames wait, and their bytes."""

    def chain_hashes(
        self, lane: int, *, incarnation: bytes | None = None, lowest: int | None = None
    ) -> Mapping[int, bytes]:
        """Own frame hashes by sequence: at least the head and all above the last received without a gap.

        A receipt's ranges are checked against it, so what was received beyond a gap must be in it; from
        `lowest` on where that is lower. Of the present incarnation unless another one is named.
        """

    def heads(self) -> Sequence[tuple[int, int]]:
        """(lane, own head sequence that receipts say is held), lanes ascending, every lane written to."""

    def mail_cursor(self) -> int:
        """The next mailbox position wanted."""

    def versions(self) -> tuple[int, int]:
        """Newest directory and root version held, 0 for none."""

    def keep_receipt(self, receipt: Receipt, raw: bytes, covered: Collection[int], at: int) -> Kept:
        """Mark the `covered` sequences received, store the receipt; `at` is UTC seconds by our clock.

        Own frames of its chain that were received and that it leaves out wait again (§7).
        """

    def rejoin(self) -> bool:
        """The server does not know this laptop: let its join frame wait again; False if it was never held."""

    def keep_refusal(self, lane: int, incarnation: bytes, sequence: int, code: int) -> bool:
        """Quarantine a frame the server refused for good; False when it stays waiting all the same."""

    def keep_contradiction(self, lane: int, incarnation: bytes, frame: bytes, at: int) -> None:
        """Keep a frame of our own key that another copy of this vault must have signed (§9).

        Raise ProtocolError unless our key signed it for this chain; one we wrote ourselves changes nothing.
        """

    def keep_mail(self, items: Sequence[MailItem]) -> None:
        """Store frames addressed to this device; the cursor follows them. One held before changes nothing."""

    def keep_documents(self, roots: Sequence[bytes], directory: bytes | None) -> None:
        """Verify new signed documents (§6) and store them; raise ProtocolError when one does not hold."""


class FeedStore(Protocol):
    """What a pull needs besides: the feed as a reader keeps it."""

    def cursors(self) -> Sequence[tuple[int, bytes, int]]:
        """(lane, generation, next index) of every lane read."""

    def keep_feed(self, lane: int, entries: Sequence[FeedItem], checkpoint: Checkpoint | None) -> None:
        """Store entries and advance the cursor in one transaction.

        Signature and nonce of the checkpoint are verified; its root is compared once its size is reached.
        """

    def keep_set_back(self, checkpoint: Checkpoint) -> None:
        """Remember that the server has fewer entries of a lane than were pulled: it was set back."""

    def keep_generations(self, items: Sequence[GenerationItem], checkpoint: Checkpoint) -> None:
        """Go over to the generation of a lane that the frames lead to (§7), with the cursor at its beginning.

        Raises ProtocolError, and changes nothing, unless each was signed by a coordinator who manages
        members in the newest directory, and they lead from the generation held to the checkpoint's.
        """


class ExchangeStore(SendStore, FeedStore, Protocol):
    """The vault as an exchange sees it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What moved for one request. `up` and `down` are TCP payload, with the handshake if there was one.

    `body` is how much of the present request body the other side's network stack has confirmed, `handshake`
    the bytes both ways of the newest TLS handshake.
    """

    up: int = 0
    down: int = 0
    body: int = 0
    handshake: int = 0


class Watch(Protocol):
    """Told by a transport what happens, in this order. May raise StoppedError to end the exchange."""

    def connected(self) -> None:
        """A verified connection stands, new or used again; the request goes out next."""

    def sent(self) -> None:
        """The whole request was handed to the network."""

    def moved(self, traffic: Traffic) -> None:
        """Bytes moved; called at least once after a break, too."""


class Answer(Protocol):
    """A reply whose body comes in pieces as it arrives. Iterating raises LinkError when the link breaks."""

    @property
    def status(self) -> int: ...

    def __iter__(self) -> Iterator[bytes]: ...


class Transport(Protocol):
    """A verified connection to one server."""

    def post(self, path: str, body: bytes, watch: Watch) -> AbstractContextManager[Answer]:
        """Send one request. Raises LinkError for the network, VerificationError for a wrong certificate."""


class Clock(Protocol):
    """Time, so that tests need none."""

    def now(self) -> int:
        """UTC seconds of the laptop's clock, which may be wrong by years."""

    def monotonic(self) -> float:
        """Seconds that only grow."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


Random = Callable[[int], bytes]
"""Gives that many random bytes."""
