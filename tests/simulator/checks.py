"""The promises, held against the server's disk, other vaults, and what the authors remember."""

from __future__ import annotations

from typing import Any, Final, cast

from fieldkit.model.ids import RevisionId
from fieldkit.model.state import State
from sync.protocol.encoding import decode
from sync.protocol.ids import MAIN, SOURCES, Device
from sync.protocol.limits import PLAIN_BYTES
from tests.simulator.laptop import Laptop, Word
from tests.simulator.truth import Truth, Violation

ANSWERS: Final = 4
WITHDRAWN: Final = 12
"""Keys of a revision's content (docs/protocol.md §4)."""

SHOWN: Final = (State.RECEIVED, State.DELIVERED)


def check_laptop(laptop: Laptop, truth: Truth) -> None:
    """After every act: nothing is missing here, and no tick says more than is true now."""
    _check_incarnation(laptop)
    _check_words(laptop)
    _check_drafts(laptop)
    _note_opened(laptop, truth)
    _check_ticks(laptop, truth)
    _check_states(laptop, truth)


def _check_incarnation(laptop: Laptop) -> None:
    """Only a laptop that was copied or put back begins anew."""
    present = laptop.vault.identities.require().incarnation
    if laptop.incarnation is None or laptop.doubtful:
        laptop.incarnation = present
    if laptop.incarnation != present:
        raise Violation(f"{laptop.name} took a new incarnation, and nobody had copied it")


def told(content: bytes) -> str:
    """What a revision's main content says in words: its narrative, or why it is withdrawn."""
    body = cast(dict[int, Any], decode(content, limit=PLAIN_BYTES))
    if WITHDRAWN in body:
        return str(body[WITHDRAWN])
    return str(body.get(ANSWERS, {}).get("narrative"))


def source_of(content: bytes) -> str:
    """The name of the source in a *sources* part."""
    body = cast(dict[int, Any], decode(content, limit=PLAIN_BYTES))
    return str(body[ANSWERS]["sources"][0]["src_name"])


def _parts(laptop: Laptop) -> dict[bytes, dict[int, bytes]]:
    """Content by revision and lane, of parts whose author wrote the revision too."""
    rows = laptop.database.rows(
        "SELECT p.revision, p.lane, p.content FROM revision_part p"
        " JOIN revision r ON r.id = p.revision AND r.author = p.author"
    )
    found: dict[bytes, dict[int, bytes]] = {}
    for revision, lane, content in rows:
        found.setdefault(revision, {})[lane] = content
    return found


def holds(parts: dict[bytes, dict[int, bytes]], word: Word) -> bool:
    """Whether a finished word is there, whole and as it was written."""
    lanes = parts.get(word.revision, {})
    if MAIN not in lanes or told(lanes[MAIN]) != word.narrative:
        return False
    return word.source is None or (SOURCES in lanes and source_of(lanes[SOURCES]) == word.source)


def parts_of(laptop: Laptop) -> dict[bytes, dict[int, bytes]]:
    """Everything a vault holds opened."""
    return _parts(laptop)


def _check_words(laptop: Laptop) -> None:
    if not laptop.memory.words:
        return
    parts = _parts(laptop)
    for word in laptop.memory.words:
        if not holds(parts, word):
            raise Violation(f"{laptop.name} finished {word.narrative!r}, and its vault does not hold it")


def _check_drafts(laptop: Laptop) -> None:
    for number, narrative in laptop.memory.drafts.items():
        if laptop.vault.drafts.load(number).draft.answers.get("narrative") != narrative:
            raise Violation(f"{laptop.name}'s draft {number} does not say {narrative!r} any more")


def _note_opened(laptop: Laptop, truth: Truth) -> None:
    rows = laptop.database.rows("SELECT revision, lane FROM revision_part")
    truth.opened.setdefault(laptop.device, set()).update((revision, lane) for revision, lane in rows)


