"""§3: what a void says of the frame that will never come."""

from __future__ import annotations

from collections.abc import Iterator

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.section3_chains import ONE, OTHER_TWO, THREE, TWO, link, void
from tests.vectors.making.world import MAIN, REPORTER, ZEROS, at, drawn, public
from tests.vectors.mini.names import sha256

OTHER_THREE = link(3, sha256(OTHER_TWO), "other")
WRONG = drawn("wrong")
VOID_1 = void(2, sha256(ONE), 1, sha256(ONE), ZEROS)
VOID_1_WRONG = void(2, sha256(ONE), 1, sha256(ONE), WRONG)
VOID_2_WRONG = void(4, sha256(THREE), 2, sha256(TWO), WRONG)
JOINING = void(4, sha256(OTHER_THREE), 3, sha256(OTHER_THREE), sha256(OTHER_TWO))

GOOD = [
    ("of-first", "A void of sequence 1, which nothing came before.", [VOID_1]),
    ("of-branch", "A void in a branch whose beginning is not held: the head is 1.", [ONE, JOINING]),
]
BAD = [
    ("joins", "A void that would join two branches: its frame followed another 2.", [ONE, TWO, JOINING]),
    ("joins-late", "The same, and the void comes first.", [JOINING, ONE, TWO]),
    ("of-held-wrong", "It names another frame before the one held.", [ONE, TWO, THREE, VOID_2_WRONG]),
    ("frame-follows-other", "The frame voided follows another one than its void says.", [VOID_2_WRONG, TWO]),
    ("of-first-wrong", "A void of sequence 1 that names a frame before it.", [VOID_1_WRONG]),
]


def vectors() -> Iterator[Vector]:
    """Chains with voids."""
    common = {**at(MAIN), "public_key": public(REPORTER)}
    for name, about, raws in GOOD:
        yield good(f"void-{name}", about, "chain", frames=raws, **common)
    for name, about, raws in BAD:
        yield bad("fork", f"void-{name}", about, "chain", frames=raws, **common)
