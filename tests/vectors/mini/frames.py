"""§3: the frame, its header keys by kind, its signature, and the hello."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .cbor import decode, encode
from .failure import UINT_MAX, Failure, Item, array, bstr, keyed, need, ranges, uint
from .names import device_id, labelled, lane_number, sha256
from .padding import sizes
from .signing import sign, verifies

FRAME_MAX = 65_536
HEADER_MAX = 2_048
SIGNATURE = 64
HELLO_SIZES = (256, 512, 1_024)
HELLO_LANES = 16
STEP_MAX = 1_023
SEALED_KEY = 1_168
HELLO, EPOCH, RECORD, VOID, HEARTBEAT, ACK, CERTIFICATE = 1, 2, 3, 4, 5, 8, 11
GRANT, ROOT, DIRECTORY, INVITE, JOIN, GENERATION = 13, 14, 15, 18, 19, 20

KEYS: dict[int, set[int]] = {
    HELLO: set(range(30, 42)),
    EPOCH: {1, 2, 7, 8},
    RECORD: {1, 2, 3, 4, 5},
    VOID: {1, 2, 12, 13, 14, 43},
    HEARTBEAT: {1, 2, 3, 4, 5},
    ACK: {1, 2, 6, 9, 10, 11},
    CERTIFICATE: {1, 2, 6, 15, 16, 17, 25},
    GRANT: {1, 2, 6, 7, 18},
    ROOT: {1, 2, 20},
    DIRECTORY: {1, 2, 20},
    INVITE: {1, 2, 15, 16, 26},
    JOIN: {1, 2, 15, 16, 17, 19, 20, 21, 22, 23, 24},
    GENERATION: {1, 2, 18, 27, 28, 29, 42},
}

# Bytes of a value that is a byte string.
LENGTHS = {
    **{2: 32, 3: 16, 5: 16, 6: 16, 8: 32, 9: 8, 11: 32, 13: 32, 15: 16, 17: 32, 19: 32, 21: 32, 22: 32},
    **{23: 32, 24: 32, 25: 32, 27: 8, 29: 32, 30: 16, 31: 16, 32: 8, 33: 8, 35: 16, 42: 8, 43: 32},
}
# Least and most of a value that is a uint; what is in neither table nor special() is any uint.
BOUNDS: dict[int, tuple[int, int]] = dict.fromkeys((1, 7, 12, 20), (1, UINT_MAX))
BOUNDS |= {4: (0, STEP_MAX), 14: (1, 255), 16: (1, 2), 34: (1, 2)}

RECORD_SIZES = {size + 16 for size in sizes()}
BODY: dict[int, Callable[[int], bool]] = {
    HELLO: lambda n: True,
    EPOCH: lambda n: n == SEALED_KEY,
    RECORD: lambda n: n in RECORD_SIZES,
    HEARTBEAT: lambda n: n == 272,
    GRANT: lambda n: n == SEALED_KEY,
    ROOT: lambda n: 1 <= n <= 61_440,
    DIRECTORY: lambda n: 1 <= n <= 16_384,
    INVITE: lambda n: n == 32,
    JOIN: lambda n: n in (0, 1_216),
}


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A frame whose form is right; nothing is known of who made it."""

    kind: int
    header: dict[int, Item]
    header_bytes: bytes
    body: bytes
    signature: bytes
    raw: bytes

    @property
    def hash(self) -> bytes:
        """Its hash, by which other frames name it."""
        return sha256(self.raw)


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a frame does not say of itself: the envelope it travels in."""

    organisation: bytes
    lane: int
    device: bytes
    incarnation: bytes


def message(kind: int, place: Place, header: bytes, body: bytes) -> bytes:
    """What a frame's signature is over."""
    where = (place.organisation, place.lane, place.device, place.incarnation)
    return labelled("frame", kind, *where, sha256(header), sha256(body))


def build(kind: int, header: dict[int, Item] | bytes, body: bytes, place: Place, seed: bytes) -> bytes:
    """A signed frame; nothing is checked, so that vectors can be made wrong."""
    octets = header if isinstance(header, bytes) else encode(header)
    return encode([kind, octets, body, sign(seed, message(kind, place, octets, body))])


