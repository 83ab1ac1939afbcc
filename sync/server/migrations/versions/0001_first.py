"""The first schema: organisations, their documents and members, lanes, chains, frames, mailboxes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table."""
    for create in (
        _organisation,
        _document,
        _invite,
        _member,
        _nonce,
        _lane,
        _generation,
        _chain,
        _frame,
        _void,
        _evidence,
        _mail,
    ):
        create()


def downgrade() -> None:
    """There is nothing before the first schema."""
    raise RuntimeError("a server's database is never taken back to nothing")


def _organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("organisation", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("root_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_organisation")),
    )


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("organisation", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.organisation"], name=op.f("fk_document_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "kind", "version", name=op.f("pk_document")),
    )


def _invite() -> None:
    op.create_table(
        "invite",
        sa.Column("organisation", sa.LargeBinary(length=16), nullable=False),
        sa.Column("invite", sa.LargeBinary(length=16), nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("burnt_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("burnt_with", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.organisation"], name=op.f("fk_invite_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "invite", name=op.f("pk_invite")),
    )


def _member() -> None:
    op.create_table(
        "member",
        sa.Column("organisation", sa.LargeBinary(length=16), nullable=False),
        sa.Column("device", sa.LargeBinary(length=16), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        sa.Column("certified", sa.Boolean(), nullable=False),
        sa.Column("join_hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.organisation"], name=op.f("fk_member_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "device", name=op.f("pk_member")),
    )


def _nonce() -> None:
    op.create_table(
        "nonce",
        sa.Column("organisation", sa.LargeBinary(length=16), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=16), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.organisation"], name=op.f("fk_nonce_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "nonce", name=op.f("pk_nonce")),
    )
    op.create_index("ix_nonce", "nonce", ["hour"], unique=False)


def _lane() -> None:
    op.create_table(
        "lane",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("organisation", sa.LargeBinary(length=16), nullable=False),
        sa.Column("lane", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.LargeBinary(length=8), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.organisation"], name=op.f("fk_lane_organisation")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_lane")),
        sa.UniqueConstraint("organisation", "lane", name=op.f("uq_lane")),
    )


def _generation() -> None:
    op.create_table(
        "generation",
        sa.Column("lane", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ends", sa.LargeBinary(length=8), nullable=False),
        sa.Column("begins", sa.LargeBinary(length=8), nullable=False),
        sa.Column("device", sa.LargeBinary(length=16), nullable=False),
        sa.Column("incarnation", sa.LargeBinary(length=8), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["lane"], ["lane.number"], name=op.f("fk_generation_lane")),
        sa.PrimaryKeyConstraint("lane", "number", name=op.f("pk_generation")),
    )


def _chain() -> None:
    op.create_table(
        "chain",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("organisation", sa.LargeBinary(length=16), nullable=False),
        sa.Column("device", sa.LargeBinary(length=16), nullable=False),
        sa.Column("lane", sa.BigInteger(), nullable=False),
        sa.Column("incarnation", sa.LargeBinary(length=8), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("top", sa.BigInteger(), nullable=False),
        sa.Column("frames", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.organisation"], name=op.f("fk_chain_organisation")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_chain")),
        sa.UniqueConstraint("organisation", "device", "lane", "incarnation", name=op.f("uq_chain")),
    )


def _frame() -> None:
    op.create_table(
        "frame",
        sa.Column("lane", NUMBER, autoincrement=False, nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chain", NUMBER, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["chain"], ["chain.number"], name=op.f("fk_frame_chain")),
        sa.ForeignKeyConstraint(["lane"], ["lane.number"], name=op.f("fk_frame_lane")),
        sa.PrimaryKeyConstraint("lane", "index", name=op.f("pk_frame")),
        sa.UniqueConstraint("chain", "sequence", name=op.f("uq_frame")),
    )


def _void() -> None:
    op.create_table(
        "void",
        sa.Column("chain", NUMBER, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("closed_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["chain"], ["chain.number"], name=op.f("fk_void_chain")),
        sa.PrimaryKeyConstraint("chain", "sequence", name=op.f("pk_void")),
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("chain", NUMBER, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["chain"], ["chain.number"], name=op.f("fk_evidence_chain")),
        sa.PrimaryKeyConstraint("chain", "sequence", "hash", name=op.f("pk_evidence")),
    )


def _mail() -> None:
    op.create_table(
        "mail",
        sa.Column("organisation", sa.LargeBinary(length=16), nullable=False),
        sa.Column("device", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lane", NUMBER, nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.organisation"], name=op.f("fk_mail_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "device", "position", name=op.f("pk_mail")),
    )
