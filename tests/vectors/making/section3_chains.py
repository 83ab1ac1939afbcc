"""§3: chains, forks and voids; who may write what; and Ed25519 at its edges (§1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.world import MAIN, REPORTER, ZEROS, at, drawn, frame, public
from tests.vectors.mini.cbor import decode, encode
from tests.vectors.mini.frames import message
from tests.vectors.mini.names import device_id, sha256
from tests.vectors.mini.signing import ORDER, P, sign

SMALL_ORDER = (
    "A public key of small order is refused wherever one is taken in: under it, a signature fits any message."
)


def link(sequence: int, previous: bytes, seal: str = "") -> bytes:
    """A record at a place of the chain."""
    seal_id = drawn(f"chain {sequence}{seal}", 16)
    header = {1: sequence, 2: previous, 3: drawn("epoch", 16), 4: sequence, 5: seal_id}
    return frame(3, header, drawn(f"body {sequence}", 272))


ONE = link(1, ZEROS)
TWO = link(2, sha256(ONE))
THREE = link(3, sha256(TWO))
FOUR = link(4, sha256(THREE))
OTHER_TWO = link(2, sha256(ONE), "other")


def void(sequence: int, previous: bytes, closed: int, hash_: bytes, before: bytes) -> bytes:
    """A void at a place of the chain, of a frame with this hash that followed another one."""
    return frame(4, {1: sequence, 2: previous, 12: closed, 13: hash_, 14: 5, 43: before})


VOID_2 = void(4, sha256(THREE), 2, sha256(TWO), sha256(ONE))
VOID_OTHER = void(4, sha256(THREE), 2, sha256(OTHER_TWO), sha256(ONE))

GOOD = [
    ("in-order", "Four frames in order.", [ONE, TWO, THREE, FOUR]),
    ("backwards", "Four frames, last one first: no receiver demands an order.", [FOUR, THREE, TWO, ONE]),
    ("gap", "A gap is not a fork: the head is 1.", [ONE, THREE]),
    ("again", "The same frame again is held already.", [ONE, TWO, TWO]),
    ("void", "A void stands for the frame at 2: the head is 4.", [ONE, THREE, VOID_2]),
    ("void-then-frame", "The frame that was voided may come after all.", [ONE, THREE, VOID_2, TWO]),
    ("void-of-held", "A void of a frame that is held changes nothing.", [ONE, TWO, THREE, VOID_2]),
]
BAD = [
    ("previous-at-1", "Sequence 1 with a previous hash that is not zeros.", [link(1, drawn("previous"))]),
    ("zeros-at-2", "Sequence 2 with zeros for its previous hash.", [ONE, link(2, ZEROS)]),
    ("two-at-2", "Two valid frames at sequence 2.", [ONE, TWO, OTHER_TWO]),
    ("other-previous", "Frame 3 follows another frame 2.", [ONE, OTHER_TWO, THREE]),
    ("other-previous-late", "The same, and frame 2 comes last.", [ONE, THREE, OTHER_TWO]),
    ("void-then-other", "Another frame than the one voided.", [ONE, THREE, VOID_2, OTHER_TWO]),
    ("void-of-other", "A void with another hash than the frame held.", [ONE, TWO, THREE, VOID_OTHER]),
    (
        "void-against-next",
        "A void with another hash than the frame after it follows.",
        [ONE, THREE, VOID_OTHER],
    ),
]

ROLES = {
    "reporter": {"coordinator": False, "reader": False, "officer": False},
    "coordinator": {"coordinator": True, "reader": False, "officer": False},
    "reader": {"coordinator": True, "reader": True, "officer": False},
    "officer": {"coordinator": True, "reader": True, "officer": True},
    "stranger-reader": {"coordinator": False, "reader": True, "officer": False},
}
MAY = [
    ("officer", 20, 3),
    ("reporter", 3, 2),
    ("reporter", 4, 1),
    ("coordinator", 2, 3),
    ("coordinator", 3, 16),
    ("coordinator", 15, 3),
    ("reader", 8, 2),
    ("officer", 11, 3),
]
MAY_NOT = [
    ("reporter", 20, 3),
    ("reader", 20, 3),
    ("reporter", 2, 3),
    ("reporter", 3, 16),
    ("reporter", 4, 3),
    ("reporter", 5, 3),
    ("reporter", 8, 1),
    ("reporter", 14, 3),
    ("coordinator", 8, 1),
    ("stranger-reader", 8, 1),
    ("reader", 11, 3),
    ("reader", 13, 3),
    ("reader", 18, 3),
]


def _ed25519() -> Iterator[Vector]:
    key = public(REPORTER)
    kind, header, body, signature = decode(TWO)
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    malleable = signature[:32] + scalar.to_bytes(32, "little")
    shapes = [
        ("s-plus-order", "S with the group order added: the same signature in other bytes.", malleable),
        ("zeros", "A signature of zeros.", bytes(64)),
        ("s-order", "S is the group order.", signature[:32] + ORDER.to_bytes(32, "little")),
        (
            "r-sign",
            "The sign bit of R is flipped.",
            signature[:31] + bytes([signature[31] ^ 128]) + signature[32:],
        ),
    ]
    for name, about, octets in shapes:
        raw = encode([kind, header, body, octets])
        yield bad("signature", f"ed25519-{name}", about, "check_frame", frame=raw, **at(MAIN), public_key=key)
    weak = [
        ("identity", "The key is the neutral element, R too, S is 0.", 1, 1),
        (
            "identity-not-canonical",
            "A key that is y = p + 1, which RFC 8032 §5.1.3 does not decode.",
            P + 1,
            1,
        ),
        ("r-not-canonical", "R is the neutral element as y = p + 1, under a key of small order.", 1, P + 1),
    ]
    for name, about, y, r in weak:
        small = y.to_bytes(32, "little")
        place = replace(MAIN, device=device_id(small))
        raw = encode([kind, header, body, r.to_bytes(32, "little") + bytes(32)])
        vector = bad(
            "signature", f"ed25519-{name}", about, "check_frame", frame=raw, **at(place), public_key=small
        )
        yield replace(vector, proposed=SMALL_ORDER if name == "identity" else "")
    # The signature of the right message under the older habit of signing the bare concatenation.
    where = MAIN.organisation + b"\1" + MAIN.device + MAIN.incarnation
    raw = encode([kind, header, body, sign(REPORTER, where + header + body)])
    about = "The signature is over the raw concatenation."
    yield bad(
        "signature", "signed-concatenation", about, "check_frame", frame=raw, **at(MAIN), public_key=key
    )
    bare = message(kind, MAIN, header, body)
    raw = encode([kind, header, body, sign(REPORTER, bare.replace(b"fieldkit/frame", b"fieldkit/other"))])
    about = "The signature is over another label."
    yield bad("signature", "signed-other-label", about, "check_frame", frame=raw, **at(MAIN), public_key=key)


def vectors() -> Iterator[Vector]:
    """Chains, roles, signatures."""
    common = {**at(MAIN), "public_key": public(REPORTER)}
    for name, about, raws in GOOD:
        yield good(f"chain-{name}", about, "chain", frames=raws, **common)
    for name, about, raws in BAD:
        yield bad("fork", f"chain-{name}", about, "chain", frames=raws, **common)
    for role, kind, lane in MAY:
        about = f"Kind {kind} in lane {lane} by a {role}."
        yield good(f"may-{role}-{kind}-{lane}", about, "permitted", kind=kind, lane=lane, signer=ROLES[role])
    for role, kind, lane in MAY_NOT:
        name, about = f"may-not-{role}-{kind}-{lane}", f"Kind {kind} in lane {lane} by a {role}."
        yield bad("not permitted", name, about, "permitted", kind=kind, lane=lane, signer=ROLES[role])
    yield from _ed25519()
