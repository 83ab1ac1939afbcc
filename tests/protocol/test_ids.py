"""Identifiers, computed a second time by hand."""

from __future__ import annotations

import hashlib

import cbor2
import pytest

from sync.protocol import ids
from sync.protocol.ids import Device, Lane
from tests.protocol.samples import KEY, ORGANISATION, chain, octets


def digest(*fields: object) -> bytes:
    """H(E([label, 1, field…])) without the project's encoder."""
    label, *others = fields
    return hashlib.sha256(cbor2.dumps([label, 1, *others])).digest()


def test_ids_are_the_named_hashes() -> None:
    """Each id is the start of the hash that the specification says."""
    author = Device(octets("author"))
    assert ids.device_id(KEY.public) == digest("fieldkit/device", KEY.public)[:16]
    assert ids.key_id(KEY.public) == digest("fieldkit/key", KEY.public)[:8]
    assert ids.first_generation(ORGANISATION, ids.MAIN) == digest("fieldkit/generation", ORGANISATION, 1)[:8]
    assert (
        ids.revision_id(ORGANISATION, author, b"bytes")
        == digest("fieldkit/revision", ORGANISATION, author, b"bytes")[:16]
    )


def test_a_revision_is_its_authors_and_its_organisations() -> None:
    """The same content by another author, or in another organisation, is another revision."""
    author, other = Device(octets("author")), Device(octets("other"))
    elsewhere = ids.Organisation(octets("elsewhere"))
    made = {
        ids.revision_id(organisation, device, content)
        for organisation in (ORGANISATION, elsewhere)
        for device in (author, other)
        for content in (b"a", b"b")
    }
    assert len(made) == 8


@pytest.mark.parametrize(
    ("number", "is_one"), [(0, 0), (1, 1), (2, 1), (3, 1), (4, 0), (15, 0), (16, 1), (2**62, 1)]
)
def test_lanes(number: int, is_one: bool) -> None:
    """Three shared lanes and an organisation's own; the hello's and the reserved ones are none."""
    assert ids.is_lane(number) is bool(is_one)


def test_a_chain_can_be_a_key() -> None:
    """Chains with the same four parts are the same chain."""
    assert len({chain(), chain(), chain(Lane(2))}) == 2
