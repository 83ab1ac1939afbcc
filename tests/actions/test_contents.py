"""Between answers and signed bytes: headlines, sizes, heads."""

from __future__ import annotations

from fieldkit.actions.contents import incident_of, standing, whole_answers
from fieldkit.actions.listing import HEADLINE_CHARS, headline
from fieldkit.model.ids import DeviceId, IncidentId, RevisionId
from fieldkit.vault.revisions import StoredRevision
from sync.protocol.encoding import encode

A, B = DeviceId(b"a" * 16), DeviceId(b"b" * 16)
ROOT = RevisionId(b"0" * 16)


def stored(
    name: bytes, author: DeviceId, *parents: bytes, created: int = 1, withdrawn: str = ""
) -> StoredRevision:
    """A revision by its first letter."""
    body: dict[int, object] = {1: "incident", 2: 1, 5: created}
    if parents:
        body[3] = [parent * 16 for parent in parents]
    body |= {12: withdrawn} if withdrawn else {4: {"title": name.decode()}}
    return StoredRevision(
        id=RevisionId(name * 16),
        incident=IncidentId(ROOT),
        author=author,
        own=False,
        withdraws=bool(withdrawn),
        created=created,
        kept=1,
        parents=tuple(RevisionId(parent * 16) for parent in parents),
        parts={1: encode(body)},
    )


def heads(revisions: list[StoredRevision], *seniors: DeviceId) -> bytes:
    """First letters of the heads."""
    incident = incident_of(revisions, seniors)
    assert incident is not None
    return b"".join(sorted(head.id[:1] for head in incident.heads))


def test_only_own_revisions_are_followed() -> None:
    """A reporter's revision takes the place of that reporter's own, a senior's of anybody's."""
    chain = [stored(b"0", A), stored(b"1", A, b"0", created=2)]
    assert heads(chain) == b"1"
    assert heads([*chain, stored(b"2", B, b"1", created=3)]) == b"12"
    assert heads([*chain, stored(b"2", B, b"1", created=3)], B) == b"2"
    assert heads([*chain, stored(b"2", B, b"1", b"0", created=3)]) == b"12"


def test_withdrawal_stands_on_what_it_takes_back() -> None:
    """However often it was taken back, the answers are those of the last revision that had some."""
    revisions = [
        stored(b"0", A),
        stored(b"1", A, b"0", created=2, withdrawn="x"),
        stored(b"2", A, b"1", created=3, withdrawn="y"),
    ]
    incident = incident_of(revisions)
    assert incident is not None and incident.withdrawn
    assert standing(incident).id == ROOT and whole_answers(incident, revisions) == {"title": "0"}
    assert incident_of([]) is None


def test_headline_is_short_and_clean() -> None:
    """A hostile title cannot drive a terminal nor fill a list."""
    made = headline({"title": "a\x1b[2J\nb" + "x" * 60_000, "gov": "G", "town": "T", "district": 5})
    assert made.title.startswith("a[2J b") and len(made.title) <= HEADLINE_CHARS
    assert made.place == "T" and headline({"title": [1], "gov": "G"}).title == ""
