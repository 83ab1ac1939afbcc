"""§2: identifiers."""

from __future__ import annotations

from collections.abc import Iterator

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.section3 import HEADERS
from tests.vectors.making.world import MAIN, REPORTER, device, frame, public
from tests.vectors.mini.cbor import encode


def vectors() -> Iterator[Vector]:
    """Every vector of this section."""
    revision = encode({1: "incident", 2: 3})
    yield good(
        "identifiers",
        "Device, key, first generation and revision id from what they are hashed from.",
        "identify",
        public_key=public(REPORTER),
        organisation=MAIN.organisation,
        lane=1,
        device=device(REPORTER),
        revision=revision,
    )
    yield good(
        "identifiers-lane-16",
        "The generation of a compartment's lane is another.",
        "identify",
        public_key=public(REPORTER),
        organisation=MAIN.organisation,
        lane=16,
        device=device(REPORTER),
        revision=revision,
    )
    void = frame(4, HEADERS[4])
    for lane, about in ((0, "a hello's"), (4, "the first reserved"), (15, "the last reserved")):
        item = encode([lane, void])
        yield bad(
            "lane|malformed",
            f"lane-{lane}",
            f"A frame in lane {lane}: {about} one.",
            "upload",
            item_bytes=item,
        )
    item = encode([2**63, void])
    yield bad("malformed|lane", "lane-beyond", "A lane beyond 2^63 - 1.", "upload", item_bytes=item)
    yield good("lane-16", "A compartment's lane.", "upload", item_bytes=encode([16, void]))
