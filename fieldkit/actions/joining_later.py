"""An invite that no server could be asked about yet: kept in the vault, and tried with each exchange."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from fieldkit.actions.errors import LinkProblem, PausedProblem, in_plain_words
from fieldkit.actions.joining import InviteTold, join, told_by
from fieldkit.actions.session import Session
from fieldkit.vault.keys import Purpose
from sync.protocol.encoding import decode, encode
from sync.protocol.enrolment import parse_invite

KEPT_BYTES = 16 * 1024
"""An invite and a pseudonym have a few hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptInvite:
    """What waits for a link."""

    told: InviteTold
    invite: str = field(repr=False)
    pseudonym: str


def join_or_keep(session: Session, invite: str, *, pseudonym: str = "") -> bool:
    """Join; where no server can be reached keep the invite instead. Whether it is joined.

    A vault that has joined before keeps none: there the next exchange asks with the join it has.
    """
    try:
        join(session, invite, pseudonym=pseudonym or None)
    except PausedProblem:
        raise
    except LinkProblem:
        with in_plain_words(), session.vault.transaction():
            if session.vault.identities.load() is not None:
                raise
            kept = encode([invite.strip(), pseudonym])
            session.vault.keys.put(Purpose.INVITE, kept, now=session.now())
        return False
    return True


def kept_invite(session: Session) -> KeptInvite | None:
    """The invite that waits; None when none does, or it is not needed any more."""
    with in_plain_words():
        raw = session.vault.keys.find(Purpose.INVITE)
        if raw is None or session.vault.identities.load() is not None:
            return None
        invite, pseudonym = cast("list[str]", decode(raw, limit=KEPT_BYTES))
        return KeptInvite(told=told_by(parse_invite(invite)), invite=invite, pseudonym=pseudonym)


def join_kept(session: Session) -> bool:
    """Join with the invite that waits, if one does; whether one did.

    Raises what `join` raises: then it stays kept.
    """
    kept = kept_invite(session)
    if kept is None:
        return False
    join(session, kept.invite, pseudonym=kept.pseudonym or None)
    return True
