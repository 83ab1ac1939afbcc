"""Questions to the tables. Every statement is built once and names the organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)

from sync.protocol.chain import Link
from sync.protocol.ids import Device, FrameHash, Generation, Incarnation, InviteId, Lane, Organisation
from sync.server.stores import schema
from sync.server.stores.base import (
    ChainState,
    Document,
    DocumentKind,
    FeedRow,
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

_organisation: BindParameter[bytes] = bindparam("organisation")
_o, _d, _m, _i = schema.organisation.c, schema.document.c, schema.member.c, schema.invite.c
_l, _c, _f, _v, _e, _p = (
    schema.lane.c,
    schema.chain.c,
    schema.frame.c,
    schema.void.c,
    schema.evidence.c,
    schema.mail.c,
)

_ORIGIN: Final = Prepared(select(_o.code_hash, _o.root_hash).where(_o.organisation == _organisation))

_DOCUMENTS: Final = Prepared(
    select(_d.version, _d.hash, _d.raw)
    .where(_d.organisation == _organisation, _d.kind == bindparam("kind"), _d.version > bindparam("above"))
    .order_by(_d.version)
)

_NEWEST: Final = Prepared(
    select(_d.version, _d.hash, _d.raw)
    .where(_d.organisation == _organisation, _d.kind == bindparam("kind"))
    .order_by(_d.version.desc())
    .limit(1)
)

_of_kind = _d.organisation == _organisation
_MARKS: Final = Prepared(
    select(
        select(func.max(_d.version)).where(_of_kind, _d.kind == int(DocumentKind.ROOT)).scalar_subquery(),
        select(func.max(_d.version))
        .where(_of_kind, _d.kind == int(DocumentKind.DIRECTORY))
        .scalar_subquery(),
        select(func.max(_p.position))
        .where(_p.organisation == _organisation, _p.device == bindparam("device"))
        .scalar_subquery(),
    )
)

_MEMBER: Final = Prepared(
    select(schema.member).where(_m.organisation == _organisation, _m.device == bindparam("device"))
)

_INVITE: Final = Prepared(
    select(schema.invite).where(_i.organisation == _organisation, _i.invite == bindparam("invite"))
)

_LANE: Final = Prepared(
    select(_l.generation, _l.frontier).where(_l.organisation == _organisation, _l.lane == bindparam("lane"))
)

_CHAINS: Final = Prepared(
    select(schema.chain).where(_c.organisation == _organisation, _c.device == bindparam("device"))
)

_sequences: BindParameter[list[int]] = bindparam("sequences", expanding=True)
_own_chain = (_c.organisation == _organisation) & (_c.number == bindparam("number"))

_HELD: Final = union_all(
    select(_f.sequence, _f.hash, _f.previous)
    .join(schema.chain, _f.chain == _c.number)
    .where(_own_chain, _f.sequence.in_(_sequences)),
    select(_v.sequence, _v.hash, literal_column("NULL"))
    .join(schema.chain, _v.chain == _c.number)
    .where(_own_chain, _v.sequence.in_(_sequences)),
)

_BEYOND: Final = Prepared(
    union_all(
        select(_f.sequence, _f.hash, _f.previous)
        .join(schema.chain, _f.chain == _c.number)
        .where(_own_chain, _f.sequence > bindparam("head")),
        select(_v.sequence, _v.hash, literal_column("NULL"))
        .join(schema.chain, _v.chain == _c.number)
        .where(_own_chain, _v.sequence > bindparam("head")),
    )
)

_FEED: Final = Prepared(
    select(_f.index, _c.device, _c.incarnation, _f.raw)
    .join(schema.lane, _f.lane == _l.number)
    .join(schema.chain, _f.chain == _c.number)
    .where(_l.organisation == _organisation, _l.lane == bindparam("lane"), _f.index >= bindparam("start"))
    .order_by(_f.index)
    .limit(bindparam("rows"))
)

_MAIL: Final = Prepared(
    select(_p.position, _l.lane, _f.index, _c.device, _c.incarnation, _f.raw)
    .join(schema.frame, (_p.lane == _f.lane) & (_p.index == _f.index))
    .join(schema.lane, _f.lane == _l.number)
    .join(schema.chain, _f.chain == _c.number)
    .where(
        _p.organisation == _organisation,
        _p.device == bindparam("device"),
        _p.position >= bindparam("start"),
    )
    .order_by(_p.position)
    .limit(bindparam("rows"))
)

_EVIDENCE: Final = Prepared(
    select(_e.sequence, _e.raw)
    .join(schema.chain, _e.chain == _c.number)
    .where(_own_chain)
    .order_by(_e.sequence, _e.hash)
)


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
        row = self._first(_ORIGIN, {"organisation": organisation})
        return None if row is None else Origin(code_hash=row.code_hash, root_hash=row.root_hash)

    def documents(self, organisation: Organisation, kind: DocumentKind, above: int) -> list[Document]:
        """Every version higher than `above`, ascending."""
        values = {"organisation": organisation, "kind": int(kind), "above": above}
        return [
            Document(version=row.version, hash=row.hash, raw=row.raw) for row in self._all(_DOCUMENTS, values)
        ]

    def newest(self, organisation: Organisation, kind: DocumentKind) -> Document | None:
        """The highest version."""
        row = self._first(_NEWEST, {"organisation": organisation, "kind": int(kind)})
        return None if row is None else Document(version=row.version, hash=row.hash, raw=row.raw)

    def marks(self, organisation: Organisation, device: Device) -> Marks:
        """How far documents and a device's mailbox go."""
        row: Any = self._first(_MARKS, {"organisation": organisation, "device": device})
        root, directory, mail = row if row is not None else (None, None, None)
        return Marks(root=root or 0, directory=directory or 0, mail=0 if mail is None else mail + 1)

    def member(self, organisation: Organisation, device: Device) -> Member | None:
        """A device that joined or was certified."""
        row = self._first(_MEMBER, {"organisation": organisation, "device": device})
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
        row = self._first(_INVITE, {"organisation": organisation, "invite": invite})
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
        row = self._first(_LANE, {"organisation": organisation, "lane": lane})
        return None if row is None else LaneHead(generation=Generation(row.generation), frontier=row.frontier)

    def chains(self, organisation: Organisation, device: Device) -> list[ChainState]:
        """Every chain of a device, in all lanes and incarnations."""
        rows = self._all(_CHAINS, {"organisation": organisation, "device": device})
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
            found |= _links(self._connection.execute(_HELD, values).all())
        return found

    def beyond(self, organisation: Organisation, number: int, head: int) -> dict[int, Link]:
        """Everything held or voided above a sequence of the chain."""
        return _links(self._all(_BEYOND, {"organisation": organisation, "number": number, "head": head}))

    def feed(
        self, organisation: Organisation, lane: Lane, start: int, *, rows: int, size: int
    ) -> list[FeedRow]:
        """Entries from index `start` on.

        At most `rows`, and no more than `size` bytes of frames unless the first is larger.
        """
        values = {"organisation": organisation, "lane": lane, "start": start, "rows": rows}
        return list(self._cut(_FEED, values, _feed_row, size))

    def mail(
        self, organisation: Organisation, device: Device, start: int, *, rows: int, size: int
    ) -> list[MailRow]:
        """Mailbox entries from position `start` on, cut as in `feed`."""
        values = {"organisation": organisation, "device": device, "start": start, "rows": rows}
        return list(self._cut(_MAIL, values, _mail_row, size))

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
        rows = self._all(_EVIDENCE, {"organisation": organisation, "number": number})
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
