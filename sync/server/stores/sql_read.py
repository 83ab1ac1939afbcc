"""Questions to the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Row

from sync.protocol.chain import Link
from sync.protocol.ids import Device, FrameHash, Generation, Incarnation, InviteId, Lane, Organisation
from sync.server.stores import sql_questions as questions
from sync.server.stores.base import (
    ChainState,
    Document,
    DocumentKind,
    FeedRow,
    GenerationRow,
    Invite,
    LaneHead,
    MailRow,
    Marks,
    Member,
    Origin,
)
from sync.server.stores.prepared import Prepared

SEQUENCES_AT_ONCE: Final = 500
"""Sequences asked for in one statement: below the bound parameters any database takes."""

_T = TypeVar("_T", FeedRow, MailRow)


class SqlReader:
    """Answers from one connection, inside the transaction it is in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _all(self, statement: Prepared, values: Mapping[str, object]) -> Sequence[Row[Any]]:
        return statement.run(self._connection, values).all()

    def _first(self, statement: Prepared, values: Mapping[str, object]) -> Row[Any] | None:
        return statement.run(self._connection, values).first()

    def origin(self, organisation: Organisation) -> Origin | None:
        """How the organisation was made; None when it does not exist here."""
        row = self._first(questions.ORIGIN, {"organisation": organisation})
        return None if row is None else Origin(code_hash=row.code_hash, root_hash=row.root_hash)

    def documents(self, organisation: Organisation, kind: DocumentKind, above: int) -> list[Document]:
        """Every version higher than `above`, ascending."""
        values = {"organisation": organisation, "kind": int(kind), "above": above}
        return [
            Document(version=row.version, hash=row.hash, raw=row.raw)
            for row in self._all(questions.DOCUMENTS, values)
        ]

    def newest(self, organisation: Organisation, kind: DocumentKind) -> Document | None:
        """The highest version."""
        row = self._first(questions.NEWEST, {"organisation": organisation, "kind": int(kind)})
        return None if row is None else Document(version=row.version, hash=row.hash, raw=row.raw)

    def marks(self, organisation: Organisation, device: Device) -> Marks:
        """How far documents and a device's mailbox go."""
        row: Any = self._first(questions.MARKS, {"organisation": organisation, "device": device})
        root, directory, mail = row if row is not None else (None, None, None)
        return Marks(root=root or 0, directory=directory or 0, mail=0 if mail is None else mail + 1)

    def member(self, organisation: Organisation, device: Device) -> Member | None:
        """A device that joined or was certified."""
        row = self._first(questions.MEMBER, {"organisation": organisation, "device": device})
        if row is None:
            return None
        return Member(
            device=Device(row.device),
            public_key=row.public_key,
            role=row.role,
            certified=bool(row.certified),
            join_hash=FrameHash(row.join_hash),
        )

    def invite(self, organisation: Organisation, invite: InviteId) -> Invite | None:
        """An invite by its id."""
        row = self._first(questions.INVITE, {"organisation": organisation, "invite": invite})
        if row is None:
            return None
        return Invite(
            invite=InviteId(row.invite),
            role=row.role,
            expires=row.expires,
            key=row.key,
            burnt_by=row.burnt_by,
            burnt_with=row.burnt_with,
        )

    def lane(self, organisation: Organisation, lane: Lane) -> LaneHead | None:
        """A lane's head; None while nothing was written."""
        row = self._first(questions.LANE, {"organisation": organisation, "lane": lane})
        return None if row is None else LaneHead(generation=Generation(row.generation), frontier=row.frontier)

    def generations(self, organisation: Organisation, lane: Lane) -> list[GenerationRow]:
        """Every time the lane began anew, in order."""
        rows = self._all(questions.GENERATIONS, {"organisation": organisation, "lane": lane})
        return [
            GenerationRow(
                ends=Generation(row.ends),
                begins=Generation(row.begins),
                device=Device(row.device),
                incarnation=Incarnation(row.incarnation),
                raw=row.raw,
            )
            for row in rows
        ]

    def chains(self, organisation: Organisation, device: Device) -> list[ChainState]:
        """Every chain of a device, in all lanes and incarnations."""
        rows = self._all(questions.CHAINS, {"organisation": organisation, "device": device})
        return [
            ChainState(
                number=row.number,
                lane=Lane(row.lane),
                incarnation=Incarnation(row.incarnation),
                head=row.head,
                head_hash=FrameHash(row.head_hash),
                top=row.top,
                frames=row.frames,
                size=row.size,
                evidence=row.evidence,
            )
            for row in rows
        ]

    def held(self, organisation: Organisation, number: int, sequences: Sequence[int]) -> dict[int, Link]:
        """Those of the sequences that are held or voided in the chain."""
        found: dict[int, Link] = {}
        for at in range(0, len(sequences), SEQUENCES_AT_ONCE):
            some = list(sequences[at : at + SEQUENCES_AT_ONCE])
            values = {"organisation": organisation, "number": number, "sequences": some}
            found |= _links(self._connection.execute(questions.HELD, values).all())
        return found

    def beyond(self, organisation: Organisation, number: int, head: int) -> dict[int, Link]:
        """Everything held or voided above a sequence of the chain."""
        return _links(
            self._all(questions.BEYOND, {"organisation": organisation, "number": number, "head": head})
        )

    def standing(self, organisation: Organisation, number: int, sequence: int) -> bytes | None:
        """The frame that fills a sequence of a chain, or the void that closed it; None for neither."""
        values = {"organisation": organisation, "number": number, "sequence": sequence}
        row = self._first(questions.STANDING, values)
        return None if row is None else bytes(row.raw)

    def feed(
        self, organisation: Organisation, lane: Lane, start: int, *, rows: int, size: int
    ) -> list[FeedRow]:
        """Entries from index `start` on.

        At most `rows`, and no more than `size` bytes of frames unless the first is larger.
        """
        values = {"organisation": organisation, "lane": lane, "start": start, "rows": rows}
        return list(self._cut(questions.FEED, values, _feed_row, size))

    def mail(
        self, organisation: Organisation, device: Device, start: int, *, rows: int, size: int
    ) -> list[MailRow]:
        """Mailbox entries from position `start` on, cut as in `feed`."""
        values = {"organisation": organisation, "device": device, "start": start, "rows": rows}
        return list(self._cut(questions.MAIL, values, _mail_row, size))

    def _cut(
        self, statement: Prepared, values: Mapping[str, object], make: Callable[[Row[Any]], _T], size: int
    ) -> Iterator[_T]:
        left = size
        with statement.run(self._connection, values) as result:
            for row in result:
                entry = make(row)
                if left < len(entry.raw) and left != size:
                    return
                left -= len(entry.raw)
                yield entry

    def evidence(self, organisation: Organisation, number: int) -> list[tuple[int, bytes]]:
        """Sequence and bytes of the frames that contradict what a chain holds."""
        rows = self._all(questions.EVIDENCE, {"organisation": organisation, "number": number})
        return [(row.sequence, row.raw) for row in rows]


def _links(rows: Sequence[Row[Any]]) -> dict[int, Link]:
    return {row.sequence: Link(row.hash, row.previous) for row in rows}


def _feed_row(row: Row[Any]) -> FeedRow:
    return FeedRow(
        index=row._mapping["index"],
        device=Device(row.device),
        incarnation=Incarnation(row.incarnation),
        raw=row.raw,
    )


def _mail_row(row: Row[Any]) -> MailRow:
    return MailRow(
        position=row.position,
        lane=Lane(row.lane),
        index=row._mapping["index"],
        device=Device(row.device),
        incarnation=Incarnation(row.incarnation),
        raw=row.raw,
    )
