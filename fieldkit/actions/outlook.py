"""What waits to be sent and what sending it would take: the sync screen in figures, without connecting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from fieldkit.actions.errors import ActionError, in_plain_words
from fieldkit.actions.findings import in_the_way
from fieldkit.actions.joining import join_accepted
from fieldkit.actions.joining_later import kept_invite
from fieldkit.actions.network import proxy_of, shown_proxy
from fieldkit.actions.session import Session
from fieldkit.actions.turn import LAST_SPEED, LAST_SYNC, UNFINISHED, waiting
from fieldkit.actions.weighing import load, record_bytes
from fieldkit.model.state import State
from fieldkit.vault.errors import NoSuchRecord
from fieldkit.vault.members import MemberState
from fieldkit.vault.sending import Place, SealedPart, UnsealedPart
from sync.protocol.kinds import Role

SHOWN = 400
"""Frames and records looked at for the list; the totals count all."""

CAP, BY_ITSELF = "sync_cap", "sync_by_itself"
"""Progress: bytes both ways that one exchange may cost, 0 for no limit; 1 when they begin by themselves."""


class Membership(Enum):
    """How far this laptop has come into its organisation."""

    NONE = "none"
    KEPT = "kept"
    """An invite is kept; its server could not be reached yet."""
    NOT_TAKEN = "not taken"
    """The server has not taken the join yet."""
    WAITING = "waiting"
    """A coordinator has to let it in."""
    MEMBER = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """What waits of one report, or of the program itself (`number` None)."""

    number: int | None
    title: str = field(repr=False)
    urgency: int
    hurried: bool
    """Whether it goes before all others."""
    withdraws: bool
    """Whether what waits takes the report back."""
    size: int
    """Bytes; about, as long as it is not sealed."""
    frames: tuple[tuple[Place, int], ...]
    """Its frames and their bytes, as far as they are sealed."""
    sealed: bool
    """Whether all of it is: then it keeps its place."""
    tried: bool
    """Whether something of it may have left this laptop; if not, nothing has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Everything the sync screen says that the vault knows. A vault of nobody has nothing to send."""

    membership: Membership
    coordinator: bool = False
    """Whether this laptop also pulls."""
    pseudonym: str = ""
    address: str = ""
    route: str
    """`directly`, or through which proxy."""
    trouble: str
    """Why no exchange can begin as things are set; empty when one can."""
    notices: tuple[str, ...] = ()
    """What else stands in the way or has to be told, a sentence each with what to do."""
    queue: tuple[Queued, ...] = ()
    reports: int = 0
    """Reports that wait, all of them."""
    waiting: int = 0
    """Frames and records that wait."""
    size: int = 0
    """Bytes of the reports that wait, as frames; about, as long as they are not sealed."""
    beside: int = 0
    """Bytes both ways that keys, receipts and the connection take beside them, about."""
    speed: int = 0
    """Bytes a second, as last measured; 0 when never."""
    last_sync: int | None = None
    unfinished: bool = False
    """Whether an exchange was begun after that and did not finish."""
    awaited: int = 0
    """Reports the server holds and nobody has opened yet, as far as is known here."""
    refused: int = 0
    """Records the server refused or that could not be sealed."""
    cap: int
    by_itself: bool


def outlook(session: Session) -> Outlook:
    """Look, without connecting or sealing."""
    with in_plain_words():
        vault = session.vault
        identities = vault.identities
        me = identities.load()
        route, trouble = _route(session)
        cap, by_itself = identities.progress(CAP), bool(identities.progress(BY_ITSELF))
        if me is None:
            kept = kept_invite(session)
            return Outlook(
                membership=Membership.NONE if kept is None else Membership.KEPT,
                address="" if kept is None else kept.told.address,
                route=route,
                trouble=trouble,
                cap=cap,
                by_itself=by_itself,
            )
        directory = vault.documents.directory().directory
        membership, weight = _membership(session), load(session)
        return Outlook(
            membership=membership,
            coordinator=coordinates(session),
            pseudonym=me.pseudonym,
            address=directory.address,
            route=route,
            trouble=trouble,
            notices=tuple(_notices(session)),
            queue=queue(session),
            reports=vault.sending.reports(),
            waiting=waiting(session),
            size=weight.reports,
            beside=weight.beside,
            speed=identities.progress(LAST_SPEED),
            last_sync=identities.progress(LAST_SYNC) or None,
            unfinished=bool(identities.progress(UNFINISHED)),
            awaited=_awaited(session),
            refused=len(vault.outbox.stuck()),
            cap=cap,
            by_itself=by_itself,
        )


def queue(session: Session) -> tuple[Queued, ...]:
    """What waits, report by report, in the order in which it is sent."""
    with in_plain_words():
        sending = session.vault.sending
        parts: list[SealedPart | UnsealedPart] = [*sending.sealed(SHOWN), *sending.unsealed(SHOWN)]
        return tuple(_grouped(session, parts))


def _grouped(session: Session, parts: Iterable[SealedPart | UnsealedPart]) -> Iterable[Queued]:
    found: dict[int | None, list[SealedPart | UnsealedPart]] = {}
    for part in parts:
        found.setdefault(part.number, []).append(part)
    # What is sealed at the next exchange is sent among what is sealed already, the urgent first. What the
    # program has to tell of itself is no report: it stands last, whenever it goes.
    queued = [_queued(session, number, parts) for number, parts in found.items()]
    yield from sorted(queued, key=lambda one: (one.number is None, not one.hurried, -one.urgency))


def _queued(session: Session, number: int | None, parts: Sequence[SealedPart | UnsealedPart]) -> Queued:
    sealed = [part for part in parts if isinstance(part, SealedPart)]
    open_ = [part for part in parts if isinstance(part, UnsealedPart)]
    return Queued(
        number=number,
        title=parts[0].title if number is not None else "",
        urgency=parts[0].urgency,
        hurried=all(part.hurried for part in parts),
        withdraws=any(part.withdraws for part in parts),
        size=sum(part.size for part in sealed) + sum(record_bytes(session, part) for part in open_),
        frames=tuple((part.place, part.size) for part in sealed),
        sealed=not open_,
        tried=any(part.tried for part in sealed),
    )


def hurry(session: Session, number: int, yes: bool) -> None:
    """Let what waits of a report be sent before everything else, or no more. Readers are not told."""
    with in_plain_words():
        session.vault.sending.hurry(number, yes)


def states(session: Session, numbers: Iterable[int]) -> dict[int, State]:
    """How far some reports have come, by number; one that is gone is left out."""
    with in_plain_words():
        vault = session.vault
        policy = vault.documents.directory().directory.delivered_by
        found = {}
        for number in numbers:
            try:
                found[number] = vault.records.line(number, delivered_by=policy).sent
            except NoSuchRecord:
                continue
        return found


def settle(session: Session, *, cap: int | None = None, by_itself: bool | None = None) -> None:
    """Change what is set: `cap` in bytes both ways for one exchange, 0 for none."""
    with in_plain_words(), session.vault.transaction():
        if cap is not None:
            session.vault.identities.set_progress(CAP, cap)
        if by_itself is not None:
            session.vault.identities.set_progress(BY_ITSELF, int(by_itself))


def cap(session: Session) -> int:
    """Bytes both ways that one exchange may cost, as it was set; 0 for no limit."""
    with in_plain_words():
        return session.vault.identities.progress(CAP)


def goes_by_itself(session: Session) -> bool:
    """Whether exchanges begin without being asked for, as it was set; never in a vault for practice."""
    with in_plain_words():
        return not session.vault.practice and bool(session.vault.identities.progress(BY_ITSELF))


def coordinates(session: Session) -> bool:
    """Whether this laptop is listed as a coordinator's, and pulls."""
    with in_plain_words():
        me = session.vault.identities.load()
        if me is None or me.role is not Role.COORDINATOR:
            return False
        return session.vault.documents.directory().directory.coordinator(me.device) is not None


