"""Sealing and opening: inbox keys, epochs, the ratchet, records, grants (docs/protocol.md §4, §5).

The server's packages cannot import this module; an import contract keeps it so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NewType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from sync.protocol.compression import expand, squeeze
from sync.protocol.errors import ProtocolError, Refusal, malformed
from sync.protocol.frames import Frame, build, encode_header
from sync.protocol.ids import Chain, Device, EpochId, FrameHash, Lane, Organisation, SealId, labelled, sha256
from sync.protocol.kinds import Key, Kind
from sync.protocol.limits import INBOX_PUBLIC_BYTES, RATCHET_STEPS
from sync.protocol.padding import pad, unpad
from sync.protocol.signing import SigningKey

EpochSecret = NewType("EpochSecret", bytes)
"""K0 of an epoch: opens every record of it."""

Token = NewType("Token", bytes)
"""What only the sender and those who opened a frame know of it (§8)."""

SECRET_BYTES: Final = 32
_MLKEM_PUBLIC_BYTES: Final = 1_184
_MLKEM_SEED_BYTES: Final = 64
_NONCE: Final = bytes(12)
"""Every record key is used once, so the nonce may be constant."""

_SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def derive(secret: bytes, label: str, *fields: object, length: int = SECRET_BYTES) -> bytes:
    """HKDF-Expand (RFC 5869 §2.3) under a label: `length` bytes."""
    return HKDFExpand(hashes.SHA256(), length, labelled(label, *fields)).derive(secret)


class InboxSecret:
    """The private half of an inbox or reader key, from its 32-byte seed."""

    __slots__ = ("_key", "public", "seed")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SECRET_BYTES:
            raise ValueError(f"expected a seed of {SECRET_BYTES} bytes, got {len(seed)}")
        lattice_seed = derive(seed, "fieldkit/inbox-mlkem", length=_MLKEM_SEED_BYTES)
        lattice = MLKEM768PrivateKey.from_seed_bytes(lattice_seed)
        curve = X25519PrivateKey.from_private_bytes(derive(seed, "fieldkit/inbox-x25519"))
        self._key = hpke.MLKEM768X25519PrivateKey(lattice, curve)
        self.seed = seed
        self.public: bytes = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """Open an HPKE message sealed to this key; raise ProtocolError (MALFORMED) when it does not open."""
        try:
            return _SUITE.decrypt(wrapped, self._key, info)
        except (InvalidTag, ValueError):
            raise malformed("the wrapped key does not open with this inbox key") from None


def wrap(secret: bytes, public: bytes, info: bytes) -> bytes:
    """Seal a secret to an inbox or reader key: HPKE single shot, 1,136 bytes more than the secret.

    Raises ProtocolError (MALFORMED) for a public key that is not one.
    """
    if len(public) != INBOX_PUBLIC_BYTES:
        raise malformed(f"expected a public key of {INBOX_PUBLIC_BYTES} bytes, got {len(public)}")
    try:
        lattice = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_BYTES])
        curve = X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_BYTES:])
        return _SUITE.encrypt(secret, hpke.MLKEM768X25519PublicKey(lattice, curve), info)
    except ValueError:
        raise malformed("the public key is not a point and lattice this suite takes") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratchet:
    """A sender's or reader's state in one epoch: K(step). Older keys cannot be computed from it."""

    epoch: EpochId
    step: int
    key: bytes = field(repr=False)

    def forward(self) -> Ratchet:
        """K(step + 1)."""
        return Ratchet(epoch=self.epoch, step=self.step + 1, key=derive(self.key, "fieldkit/step"))

    @property
    def spent(self) -> bool:
        """Whether the epoch has no step left and a new one must begin."""
        return self.step >= RATCHET_STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed frame, what proves its opening, and the ratchet to store in the same transaction."""

    frame: Frame
    token: Token = field(repr=False)
    ratchet: Ratchet


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A record's plain bytes (§4) and its token."""

    plain: bytes = field(repr=False)
    token: Token = field(repr=False)


def _epoch_info(chain: Chain, term: int, commit: bytes) -> bytes:
    return labelled(
        "fieldkit/epoch", chain.organisation, chain.lane, term, chain.device, chain.incarnation, commit
    )


def _commit(secret: bytes) -> bytes:
    return sha256(labelled("fieldkit/commit", secret))


def epoch_id(epoch_frame: Frame) -> EpochId:
    """The id of the epoch that this frame opens: nobody can make two frames with one id."""
    return EpochId(epoch_frame.hash[:16])


def epoch_token(secret: EpochSecret, epoch: EpochId) -> Token:
    """What proves that an epoch frame was opened."""
    return Token(derive(secret, "fieldkit/ack-epoch", epoch))


def seal_epoch(
    chain: Chain,
    key: SigningKey,
    *,
    inbox_public: bytes,
    term: int,
    sequence: int,
    previous: FrameHash,
    secret: EpochSecret,
) -> Sealed:
    """Begin an epoch: wrap K0 once to the lane's inbox key; the ratchet returned stands at step 0."""
    commit = _commit(secret)
    body = wrap(secret, inbox_public, _epoch_info(chain, term, commit))
    header = {Key.SEQUENCE: sequence, Key.PREVIOUS: previous, Key.TERM: term, Key.COMMIT: commit}
    frame = build(chain, key, Kind.EPOCH, header, body)
    epoch = epoch_id(frame)
    return Sealed(
        frame=frame, token=epoch_token(secret, epoch), ratchet=Ratchet(epoch=epoch, step=0, key=secret)
    )


