"""What a laptop holds: nothing of it may leave or change for the worse, whatever a server says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldkit.actions.session import Session

KEPT: Mapping[str, str] = {
    "identity": "organisation, device",
    "secret": "purpose, lane, term, secret",
    "incident": "number, id, title",
    "draft_step": "incident, step, answers",
    "revision": "id, author, own, withdraws, created",
    "revision_part": "revision, lane, author, content",
    "outgoing": "id, lane, type, revision",
    "frame": "lane, incarnation, sequence, hash, raw, token",
    "acknowledged": "frame, device",
    "feed_entry": "lane, generation, position, raw",
    "chain_link": "lane, device, incarnation, sequence, hash",
    "epoch": "id, secret",
    "owed": "lane, device, incarnation, sequence, hash",
    "evidence": "kind, lane, device, detail",
    "mail": "device, raw",
    "root": "version, raw",
    "directory": "version, raw",
    "member": "device, public_key, role, name",
    "invite": "id, org_key",
}
"""Table → the columns of a row that stay for ever."""

Rows = frozenset[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything a vault held at one moment."""

    tables: Mapping[str, Rows]
    received: frozenset[int]
    """Ids of own frames that count as received."""
    refused: frozenset[int]

    @classmethod
    def of(cls, session: Session) -> Holdings:
        """Look."""
        database = session.vault._database
        tables = {
            name: frozenset(tuple(row) for row in database.rows(f"SELECT {columns} FROM {name}"))  # noqa: S608
            for name, columns in KEPT.items()
        }
        return cls(tables, _frames(session, "received"), _frames(session, "refused"))

    def lost(self, later: Holdings) -> dict[str, Rows]:
        """Rows that are gone or have changed, by table; empty when all is well."""
        gone = {name: rows - later.tables[name] for name, rows in self.tables.items()}
        return {name: rows for name, rows in gone.items() if rows}


def _frames(session: Session, mark: str) -> frozenset[int]:
    rows = session.vault._database.rows(f"SELECT id FROM frame WHERE {mark} IS NOT NULL")  # noqa: S608
    return frozenset(int(row[0]) for row in rows)


def claimed(session: Session) -> set[bytes]:
    """Hashes of own frames that count as received; a sequence closed by a void is not among them."""
    return {
        bytes(row[0])
        for row in session.vault._database.rows("SELECT hash FROM frame WHERE received IS NOT NULL")
    }


def opened_for(session: Session, reader: Session) -> bool:
    """Whether every frame that counts as acknowledged by `reader` was opened on the reader's laptop."""
    by = reader.vault.identities.require().device
    told = session.vault._database.rows(
        "SELECT f.hash FROM acknowledged a JOIN frame f ON f.id = a.frame WHERE a.device = ?", (by,)
    )
    opened = {bytes(row[0]) for row in reader.vault._database.rows("SELECT hash FROM owed")}
    return {bytes(row[0]) for row in told} <= opened
