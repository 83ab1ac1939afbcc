"""Writes to the tables, all of one transaction.

Statements are portable; the one writer makes read-then-write safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from sqlalchemy import BindParameter, bindparam, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_if_new

from sync.protocol.ids import Chain, Device, Lane, Organisation, sha256
from sync.server.stores import schema
from sync.server.stores.base import (
    ChainState,
    Document,
    DocumentKind,
    Entry,
    GenerationRow,
    Invite,
    LaneHead,
    Member,
    Origin,
    Void,
)
from sync.server.stores.prepared import Prepared
from sync.server.stores.sql_read import SqlReader

_organisation: BindParameter[bytes] = bindparam("of")
"""The organisation in conditions; its own name, because an update may not use a column's name for both."""

_c, _l, _m, _i, _n = schema.chain.c, schema.lane.c, schema.member.c, schema.invite.c, schema.nonce.c

_SAVE_CHAIN: Final = Prepared(
    update(schema.chain)
    .where(_c.organisation == _organisation, _c.number == bindparam("chain"))
    .values({name: bindparam(name) for name in ("head", "head_hash", "top", "frames", "size", "evidence")})
)

_SAVE_LANE: Final = Prepared(
    update(schema.lane)
    .where(_l.organisation == _organisation, _l.lane == bindparam("which"))
    .values(generation=bindparam("generation"), frontier=bindparam("frontier"))
)

_LANE_NUMBER: Final = Prepared(
    select(_l.number).where(_l.organisation == _organisation, _l.lane == bindparam("which"))
)

_OWN_CHAIN: Final = select(_c.number).where(_c.organisation == _organisation, _c.number == bindparam("chain"))

_NEXT_MAIL: Final = select(func.coalesce(func.max(schema.mail.c.position) + 1, 0)).where(
    schema.mail.c.organisation == _organisation, schema.mail.c.device == bindparam("device")
)

_ADD_NONCE: Final = Prepared(insert_if_new(schema.nonce).on_conflict_do_nothing())

_APPEND: Final = Prepared(insert(schema.frame))


