"""What stands in the way of delivery, or may: in a home and in its vault, in the order in which it would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from fieldkit.actions.copies import evidence
from fieldkit.actions.errors import ActionError
from fieldkit.actions.joining import join_accepted
from fieldkit.actions.network import proxy_of, shown_proxy
from fieldkit.actions.organisation import unconfirmed
from fieldkit.actions.recovered import recovered
from fieldkit.actions.session import HOUR, Session
from fieldkit.actions.turn import LAST_SYNC, UNFINISHED, within
from fieldkit.vault.db import check_engine
from fieldkit.vault.errors import JOIN_FIRST, VaultError
from fieldkit.vault.home import Home
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.members import MemberState
from sync.client.errors import refusal_words
from sync.protocol.directory import Directory
from sync.protocol.errors import Refusal
from sync.protocol.ids import ADMIN, MAIN
from sync.protocol.kinds import Role
from sync.protocol.receipts import open_receipt

OLD_SECONDS = 7 * 86_400
"""A laptop that has not synced for a week is told so."""

CLOCK_SECONDS = 2 * HOUR
"""Receipts give the hour: more than this apart means that one of the clocks is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing `doctor` looked at."""

    level: str
    """ok, warning or problem."""
    title: str
    detail: str
    hint: str | None = None


def crashes(session: Session) -> Iterator[Finding]:
    """What ended the screens without anybody's wish."""
    for what, at in session.vault.openings.crashes():
        kind, _, place = what.partition("/")
        day = datetime.fromtimestamp(at, UTC).date()
        yield Finding(
            level="warning",
            title="crash",
            detail=f"a fault of the program ended the screens: {kind}, id {place}, last on {day}",
            hint="report the type, the id and what you did, never the data",
        )


def of_the_home(home: Path) -> Iterator[Finding]:
    """What can be seen while the vault is locked."""
    try:
        check_engine()
        yield Finding(level="ok", title="engine", detail="SQLCipher gives what a vault needs")
    except VaultError as error:
        yield Finding(level="problem", title="engine", detail=str(error), hint=error.hint)
    try:
        Home(home).check_present()
        yield Finding(level="ok", title="home", detail=f"{home} holds a vault and is private")
    except VaultError as error:
        yield Finding(level="problem", title="home", detail=str(error), hint=error.hint)
    try:
        proxy = proxy_of(Home(home).settings)
        told = (
            "none: connections are direct"
            if proxy is None
            else f"everything goes through {shown_proxy(proxy)}"
        )
        yield Finding(level="ok", title="proxy", detail=told)
    except ActionError as error:
        yield Finding(level="problem", title="proxy", detail=error.message, hint=error.hint)


def of_the_vault(session: Session) -> Iterator[Finding]:
    """What an open vault tells."""
    yield from _stopped(session)
    if session.vault.practice:
        detail = "this vault is for practice: what is finished in it waits for ever, and is never sent"
        yield Finding(level="warning", title="practice", detail=detail, hint="for real work make a vault")
        return
    if session.vault.identities.load() is None:
        yield Finding(
            level="warning", title="organisation", detail="this vault has none yet", hint=JOIN_FIRST
        )
        return
    yield from _membership(session)
    yield from _link(session)
    yield from _queue(session)
    yield from _inbox(session)


def _stopped(session: Session) -> Iterator[Finding]:
    found = recovered(session)
    if found is not None:
        drafts = [f"report {draft.number} ({draft.words} words)" for draft in found.drafts]
        told = f"; saved till then: {', '.join(drafts)}" if drafts else "; no report had been saved since"
        yield Finding(
            level="warning",
            title="last time",
            detail=f"the program was stopped before it closed the vault{told}",
            hint="everything that was shown as saved is here; the screens show it, and then this goes",
        )


def _membership(session: Session) -> Iterator[Finding]:
    vault = session.vault
    directory = vault.documents.directory().directory
    yield _standing(session, directory)
    for member in vault.members.all():
        if member.state is MemberState.REFUSED:
            yield Finding(
                level="warning",
                title="newcomer",
                detail=f"{member.device.hex()[:8]} was not let in: {member.reason}",
                hint="ask the person whom the invite was for, by another channel",
            )
    if directory.expires * HOUR < session.now():
        hint = "sync to fetch a newer one, or ask a coordinator; reports are sealed all the same"
        yield Finding(level="warning", title="directory", detail="past its date", hint=hint)


def _standing(session: Session, directory: Directory) -> Finding:
    """Whether the organisation and the server take this laptop for what it is."""
    vault = session.vault
    me = vault.identities.require()
    if me.device in directory.revoked:
        return _membership_finding("problem", "this laptop was revoked", "ask a coordinator")
    if unconfirmed(session):
        return _membership_finding(
            "problem",
            "the server has not confirmed the organisation",
            "run `fieldkit org create` again with the same ticket, or a new one of the same server",
        )
    if not join_accepted(session):
        return _membership_finding(
            "warning",
            "the server has not taken the join yet",
            "sync; if it refuses the invite, join again with a new one",
        )
    member = vault.members.find(me.device)
    reporter = me.role is Role.REPORTER
    certified = member is not None and member.state is MemberState.MEMBER
    if not certified if reporter else directory.coordinator(me.device) is None:
        waits = ": what it sends is kept unopened till then" if reporter else ""
        return _membership_finding(
            "warning",
            f"waiting to be certified{waits}",
            "ask the coordinator who invited you to sync, then sync again",
        )
    return _membership_finding("ok", f"{me.role.name.lower()} {me.pseudonym}", None)