def _check_ticks(laptop: Laptop, truth: Truth) -> None:
    """A frame that is marked received for the first time lies on the server's disk now."""
    rows = laptop.database.rows("SELECT hash, lane, sequence FROM frame WHERE received IS NOT NULL")
    for hash_, lane, sequence in rows:
        if hash_ in laptop.memory.ticked:
            continue
        if hash_ not in truth.hashes:
            raise Violation(
                f"{laptop.name} shows frame {sequence} of lane {lane} as received, which the server lacks"
            )
        laptop.memory.ticked.add(hash_)


def check_ticks_now(laptop: Laptop, truth: Truth) -> None:
    """After a whole exchange every frame shown as received lies on the server's disk at this moment.

    Of the present incarnation: for others no receipt comes unasked.
    """
    rows = laptop.database.rows(
        "SELECT hash, lane, sequence FROM frame"
        " WHERE received IS NOT NULL AND incarnation = (SELECT incarnation FROM identity)"
    )
    for hash_, lane, sequence in rows:
        if hash_ not in truth.hashes:
            raise Violation(
                f"{laptop.name} still shows frame {sequence} of lane {lane} as received,"
                " which the server has lost"
            )


def _check_states(laptop: Laptop, truth: Truth) -> None:
    """What the list shows of each finished word, held against frames and other people's vaults."""
    policy = laptop.vault.documents.directory().directory.delivered_by
    for word in laptop.memory.words:
        state = laptop.vault.delivery.state_of(RevisionId(word.revision), delivered_by=policy)
        if state not in SHOWN or (word.revision in laptop.memory.delivered):
            continue
        lanes = {int(MAIN)} if word.source is None else {int(MAIN), int(SOURCES)}
        # What was acknowledged arrived, also when this copy saw no receipt for it.
        arrived = truth.hashes if state is State.DELIVERED else laptop.memory.ticked
        missing = lanes - {lane for lane, hash_ in _frames(laptop, word.revision) if hash_ in arrived}
        if missing:
            raise Violation(
                f"{laptop.name} shows {word.narrative!r} as {state}, lanes {missing} were not sent"
            )
        if state is State.DELIVERED:
            _check_delivered(laptop, truth, word, lanes, policy)
            laptop.memory.delivered.add(word.revision)


def _frames(laptop: Laptop, revision: bytes) -> list[tuple[int, bytes]]:
    """(lane, frame hash) of a revision's records that were not replaced."""
    rows = laptop.database.rows(
        "SELECT f.lane, f.hash FROM outgoing o JOIN frame f ON f.outgoing = o.id"
        " WHERE o.revision = ? AND o.replaced = 0",
        (revision,),
    )
    return [(lane, hash_) for lane, hash_ in rows]


def _check_delivered(laptop: Laptop, truth: Truth, word: Word, lanes: set[int], policy: int) -> None:
    """So many coordinators' vaults held every lane of it, opened, at some moment before now."""
    for lane in lanes:
        having = [
            device
            for device, opened in truth.opened.items()
            if device != laptop.device and (word.revision, lane) in opened
        ]
        if len(having) < policy:
            raise Violation(
                f"{laptop.name} shows {word.narrative!r} as delivered to {policy},"
                f" lane {lane} stood opened in {len(having)} vaults"
            )


def check_nothing_invented(laptop: Laptop, truth: Truth) -> None:
    """Every revision in a vault was written by its author."""
    rows = laptop.database.rows(
        "SELECT r.author, p.content FROM revision r"
        " JOIN revision_part p ON p.revision = r.id AND p.lane = 1 AND p.author = r.author"
    )
    for author, content in rows:
        if told(content) not in truth.tried.get(Device(author), set()):
            raise Violation(f"{laptop.name} holds {told(content)!r}, which its author never wrote")
    parts = laptop.database.rows("SELECT content FROM revision_part WHERE lane = 2")
    for (content,) in parts:
        if source_of(content) not in truth.sources:
            raise Violation(f"{laptop.name} holds a source nobody named")