class SqlTransaction(SqlReader):
    """The writes of one group. An integrity error is a bug in the rules and undoes the group."""

    def add_organisation(self, organisation: Organisation, origin: Origin) -> bool:
        """Create an organisation; False when its id or its ticket code is taken."""
        o = schema.organisation
        taken = select(o.c.organisation).where(
            (o.c.organisation == organisation) | (o.c.code_hash == origin.code_hash)
        )
        if self._connection.execute(taken).first() is not None:
            return False
        values = {"organisation": organisation, "code_hash": origin.code_hash, "root_hash": origin.root_hash}
        self._connection.execute(insert(o), values)
        return True

    def add_document(self, organisation: Organisation, kind: DocumentKind, document: Document) -> None:
        """Keep a new version."""
        values = {"organisation": organisation, "kind": int(kind), **asdict(document)}
        self._connection.execute(insert(schema.document), values)

    def put_member(self, organisation: Organisation, member: Member) -> None:
        """Add or replace a member."""
        table = schema.member
        same = (_m.organisation == organisation) & (_m.device == member.device)
        if self._connection.execute(update(table).where(same).values(**asdict(member))).rowcount == 0:
            self._connection.execute(insert(table), {"organisation": organisation, **asdict(member)})

    def put_invite(self, organisation: Organisation, invite: Invite) -> None:
        """Add or replace an invite."""
        table = schema.invite
        same = (_i.organisation == organisation) & (_i.invite == invite.invite)
        if self._connection.execute(update(table).where(same).values(**asdict(invite))).rowcount == 0:
            self._connection.execute(insert(table), {"organisation": organisation, **asdict(invite)})

    def add_nonce(self, organisation: Organisation, nonce: bytes, hour: int) -> bool:
        """Remember a nonce; False if it is remembered already."""
        values = {"organisation": organisation, "nonce": nonce, "hour": hour}
        return _ADD_NONCE.run(self._connection, values).rowcount == 1

    def forget_nonces(self, organisation: Organisation, before: int) -> None:
        """Drop nonces of hours before `before`."""
        table = schema.nonce
        self._connection.execute(table.delete().where(_n.organisation == organisation, _n.hour < before))

    def open_chain(self, organisation: Organisation, chain: Chain) -> ChainState:
        """Start a chain that is not held yet."""
        state = ChainState(number=0, lane=chain.lane, incarnation=chain.incarnation)
        values = {"organisation": organisation, "device": chain.device, **asdict(state)}
        del values["number"]
        result = self._connection.execute(insert(schema.chain).returning(_c.number), values)
        return ChainState(number=result.scalar_one(), lane=chain.lane, incarnation=chain.incarnation)

    def save_chain(self, organisation: Organisation, state: ChainState) -> None:
        """Replace the state of a chain."""
        values = {
            "of": organisation,
            "chain": state.number,
            "head": state.head,
            "head_hash": state.head_hash,
            "top": state.top,
            "frames": state.frames,
            "size": state.size,
            "evidence": state.evidence,
        }
        _SAVE_CHAIN.run(self._connection, values)

    def save_lane(self, organisation: Organisation, lane: Lane, head: LaneHead) -> None:
        """Replace or start a lane's head."""
        values = {"of": organisation, "which": lane, "generation": head.generation, "frontier": head.frontier}
        if _SAVE_LANE.run(self._connection, values).rowcount == 0:
            fresh = {"organisation": organisation, "lane": lane, **asdict(head)}
            self._connection.execute(insert(schema.lane), fresh)

    def _lane_number(self, organisation: Organisation, lane: Lane) -> int:
        number: int = _LANE_NUMBER.run(self._connection, {"of": organisation, "which": lane}).scalar_one()
        return number

    def add_generation(self, organisation: Organisation, lane: Lane, row: GenerationRow) -> None:
        """Remember the frame by which a lane that is saved began anew."""
        number = len(self.generations(organisation, lane))
        values = {"lane": self._lane_number(organisation, lane), "number": number, **asdict(row)}
        self._connection.execute(insert(schema.generation), values)

    def append(self, organisation: Organisation, lane: Lane, entries: Sequence[Entry]) -> None:
        """Add entries to a lane that is saved; an index or a sequence that is taken is a bug and raises."""
        lane_number = self._lane_number(organisation, lane)
        rows = [
            {
                "lane": lane_number,
                "index": entry.index,
                "chain": entry.number,
                "sequence": entry.sequence,
                "hash": entry.hash,
                "previous": entry.previous,
                "raw": entry.raw,
            }
            for entry in entries
        ]
        _APPEND.run_many(self._connection, rows)

    def _own(self, organisation: Organisation, number: int) -> int:
        own: int = self._connection.execute(_OWN_CHAIN, {"of": organisation, "chain": number}).scalar_one()
        return own

    def add_void(self, organisation: Organisation, number: int, void: Void) -> None:
        """Count a sequence as held that its chain will never fill."""
        link = {"hash": void.link.hash, "previous": void.link.previous, "closed_by": void.by}
        values = {"chain": self._own(organisation, number), "sequence": void.sequence, **link}
        self._connection.execute(insert(schema.void), values)

    def add_evidence(self, organisation: Organisation, number: int, sequence: int, raw: bytes) -> bool:
        """Keep a frame that contradicts what a chain holds; False if it is kept already."""
        if (sequence, raw) in self.evidence(organisation, number):
            return False
        own = self._own(organisation, number)
        values = {"chain": own, "sequence": sequence, "hash": sha256(raw), "raw": raw}
        self._connection.execute(insert(schema.evidence), values)
        return True

    def add_mail(
        self, organisation: Organisation, device: Device, lane: Lane, indexes: Sequence[int]
    ) -> None:
        """Put frames of a lane into a device's mailbox, at its next positions."""
        lane_number = self._lane_number(organisation, lane)
        first: int = self._connection.execute(_NEXT_MAIL, {"of": organisation, "device": device}).scalar_one()
        rows = [
            {
                "organisation": organisation,
                "device": device,
                "position": first + step,
                "lane": lane_number,
                "index": index,
            }
            for step, index in enumerate(indexes)
        ]
        self._connection.execute(insert(schema.mail), rows)
