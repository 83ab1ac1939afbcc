"""Finished revisions, ours and others': immutable, kept once whatever the road, joined into incidents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from fieldkit.model.ids import DeviceId, IncidentId, Lane, RevisionId
from fieldkit.vault import incidents
from fieldkit.vault.db import Database, Row
from fieldkit.vault.errors import NoSuchRecord
from fieldkit.vault.incidents import Headline
from fieldkit.vault.queries import load

SQL: Final = load("revisions")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRevision:
    """One revision: the exact bytes of each lane, and where it stands in the graph."""

    id: RevisionId
    incident: IncidentId
    author: DeviceId
    own: bool
    withdraws: bool
    """Whether it takes the report back."""
    created: int
    """UTC seconds by the author's clock: a claim."""
    kept: int
    """When it was stored here."""
    parents: tuple[RevisionId, ...]
    parts: Mapping[int, bytes] = field(repr=False)
    """Content bytes by lane; a lane this reader does not have, or that has not come, is absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """What is stored of a main-lane revision."""

    id: RevisionId
    author: DeviceId
    created: int
    parents: tuple[RevisionId, ...]
    content: bytes = field(repr=False)
    headline: Headline
    withdraws: bool = False


class Revisions:
    """All revisions of a vault. There is no way to change or delete one (the schema refuses)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def load(self, revision: RevisionId) -> StoredRevision:
        """One revision; raises NoSuchRecord."""
        found = self._db.row(SQL["load"], (revision,))
        if found is None:
            raise NoSuchRecord(f"there is no revision {revision.hex()} here", "pull or sync first")
        return self._stored(found)

    def of_incident(self, incident: IncidentId) -> list[StoredRevision]:
        """Every revision of an incident, by claimed time and id; empty when none is here."""
        return [self._stored(row) for row in self._db.rows(SQL["of_incident"], (incident,))]

    def incidents(self) -> list[IncidentId]:
        """Every incident with a revision, the newest first."""
        return [IncidentId(row[0]) for row in self._db.rows(SQL["all_ids"])]

    def has(self, revision: RevisionId) -> bool:
        """Whether a revision is here."""
        return bool(self._db.value(SQL["exists"], (revision,)))

    def keep(self, new: NewRevision, *, now: int) -> bool:
        """Store a revision that came from elsewhere; False when it was here.

        The first parent carries the incident on. One that is missing lends the incident its name.
        """
        with self._db.transaction():
            row = self._row_for(new)
            if row is not None:
                return not self.has(new.id) and self._insert(new, row, own=False, now=now)
            # No line for it: so it is not here either.
            row = self._add_line(new)
            if new.parents or new.withdraws:
                return self._insert(new, row, own=False, now=now)
            # Alone on a line that was made for it, as nearly every report is: the line is right as it stands.
            self._add(new, row, own=False, now=now)
            return True

    def keep_firsts(self, arrived: Sequence[NewRevision], *, now: int) -> int:
        """Store revisions that follow nothing and take nothing back; returns how many were not here.

        The same as keeping them one after the other, in a few statements for all.
        """
        with self._db.transaction():
            ids = json.dumps([new.id.hex() for new in arrived])
            placed = {row[0] for row in self._db.rows(incidents.SQL["placed"], (ids,))}
            alone: dict[RevisionId, NewRevision] = {}
            others = []
            for new in arrived:
                if new.id in placed or new.id in alone or new.parents or new.withdraws:
                    others.append(new)
                else:
                    alone[new.id] = new
            self._add_alone(list(alone.values()), now)
            return len(alone) + sum(self.keep(new, now=now) for new in others)

    def _add_alone(self, arrived: Sequence[NewRevision], now: int) -> None:
        """Each on a line that is made for it."""
        lines = [(_named(new), new.headline, new.created) for new in arrived]
        rows = zip(arrived, incidents.add_all(self._db, lines), strict=True)
        values = [(new.id, row, new.author, False, False, new.created, now) for new, row in rows]
        self._db.run_many(SQL["insert"], values)
        self._db.run_many(SQL["add_part"], [(new.id, Lane.MAIN, new.author, new.content) for new in arrived])

    def keep_own(self, new: NewRevision, row: int, *, now: int) -> bool:
        """Store a revision finished here, on the line of its draft; False when it was here."""
        with self._db.transaction():
            return not self.has(new.id) and self._insert(new, row, own=True, now=now)

    def _add(self, new: NewRevision, row: int, *, own: bool, now: int) -> None:
        self._db.run(SQL["insert"], (new.id, row, new.author, own, new.withdraws, new.created, now))
        for position, parent in enumerate(new.parents):
            self._db.run(SQL["add_parent"], (new.id, position, parent))
        self._db.run(SQL["add_part"], (new.id, Lane.MAIN, new.author, new.content))

    def _insert(self, new: NewRevision, row: int, *, own: bool, now: int) -> bool:
        self._add(new, row, own=own, now=now)
        self._unite(new.id, row)
        self._db.run(incidents.SQL["mark_withdrawn"], (row,))
        # An open draft is what the list shows, whatever comes beside it.
        if self._newest(row) == new.id and not self._db.value(SQL["has_draft"], (row,)):
            incidents.describe(self._db, row, new.headline)
        return True

    def keep_part(self, revision: RevisionId, lane: int, author: DeviceId, content: bytes) -> bool:
        """Store a revision's content of another lane, also before the revision itself.

        Returns False when the same author sent other bytes for it before: those stay, and both are evidence.
        """
        with self._db.transaction():
            self._db.run(SQL["add_part"], (revision, lane, author, content))
            held: bytes = self._db.value(SQL["part_content"], (revision, lane, author))
            return held == content

    def _row_for(self, new: NewRevision) -> int | None:
        """The line of the incident a revision belongs to: that of its first parent; None when it is new."""
        if new.parents and (row := self._row_of(new.parents[0])) is not None:
            return row
        place = incidents.find(self._db, _named(new))
        return None if place is None else place.row

    def _add_line(self, new: NewRevision) -> int:
        return incidents.add(self._db, _named(new), new.headline, created=new.created).row

    def _row_of(self, revision: RevisionId) -> int | None:
        found = self._db.row(SQL["incident_of"], (revision,))
        return None if found is None else int(found[0])

    def _newest(self, row: int) -> RevisionId | None:
        """The revision whose headline a line shows."""
        found = self._db.row(SQL["newest"], (row,))
        return None if found is None else RevisionId(found[0])

    def _unite(self, revision: RevisionId, target: int) -> None:
        """What waited under the name of this revision, because it was missing, joins its incident."""
        waiting = incidents.find(self._db, IncidentId(revision))
        if waiting is None or waiting.row == target:
            return
        shown = self._newest(waiting.row)
        for statement in ("move_to", "move_draft", "move_outgoing"):
            self._db.run(SQL[statement], (target, waiting.row))
        if self._newest(target) == shown:
            self._db.run(incidents.SQL["copy_headline"], (waiting.row, target))
            self._db.run(incidents.SQL["unindex"], (target,))
            self._db.run(incidents.SQL["copy_index"], (waiting.row, target))
        if self._db.value(SQL["has_draft"], (waiting.row,)):
            # Both have an open draft: neither is given up, this one keeps its number.
            self._db.run(incidents.SQL["name_it"], (None, waiting.row))
        else:
            self._db.run(incidents.SQL["remove"], (waiting.row,))

    def _stored(self, row: Row) -> StoredRevision:
        revision, incident, author, own, withdraws, created, kept = row
        return StoredRevision(
            id=revision,
            incident=incident,
            author=author,
            own=bool(own),
            withdraws=bool(withdraws),
            created=created,
            kept=kept,
            parents=tuple(RevisionId(parent) for (parent,) in self._db.rows(SQL["parents"], (revision,))),
            parts={int(lane): bytes(content) for lane, content in self._db.rows(SQL["parts"], (revision,))},
        )


def _named(new: NewRevision) -> IncidentId:
    """The name of the incident a revision belongs to, as far as it alone can tell."""
    return IncidentId(new.parents[0] if new.parents else new.id)
