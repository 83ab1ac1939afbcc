"""The reporter's two final acts, each one transaction: finish a draft, take a report back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldkit.model.ids import DeviceId, Lane, RevisionId
from fieldkit.vault import drafts, incidents
from fieldkit.vault.db import Database
from fieldkit.vault.errors import NoSuchRecord, OutOfStep
from fieldkit.vault.identity import Identities
from fieldkit.vault.incidents import Headline
from fieldkit.vault.outbox import Outbox
from fieldkit.vault.revisions import NewRevision, Revisions, StoredRevision
from sync.protocol.ids import Lane as WireLane
from sync.protocol.ids import revision_id
from sync.protocol.records import RecordType


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A draft as it was signed: content bytes by lane, main always among them."""

    id: RevisionId
    parents: tuple[RevisionId, ...]
    created: int
    parts: Mapping[int, bytes] = field(repr=False)
    headline: Headline
    withdraws: bool = False


class Finishing:
    """Moves drafts to the outbox."""

    def __init__(
        self, database: Database, identities: Identities, revisions: Revisions, outbox: Outbox
    ) -> None:
        self._db = database
        self._identities = identities
        self._revisions = revisions
        self._outbox = outbox

    def finish(self, number: int, finished: Finished, *, now: int) -> StoredRevision:
        """Turn the open draft of a report into a revision and queue every lane of it: all or nothing.

        Raises NoSuchRecord without a draft, OutOfStep when the id is not that of the content or the parents
        belong to another incident.
        """
        author = self._check(finished)
        with self._db.transaction():
            row, incident = incidents.row_of(self._db, number)
            if not self._db.run(drafts.SQL["discard"], (row,)):
                raise NoSuchRecord(f"report {number} has no open draft", f"begin one: fieldkit edit {number}")
            if incident is None:
                row = self._named(row, number, finished)
            self._keep(row, author, finished, now)
            return self._revisions.load(finished.id)

    def _named(self, row: int, number: int, finished: Finished) -> int:
        """The line the first revision gives its id to; a draft that lost its incident goes back to it."""
        if not finished.parents:
            self._db.run(incidents.SQL["name_it"], (finished.id, row))
            return row
        self._db.run(incidents.SQL["remove"], (row,))
        parent = self._revisions.load(finished.parents[0])
        place = incidents.find(self._db, parent.incident)
        if place is None:
            raise OutOfStep(f"report {number} follows a revision that belongs nowhere")
        return place.row

    def _keep(self, row: int, author: DeviceId, finished: Finished, now: int) -> None:
        new = NewRevision(
            id=finished.id,
            author=author,
            created=finished.created,
            parents=finished.parents,
            content=finished.parts[Lane.MAIN],
            headline=finished.headline,
            withdraws=finished.withdraws,
        )
        self._revisions.keep_own(new, row, now=now)
        self._outbox.replace_stuck(row)
        for lane, content in sorted(finished.parts.items()):
            if lane != Lane.MAIN:
                self._revisions.keep_part(finished.id, lane, author, content)
            type_ = RecordType.REVISION if lane == Lane.MAIN else RecordType.PART
            self._outbox.queue(WireLane(lane), type_, now=now, revision=finished.id, incident_row=row)

    def withdraw(self, number: int, finished: Finished, *, now: int) -> StoredRevision:
        """Store and queue a revision that takes a report back; an open draft of it stays. Nothing is deleted.

        Raises NoSuchRecord for a report that was never finished.
        """
        author = self._check(finished)
        with self._db.transaction():
            row, incident = incidents.row_of(self._db, number)
            if incident is None:
                raise NoSuchRecord(
                    f"report {number} was never finished: there is nothing to take back",
                    "discard the draft instead",
                )
            self._keep(row, author, finished, now)
            return self._revisions.load(finished.id)

    def _check(self, finished: Finished) -> DeviceId:
        me = self._identities.require()
        expected = revision_id(me.organisation, me.device, finished.parts[Lane.MAIN])
        if bytes(expected) != bytes(finished.id):
            raise OutOfStep("the revision id is not the one of this content and this laptop")
        if self._revisions.has(finished.id):
            raise OutOfStep(
                "this very revision was finished before", "change something, or discard the draft"
            )
        return DeviceId(me.device)
