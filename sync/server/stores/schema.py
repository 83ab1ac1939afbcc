"""The tables, in one place. Migration 1 creates exactly these; a test compares them.

Identifiers are stored as the bytes they are. Times are hours since 1970 (R20). A lane and a chain have a
number of their own so that a frame's row and its two indexes stay short.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    UniqueConstraint,
)

VERSION: Final = "0001"
"""The migration this program works with: the newest one there is, which a test compares."""

_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")
"""Only a column of type INTEGER numbers its rows by itself in SQLite."""

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s",
        "ix": "ix_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


def _owner() -> Column[bytes]:
    return Column("organisation", LargeBinary(16), ForeignKey("organisation.organisation"), primary_key=True)


organisation: Final = Table(
    "organisation",
    metadata,
    Column("organisation", LargeBinary(16), primary_key=True),
    Column("code_hash", LargeBinary(32), nullable=False, unique=True),
    Column("root_hash", LargeBinary(32), nullable=False),
)

document: Final = Table(
    "document",
    metadata,
    _owner(),
    Column("kind", SmallInteger, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("raw", LargeBinary, nullable=False),
)

member: Final = Table(
    "member",
    metadata,
    _owner(),
    Column("device", LargeBinary(16), primary_key=True),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("role", SmallInteger, nullable=False),
    Column("certified", Boolean, nullable=False),
    Column("join_hash", LargeBinary(32), nullable=False),
)

invite: Final = Table(
    "invite",
    metadata,
    _owner(),
    Column("invite", LargeBinary(16), primary_key=True),
    Column("role", SmallInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("key", LargeBinary(32), nullable=False),
    Column("burnt_by", LargeBinary(16)),
    Column("burnt_with", LargeBinary(32)),
)

nonce: Final = Table(
    "nonce",
    metadata,
    _owner(),
    Column("nonce", LargeBinary(16), primary_key=True),
    Column("hour", Integer, nullable=False),
    Index("ix_nonce", "hour"),
)

lane: Final = Table(
    "lane",
    metadata,
    Column("number", _NUMBER, primary_key=True),
    Column("organisation", LargeBinary(16), ForeignKey("organisation.organisation"), nullable=False),
    Column("lane", BigInteger, nullable=False),
    Column("generation", LargeBinary(8), nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    UniqueConstraint("organisation", "lane"),
)

generation: Final = Table(
    "generation",
    metadata,
    Column("lane", _NUMBER, ForeignKey("lane.number"), primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("ends", LargeBinary(8), nullable=False),
    Column("begins", LargeBinary(8), nullable=False),
    Column("device", LargeBinary(16), nullable=False),
    Column("incarnation", LargeBinary(8), nullable=False),
    Column("raw", LargeBinary, nullable=False),
)

chain: Final = Table(
    "chain",
    metadata,
    Column("number", _NUMBER, primary_key=True),
    Column("organisation", LargeBinary(16), ForeignKey("organisation.organisation"), nullable=False),
    Column("device", LargeBinary(16), nullable=False),
    Column("lane", BigInteger, nullable=False),
    Column("incarnation", LargeBinary(8), nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("head_hash", LargeBinary(32), nullable=False),
    Column("top", BigInteger, nullable=False),
    Column("frames", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("evidence", Integer, nullable=False),
    UniqueConstraint("organisation", "device", "lane", "incarnation"),
)

frame: Final = Table(
    "frame",
    metadata,
    Column("lane", _NUMBER, ForeignKey("lane.number"), primary_key=True, autoincrement=False),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("chain", _NUMBER, ForeignKey("chain.number"), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    UniqueConstraint("chain", "sequence"),
)

void: Final = Table(
    "void",
    metadata,
    Column("chain", _NUMBER, ForeignKey("chain.number"), primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("closed_by", BigInteger, nullable=False),
)

evidence: Final = Table(
    "evidence",
    metadata,
    Column("chain", _NUMBER, ForeignKey("chain.number"), primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), primary_key=True),
    Column("raw", LargeBinary, nullable=False),
)

mail: Final = Table(
    "mail",
    metadata,
    _owner(),
    Column("device", LargeBinary(16), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("lane", _NUMBER, nullable=False),
    Column("index", BigInteger, nullable=False),
)