def _membership_finding(level: str, detail: str, hint: str | None) -> Finding:
    return Finding(level=level, title="membership", detail=detail, hint=hint)


def in_the_way(session: Session) -> Iterator[Finding]:
    """What somebody who syncs has to know beside the queue: revoked, a wrong clock, a report that is stuck.

    That a coordinator has to let this laptop in is not among it.
    """
    directory = session.vault.documents.directory().directory
    standing = _standing(session, directory)
    if standing.level == "problem":
        yield standing
    yield from (found for found in _clock(session) if found.level != "ok")
    for found in _queue(session):
        if found.level == "problem":
            yield replace(found, detail=f"{found.title} {found.detail}")


def _link(session: Session) -> Iterator[Finding]:
    identities, now = session.vault.identities, session.now()
    last = identities.progress(LAST_SYNC)
    if identities.progress(UNFINISHED):
        yield Finding(level="warning", title="sync", detail="the last try did not finish", hint="sync again")
    elif not last:
        yield Finding(level="warning", title="sync", detail="never done yet", hint="run `fieldkit sync`")
    elif last > now:
        detail = "the last one is dated in the future: the clock was set back since"
        yield Finding(level="warning", title="sync", detail=detail, hint="check the clock, then sync again")
    elif not within(OLD_SECONDS, now=now, then=last):
        days = (now - last) // 86_400
        yield Finding(level="warning", title="sync", detail=f"last done {days} days ago", hint="sync again")
    else:
        yield Finding(level="ok", title="sync", detail="done within the last week")
    yield from _clock(session)


def _clock(session: Session) -> Iterator[Finding]:
    """Compare this laptop's clock with the hour in the newest receipts, as both stood when they came."""
    vault = session.vault
    log_key = vault.documents.directory().directory.log_key
    newest = [held[-1] for lane in (MAIN, ADMIN) if (held := vault.delivery.receipts(lane))]
    if not newest:
        return
    raw, came = max(newest, key=lambda held: held[1])
    apart = abs(open_receipt(raw, log_key).hours * HOUR - came)
    if apart > CLOCK_SECONDS:
        detail = f"it differed from the server's by {apart // HOUR} hours at the last receipt"
        hint = "set the clock: dates written by it are claims that others compare"
        yield Finding(level="warning", title="clock", detail=detail, hint=hint)
    else:
        yield Finding(level="ok", title="clock", detail="agrees with the server's hour")


def _queue(session: Session) -> Iterator[Finding]:
    vault = session.vault
    for stuck in vault.outbox.stuck():
        which = "a record" if stuck.number is None else f"report {stuck.number}"
        why, todo = (
            (stuck.problem, "mend the report and finish it again")
            if stuck.refusal is None
            else refusal_words(Refusal(stuck.refusal))
        )
        if stuck.number is not None and stuck.refusal is not None:
            todo = f"{todo}; edit the report and finish it again to send it anew"
        yield Finding(level="problem", title=which, detail=f"will not arrive: {why}", hint=todo)
    directory = vault.documents.directory().directory
    for lane, (count, _) in vault.outbox.unsealed().items():
        if directory.lane(lane) is None:
            detail = f"{count} records wait for a lane that the organisation's directory does not have"
            yield Finding(level="problem", title="queue", detail=detail, hint="tell a coordinator")
    frames, size = vault.delivery.pending_totals()
    unsealed = sum(count for count, _ in vault.outbox.unsealed().values())
    if frames or unsealed:
        detail = f"frames that wait: {frames} ({size} bytes); records not sealed yet: {unsealed}"
        yield Finding(level="warning", title="queue", detail=detail, hint="run `fieldkit sync`")
    else:
        yield Finding(level="ok", title="queue", detail="nothing waits")


def _inbox(session: Session) -> Iterator[Finding]:
    vault = session.vault
    waits = {
        EntryState.AWAITING_MEMBER: ("frames of members not certified yet", "sync, or ask who they are"),
        EntryState.AWAITING_KEY: (
            "frames whose key has not come",
            "ask a coordinator to sync, then pull again",
        ),
    }
    for state, (what, todo) in waits.items():
        if number := vault.inbox.waiting(state):
            yield Finding(level="warning", title="inbox", detail=f"{number} {what}", hint=todo)
    for entry in vault.inbox.refused():
        detail = f"a frame of {entry.device.hex()[:8]} in lane {entry.lane} does not hold: {entry.reason}"
        yield Finding(level="warning", title="inbox", detail=detail, hint="tell the person who wrote it")
    yield from _mail(session)
    for level, title, detail, hint in evidence(session):
        yield Finding(level=level, title=title, detail=detail, hint=hint)


def _mail(session: Session) -> Iterator[Finding]:
    """Letters that prove nothing: there may be many, so the newest stands for all."""
    letters = session.vault.mailbox.letters(EntryState.REFUSED)
    if letters:
        newest = letters[-1]
        whose = newest.device.hex()[:8]
        detail = f"letters that do not hold: {len(letters)}; the newest, of {whose}: {newest.reason}"
        hint = "tell a coordinator: the server passed it on, or made it up; nothing of it was used"
        yield Finding(level="warning", title="mail", detail=detail, hint=hint)
