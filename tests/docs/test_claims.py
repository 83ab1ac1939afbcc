"""R10: neither the documentation nor the program claims what it cannot keep."""

from __future__ import annotations

import pytest

from tests.docs.claims import claims
from tests.docs.markdown import ROOT, tracked

REFUSED = [
    "a deniable vault",
    "gives you plausible deniability",
    "Undetectable by the server",
    "untraceable reports",
    "military-grade encryption",
    "MILITARY GRADE",
    "secure delete of old pages",
    "securely erases the disk",
    "an unbreakable seal",
    "100% secure",
    "completely anonymous",
    "It is undetectable. We do not sell it.",
]
ALLOWED = [
    "We do not claim deniability: an image taken earlier opens with the passphrase.",
    "Not claimed: secure deletion on flash, undetectable use.",
    "PRAGMA secure_delete = ON",
    "a secure channel; delete the draft",
    "the key slots are destroyed",
    "undeniable, detectable, traceable",
]


def test_no_claim_is_made() -> None:
    """Every document and every text of the program keeps to what it can do."""
    files = tracked("*.md", "fieldkit/*", "sync/*")
    assert files
    texts = {path: (ROOT / path).read_text(encoding="utf-8", errors="ignore") for path in files}
    assert [f"{path}:{number} {claim}" for path in files for number, claim in claims(texts[path])] == []


@pytest.mark.parametrize("line", REFUSED)
def test_claim_is_noticed(line: str) -> None:
    """A claim is found however it is written."""
    assert len(list(claims(line))) == 1


@pytest.mark.parametrize("line", ALLOWED)
def test_denial_passes(line: str) -> None:
    """Saying that we do not claim it, and harmless words, pass."""
    assert list(claims(line)) == []


def test_denial_covers_its_own_line_only() -> None:
    """A denial does not excuse the next line."""
    assert list(claims("We do not claim it.\nUndetectable!")) == [(2, "Undetectable")]
