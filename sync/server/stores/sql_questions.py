"""The statements that ask. Every one is built once and names the organisation."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BindParameter, bindparam, func, select, union_all

from sync.server.stores import schema
from sync.server.stores.base import DocumentKind
from sync.server.stores.prepared import Prepared

_organisation: BindParameter[bytes] = bindparam("organisation")
_o, _d, _m, _i = schema.organisation.c, schema.document.c, schema.member.c, schema.invite.c
_g = schema.generation.c
_l, _c, _f, _v, _e, _p = (
    schema.lane.c,
    schema.chain.c,
    schema.frame.c,
    schema.void.c,
    schema.evidence.c,
    schema.mail.c,
)

ORIGIN: Final = Prepared(select(_o.code_hash, _o.root_hash).where(_o.organisation == _organisation))

DOCUMENTS: Final = Prepared(
    select(_d.version, _d.hash, _d.raw)
    .where(_d.organisation == _organisation, _d.kind == bindparam("kind"), _d.version > bindparam("above"))
    .order_by(_d.version)
)

NEWEST: Final = Prepared(
    select(_d.version, _d.hash, _d.raw)
    .where(_d.organisation == _organisation, _d.kind == bindparam("kind"))
    .order_by(_d.version.desc())
    .limit(1)
)

_of_kind = _d.organisation == _organisation
MARKS: Final = Prepared(
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

MEMBER: Final = Prepared(
    select(schema.member).where(_m.organisation == _organisation, _m.device == bindparam("device"))
)

INVITE: Final = Prepared(
    select(schema.invite).where(_i.organisation == _organisation, _i.invite == bindparam("invite"))
)

LANE: Final = Prepared(
    select(_l.generation, _l.frontier).where(_l.organisation == _organisation, _l.lane == bindparam("lane"))
)

GENERATIONS: Final = Prepared(
    select(_g.ends, _g.begins, _g.device, _g.incarnation, _g.raw)
    .join(schema.lane, _g.lane == _l.number)
    .where(_l.organisation == _organisation, _l.lane == bindparam("lane"))
    .order_by(_g.number)
)

CHAINS: Final = Prepared(
    select(schema.chain).where(_c.organisation == _organisation, _c.device == bindparam("device"))
)

_sequences: BindParameter[list[int]] = bindparam("sequences", expanding=True)
_own_chain = (_c.organisation == _organisation) & (_c.number == bindparam("number"))

HELD: Final = union_all(
    select(_f.sequence, _f.hash, _f.previous)
    .join(schema.chain, _f.chain == _c.number)
    .where(_own_chain, _f.sequence.in_(_sequences)),
    select(_v.sequence, _v.hash, _v.previous)
    .join(schema.chain, _v.chain == _c.number)
    .where(_own_chain, _v.sequence.in_(_sequences)),
)

BEYOND: Final = Prepared(
    union_all(
        select(_f.sequence, _f.hash, _f.previous)
        .join(schema.chain, _f.chain == _c.number)
        .where(_own_chain, _f.sequence > bindparam("head")),
        select(_v.sequence, _v.hash, _v.previous)
        .join(schema.chain, _v.chain == _c.number)
        .where(_own_chain, _v.sequence > bindparam("head")),
    )
)

_closing: Final = schema.frame.alias("closing")
_sequence: BindParameter[int] = bindparam("sequence")
STANDING: Final = Prepared(
    union_all(
        select(_f.raw).join(schema.chain, _f.chain == _c.number).where(_own_chain, _f.sequence == _sequence),
        select(_closing.c.raw)
        .join(schema.void, (_closing.c.chain == _v.chain) & (_closing.c.sequence == _v.closed_by))
        .join(schema.chain, _v.chain == _c.number)
        .where(_own_chain, _v.sequence == _sequence),
    )
)
"""The frame itself first, where both are there."""

FEED: Final = Prepared(
    select(_f.index, _c.device, _c.incarnation, _f.raw)
    .join(schema.lane, _f.lane == _l.number)
    .join(schema.chain, _f.chain == _c.number)
    .where(_l.organisation == _organisation, _l.lane == bindparam("lane"), _f.index >= bindparam("start"))
    .order_by(_f.index)
    .limit(bindparam("rows"))
)

MAIL: Final = Prepared(
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

EVIDENCE: Final = Prepared(
    select(_e.sequence, _e.raw)
    .join(schema.chain, _e.chain == _c.number)
    .where(_own_chain)
    .order_by(_e.sequence, _e.hash)
)