def open_epoch(frame: Frame, chain: Chain, inbox: InboxSecret) -> EpochSecret:
    """K0 of an epoch frame whose signature was checked.

    Raises ProtocolError when it was sealed to another key or breaks its commitment, which would let one frame
    open two ways.
    """
    commit = frame.header[Key.COMMIT]
    secret = inbox.unwrap(frame.body, _epoch_info(chain, frame.header[Key.TERM], commit))
    if len(secret) != SECRET_BYTES or _commit(secret) != commit:
        raise malformed("the epoch's key is not the one it commits to")
    return EpochSecret(secret)


def _record_key(ratchet: Ratchet, chain: Chain, seal: SealId) -> bytes:
    return derive(
        ratchet.key,
        "fieldkit/record",
        chain.organisation,
        chain.lane,
        chain.device,
        chain.incarnation,
        ratchet.epoch,
        ratchet.step,
        seal,
    )


def _token(ratchet: Ratchet, seal: SealId) -> Token:
    return Token(derive(ratchet.key, "fieldkit/ack", seal))


def seal_record(
    chain: Chain,
    key: SigningKey,
    ratchet: Ratchet,
    plain: bytes,
    *,
    seal: SealId,
    sequence: int,
    previous: FrameHash,
    kind: Kind = Kind.RECORD,
) -> Sealed:
    """Squeeze, pad, seal and sign one plain body with K(step).

    `seal` is 16 fresh random bytes, so that a copied vault cannot use a key twice. Raises ValueError when the
    epoch is spent, ProtocolError (SIZE) when the body is too large for a frame.
    """
    if ratchet.spent:
        raise ValueError(f"the epoch is spent after {RATCHET_STEPS} steps: begin another")
    header = {
        Key.SEQUENCE: sequence,
        Key.PREVIOUS: previous,
        Key.EPOCH: ratchet.epoch,
        Key.STEP: ratchet.step,
        Key.SEAL: seal,
    }
    aad = encode_header(header)
    body = ChaCha20Poly1305(_record_key(ratchet, chain, seal)).encrypt(_NONCE, pad(squeeze(plain)), aad)
    frame = build(chain, key, kind, header, body)
    return Sealed(frame=frame, token=_token(ratchet, seal), ratchet=ratchet.forward())


def open_record(frame: Frame, chain: Chain, ratchet: Ratchet) -> Opened:
    """Open a record or heartbeat whose signature was checked, with the ratchet at its step.

    Raises ProtocolError (SIGNATURE) when the tag does not hold, MALFORMED for padding or compression.
    """
    seal = SealId(frame.header[Key.SEAL])
    try:
        padded = ChaCha20Poly1305(_record_key(ratchet, chain, seal)).decrypt(
            _NONCE, frame.body, frame.header_bytes
        )
    except InvalidTag:
        raise ProtocolError(Refusal.SIGNATURE, "the record does not open with its epoch's key") from None
    return Opened(plain=expand(unpad(padded)), token=_token(ratchet, seal))


class EpochReader:
    """Opens the records of one epoch in any order; forward order costs one derivation a record."""

    __slots__ = ("_base", "_last")

    def __init__(self, epoch: EpochId, secret: EpochSecret) -> None:
        self._base = Ratchet(epoch=epoch, step=0, key=secret)
        self._last = self._base

    def open(self, frame: Frame, chain: Chain) -> Opened:
        """As `open_record`; the step was bounded when the frame was parsed, so the loop is short."""
        step = frame.header[Key.STEP]
        if frame.header[Key.EPOCH] != self._base.epoch:
            raise malformed("the record belongs to another epoch")
        ratchet = self._last if self._last.step <= step else self._base
        while ratchet.step < step:
            ratchet = ratchet.forward()
        self._last = ratchet
        return open_record(frame, chain, ratchet)


def _grant_info(organisation: Organisation, lane: Lane, term: int, to: Device) -> bytes:
    return labelled("fieldkit/grant", organisation, lane, term, to)


def seal_seed(
    seed: bytes, reader_public: bytes, *, organisation: Organisation, lane: Lane, term: int, to: Device
) -> bytes:
    """The body of a grant frame: a lane's inbox seed for one reader."""
    return wrap(seed, reader_public, _grant_info(organisation, lane, term, to))


def open_seed(
    body: bytes, reader: InboxSecret, *, organisation: Organisation, lane: Lane, term: int, to: Device
) -> InboxSecret:
    """The inbox key that a grant frame gives; raise ProtocolError when it does not open."""
    seed = reader.unwrap(body, _grant_info(organisation, lane, term, to))
    if len(seed) != SECRET_BYTES:
        raise malformed(f"expected a seed of {SECRET_BYTES} bytes, got {len(seed)}")
    return InboxSecret(seed)