def _lanes(header: dict[int, Item]) -> None:
    width = 1 + header[34]
    before = 0
    for entry in array(header[41], most=HELLO_LANES):
        array(entry, width)
        lane = lane_number(entry[0])
        need(lane > before, "malformed", "lanes not ascending")
        before = lane
        uint(entry[-1])
        if width == 3:
            bstr(entry[1], 8)


def _header(kind: int, octets: bytes) -> dict[int, Item]:
    header = keyed(decode(octets), KEYS[kind])
    for key, value in header.items():
        if key in LENGTHS:
            bstr(value, LENGTHS[key])
        elif key not in (10, 41):
            uint(value, *BOUNDS.get(key, (0, UINT_MAX)))
    if kind == ACK:
        array(header[10], least=1)
        ranges(header[10], 1, 64, 2)
    if kind == VOID:
        need(header[12] < header[1], "malformed", "a void closes a sequence before its own")
    if kind in (GRANT, GENERATION):
        lane_number(header[18])
    if kind == GENERATION:
        need(header[27] != header[42], "malformed", "a generation does not follow itself")
    if kind == CERTIFICATE:
        need(header[6] == device_id(header[17]), "malformed", "the device is not the hash of the key")
    if kind == HELLO:
        _lanes(header)
    return header


def _hello_body(header: bytes, body: bytes) -> None:
    need(not any(body), "malformed", "a hello's body is zeros")
    for size in HELLO_SIZES:
        fits = [n for n in range(size) if len(encode([HELLO, header, bytes(n), bytes(SIGNATURE)])) == size]
        if fits:
            need(len(body) == fits[0], "size", f"this hello is a frame of {size} bytes")
            return
    raise Failure("size", "no size fits this hello")


def parse(raw: bytes) -> Frame:
    """§11 step 2: sizes, canonical form, the kind's header keys and body size."""
    need(len(raw) <= FRAME_MAX, "size", "a frame beyond 65,536 bytes")
    kind, header, body, signature = array(decode(raw), 4)
    uint(kind)
    bstr(header)
    bstr(body)
    bstr(signature, SIGNATURE)
    need(len(header) <= HEADER_MAX, "size", "a header beyond 2,048 bytes")
    need(kind in KEYS, "kind", f"no kind {kind}")
    fields = _header(kind, header)
    need(BODY[kind](len(body)) if kind in BODY else not body, "size", f"a body of {len(body)} bytes")
    if kind == HELLO:
        _hello_body(header, body)
    if kind == JOIN:
        need(
            (len(body) > 0) == (fields[16] == 2), "size", "a coordinator, and nobody else, sends a reader key"
        )
    return Frame(kind=kind, header=fields, header_bytes=header, body=body, signature=signature, raw=raw)


def check(raw: bytes, place: Place, key: bytes) -> Frame:
    """A frame at its place, with the signature of its device."""
    frame = parse(raw)
    if frame.kind == HELLO:
        need(place.lane == 0, "lane", "a hello is in lane 0")
        said = (frame.header[30], frame.header[31], frame.header[32])
        need(said == (place.organisation, place.device, place.incarnation), "signature", "another place")
    else:
        lane_number(place.lane)
        need(frame.kind < CERTIFICATE or place.lane == 3, "lane", "this kind is in lane 3")
    need(device_id(key) == place.device, "signature", "the device is not the hash of the key")
    if frame.kind == JOIN:
        need(frame.header[17] == key, "signature", "a join is signed by the key in it")
    what = message(frame.kind, place, frame.header_bytes, frame.body)
    need(verifies(key, frame.signature, what), "signature", "the signature does not hold")
    return frame


def permitted(kind: int, lane: int, signer: dict[str, bool]) -> None:
    """§3 kinds, column signer: whether somebody with these roles may write this kind there."""
    need(kind in KEYS and kind != HELLO, "kind", f"no kind {kind} in a chain")
    lane_number(lane)
    need(kind < CERTIFICATE or lane == 3, "lane", "this kind is in lane 3")
    coordinator = signer["coordinator"]
    allowed = {
        ACK: coordinator and signer["reader"],
        ROOT: coordinator,
        DIRECTORY: coordinator,
        JOIN: True,
        **{one: coordinator and signer["officer"] for one in (CERTIFICATE, GRANT, INVITE, GENERATION)},
        **{one: lane in (1, 2) or coordinator for one in (EPOCH, RECORD, VOID, HEARTBEAT)},
    }
    need(allowed[kind], "not permitted", "not for this signer")