def due(session: Session) -> tuple[bool, bool]:
    """Whether something waits to be sent, and whether news of what was sent, or others' reports, may wait."""
    with in_plain_words():
        vault = session.vault
        me = vault.identities.load()
        if me is None:
            return kept_invite(session) is not None, False
        awaits = me.role is Role.COORDINATOR or _membership(session) is not Membership.MEMBER
        return waiting(session) > 0, awaits or _awaited(session) > 0


def _awaited(session: Session) -> int:
    """Own reports the server holds and nobody has opened. Not told among all those a coordinator pulled."""
    vault = session.vault
    if vault.identities.require().role is Role.COORDINATOR:
        return 0
    return vault.records.counts(delivered_by=vault.documents.directory().directory.delivered_by).received


def _notices(session: Session) -> Iterable[str]:
    for finding in in_the_way(session):
        yield f"{finding.detail}: {finding.hint}" if finding.hint else finding.detail


def _route(session: Session) -> tuple[str, str]:
    if session.vault.practice:
        return "", "this is practice: nothing in it is ever sent"
    try:
        proxy = proxy_of(session.vault.home.settings)
    except ActionError as error:
        return "", f"{error.message}: {error.hint}" if error.hint else error.message
    return ("directly", "") if proxy is None else (f"through the proxy {shown_proxy(proxy)}", "")


def _membership(session: Session) -> Membership:
    vault = session.vault
    me = vault.identities.require()
    if not join_accepted(session):
        return Membership.NOT_TAKEN
    if me.role is Role.COORDINATOR:
        known = vault.documents.directory().directory.coordinator(me.device) is not None
    else:
        member = vault.members.find(me.device)
        known = member is not None and member.state is MemberState.MEMBER
    return Membership.MEMBER if known else Membership.WAITING
