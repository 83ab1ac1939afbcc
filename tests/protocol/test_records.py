"""Plain bodies: type, content and gossip, and the readers of each type's content."""

from __future__ import annotations

from typing import Any

import pytest

from sync.protocol.encoding import decode, encode
from sync.protocol.ids import MAIN, Device, InviteId, revision_id
from sync.protocol.kinds import Role
from sync.protocol.limits import PLAIN_BYTES
from sync.protocol.records import (
    Gossip,
    InviteNote,
    Member,
    RecordType,
    decode_plain,
    encode_plain,
    heartbeat_content,
    invite_content,
    member_content,
    read_heartbeat,
    read_invite,
    read_member,
)
from tests.protocol.refusing import refused
from tests.protocol.samples import GENERATION, ORGANISATION, octets

CONTENT: dict[Any, Any] = {
    1: "form",
    2: 3,
    4: {"who": "a witness", "where": [{"lat": 36_200_000}], "seen": True},
}
GOSSIP = Gossip(lane=MAIN, generation=GENERATION, size=12, root=octets("tree", 32))
TOLD: list[Any] = [1, GENERATION, 12, octets("tree", 32)]


@pytest.mark.parametrize("gossip", [None, GOSSIP])
@pytest.mark.parametrize("type_", RecordType)
def test_round_trip(type_: RecordType, gossip: Gossip | None) -> None:
    """Type, content and gossip come back; the content's bytes are its one encoding."""
    plain = encode_plain(type_, CONTENT, gossip)
    assert decode(plain) == [int(type_), CONTENT, TOLD if gossip else None]
    read = decode_plain(plain)
    assert (read.type, read.content, read.gossip) == (type_, CONTENT, gossip)
    assert read.content_bytes == encode(CONTENT)


def test_the_revision_id_is_the_same_for_writer_and_reader() -> None:
    """The id is over the content alone: gossip, which changes from exchange to exchange, is not in it."""
    author = Device(octets("author"))
    ids = {
        revision_id(ORGANISATION, author, decode_plain(plain).content_bytes)
        for plain in (encode_plain(RecordType.REVISION, CONTENT, told) for told in (None, GOSSIP))
    }
    assert ids == {revision_id(ORGANISATION, author, encode(CONTENT))}


def test_a_deep_answer() -> None:
    """Content may nest as deep as fits into the plain body, and its id can still be computed."""
    deep: Any = 0
    for _ in range(5):
        deep = [deep]
    read = decode_plain(encode_plain(RecordType.REVISION, {4: deep}))
    assert read.content_bytes == encode({4: deep})
    with pytest.raises(TypeError):
        encode_plain(RecordType.REVISION, {4: [deep]})


SHAPES: dict[str, Any] = {
    "no array": {1: 2},
    "two parts": [1, {}],
    "four parts": [1, {}, None, None],
    "the reserved type": [3, {}, None],
    "type 0": [0, {}, None],
    "an unknown type": [7, {}, None],
    "type as text": ["1", {}, None],
    "type true": [True, {}, None],
    "content as an array": [1, [], None],
    "content as bytes": [1, b"", None],
    "no content": [1, None, None],
    "gossip false": [1, {}, False],
    "gossip as a map": [1, {}, {}],
    "gossip of three": [1, {}, TOLD[:3]],
    "gossip of lane 0": [1, {}, [0, *TOLD[1:]]],
    "gossip of a short generation": [1, {}, [1, b"short", *TOLD[2:]]],
    "gossip of a negative size": [1, {}, [*TOLD[:2], -1, TOLD[3]]],
    "gossip of a short root": [1, {}, [*TOLD[:3], bytes(31)]],
}


@pytest.mark.parametrize("value", SHAPES.values(), ids=SHAPES)
def test_shapes(value: object) -> None:
    """Anything but a known type, a map and gossip or null is malformed."""
    with refused():
        decode_plain(encode(value))


def test_the_size_is_compared_first() -> None:
    """One byte over the cap is refused before it is read."""
    room = PLAIN_BYTES - len(encode_plain(RecordType.REVISION, {4: bytes(70_000)})) + 70_000
    largest = encode_plain(RecordType.REVISION, {4: bytes(room)})
    assert len(largest) == PLAIN_BYTES
    assert decode_plain(largest).content == {4: bytes(room)}
    with refused(words="at most"):
        decode_plain(encode_plain(RecordType.REVISION, {4: bytes(room + 1)}))


MEMBER = Member(device=Device(octets("member")), role=Role.COORDINATOR, name="Synthetic Person")
NOTE = InviteNote(
    invite=InviteId(octets("invite")),
    org_key=octets("k_org", 32),
    role=Role.REPORTER,
    name="Synthetic Person",
    expires=490_000,
)


def test_members_and_invites() -> None:
    """Names and invite keys travel as the specification's maps and come back."""
    assert member_content(MEMBER) == {1: MEMBER.device, 2: 2, 3: "Synthetic Person"}
    assert read_member(member_content(MEMBER)) == MEMBER
    assert invite_content(NOTE) == {1: NOTE.invite, 2: NOTE.org_key, 3: 1, 4: "Synthetic Person", 5: 490_000}
    assert read_invite(invite_content(NOTE)) == NOTE
    assert heartbeat_content(495_000) == {1: 495_000}
    assert read_heartbeat(heartbeat_content(495_000)) == 495_000
    assert repr(NOTE.org_key)[2:-1] not in repr(NOTE)


BAD_VALUES: dict[int, list[Any]] = {
    1: [b"short", None, "x" * 16, 1],
    2: [0, 3, True, "1", None, b"short"],
    3: [0, 3, None, b"name", "x" * 256],
    4: [None, 1, "x" * 256],
    5: [-1, None, "now", 2**63],
}


def test_contents_of_another_shape() -> None:
    """A field missing, added or wrong is malformed."""
    for read, good in ((read_member, member_content(MEMBER)), (read_invite, invite_content(NOTE))):
        changed: list[Any] = [{key: value for key, value in good.items() if key != left} for left in good]
        changed += [good | {6: 1}, good | {"name": "x"}]
        changed += [good | {key: value} for key in good for value in BAD_VALUES[key]]
        for content in changed:
            with refused():
                read(content)
    bad: list[Any] = [{}, {1: -1}, {1: "now"}, {1: 5, 2: 5}, {2: 5}]
    for content in bad:
        with refused():
            read_heartbeat(content)
