"""What waits and why: the short answer (`status`) and the long one (`doctor`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fieldkit.actions.enrol import CONFIRMED
from fieldkit.actions.errors import ActionError, in_plain_words
from fieldkit.actions.exchange import LAST_SYNC, LAST_TRY
from fieldkit.actions.network import proxy_of
from fieldkit.actions.session import Session
from fieldkit.model.state import State
from fieldkit.vault.db import check_engine
from fieldkit.vault.errors import VaultError
from fieldkit.vault.home import Home
from fieldkit.vault.inbox import EntryState
from sync.client.errors import refusal_words
from sync.protocol.errors import Refusal

HOUR = 3_600
OLD_SECONDS = 7 * 86_400
"""A laptop that has not synced for a week is told so."""

CLOCK_SECONDS = 2 * HOUR
"""Receipts give the hour: more than this apart means that one of the clocks is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The home screen in figures."""

    role: str | None
    pseudonym: str | None
    organisation: str | None
    drafts: int
    waiting: int
    received: int
    delivered: int
    withdrawn: int
    quarantined: int
    """Records the server refused or that could not be sealed."""
    unsent_frames: int
    unsent_bytes: int
    last_sync: int | None
    last_try_failed: bool
    address: str | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing `doctor` looked at."""

    level: str
    """ok, warning or problem."""
    title: str
    detail: str
    hint: str | None = None


def status(session: Session) -> Status:
    """Counts and the last exchange, from the vault alone."""
    with in_plain_words():
        vault = session.vault
        me = vault.identities.load()
        directory = None if me is None else vault.documents.directory().directory
        policy = 1 if directory is None else directory.delivered_by
        counts = vault.records.counts(delivered_by=policy)
        frames, size = vault.delivery.pending_totals() if me else (0, 0)
        unsealed = vault.outbox.unsealed().values()
        last, tried = (vault.identities.progress(name) for name in (LAST_SYNC, LAST_TRY))
        found = [finding for finding in _findings(session) if finding.level == "problem"]
        return Status(
            role=None if me is None else me.role.name.lower(),
            pseudonym=None if me is None else me.pseudonym,
            organisation=None if me is None else me.organisation.hex(),
            drafts=len(vault.drafts.all()),
            waiting=counts[State.WAITING],
            received=counts[State.RECEIVED],
            delivered=counts[State.DELIVERED],
            withdrawn=counts[State.WITHDRAWN],
            quarantined=len(vault.outbox.stuck()),
            unsent_frames=frames + sum(count for count, _ in unsealed),
            unsent_bytes=size + sum(weight for _, weight in unsealed),
            last_sync=last or None,
            last_try_failed=tried > last,
            address=None if directory is None else directory.address,
            problems=tuple(f"{finding.title}: {finding.detail}" for finding in found),
        )


def doctor(home: Path, session: Session | None) -> list[Finding]:
    """Everything that could stop delivery, in the order in which it would."""
    findings = list(_home_findings(home))
    if session is None:
        hint = "unlock it: run doctor with the passphrase"
        return [
            *findings,
            Finding(level="warning", title="vault", detail="not looked into: locked", hint=hint),
        ]
    with in_plain_words():
        try:
            session.vault.check_integrity()
            findings.append(Finding(level="ok", title="vault", detail="every page of the database verifies"))
        except VaultError as error:
            findings.append(Finding(level="problem", title="vault", detail=str(error), hint=error.hint))
        return [*findings, *_findings(session)]


def _home_findings(home: Path) -> Iterator[Finding]:
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
        told = "none: connections are direct" if proxy is None else f"everything goes through {proxy}"
        yield Finding(level="ok", title="proxy", detail=told)
    except ActionError as error:
        yield Finding(level="problem", title="proxy", detail=error.message, hint=error.hint)


def _findings(session: Session) -> Iterator[Finding]:
    if session.vault.identities.load() is None:
        hint = "join with an invite: fieldkit join INVITE"
        yield Finding(level="warning", title="organisation", detail="this vault has none yet", hint=hint)
        return
    yield from _membership(session)
    yield from _link(session)
    yield from _queue(session)
    yield from _inbox(session)


def _membership(session: Session) -> Iterator[Finding]:
    vault = session.vault
    me = vault.identities.require()
    directory = vault.documents.directory().directory
    if me.device in directory.revoked:
        yield Finding(
            level="problem", title="membership", detail="this laptop was revoked", hint="ask a coordinator"
        )
    elif me.role.name == "COORDINATOR" and directory.coordinator(me.device) is None:
        hint = "ask the coordinator who invited you to sync, then sync again"
        yield Finding(level="warning", title="membership", detail="waiting to be certified", hint=hint)
    elif me.role.name == "COORDINATOR" and len(directory.coordinators) == 1:
        unconfirmed = not vault.identities.progress(CONFIRMED)
        detail = "the server has not confirmed the organisation" if unconfirmed else "first coordinator"
        yield Finding(
            level="problem" if unconfirmed else "ok",
            title="membership",
            detail=detail,
            hint="run `fieldkit org create` again with the same ticket" if unconfirmed else None,
        )
    else:
        yield Finding(level="ok", title="membership", detail=f"{me.role.name.lower()} {me.pseudonym}")
    if directory.expires * HOUR < session.now():
        hint = "sync to fetch a newer one, or ask a coordinator; reports are sealed all the same"
        yield Finding(level="warning", title="directory", detail="past its date", hint=hint)


def _link(session: Session) -> Iterator[Finding]:
    last, tried = (session.vault.identities.progress(name) for name in (LAST_SYNC, LAST_TRY))
    now = session.now()
    if not last:
        yield Finding(level="warning", title="sync", detail="never done yet", hint="run `fieldkit sync`")
    elif tried > last:
        yield Finding(level="warning", title="sync", detail="the last try did not finish", hint="sync again")
    elif now - last > OLD_SECONDS:
        days = (now - last) // 86_400
        yield Finding(level="warning", title="sync", detail=f"last done {days} days ago", hint="sync again")
    else:
        yield Finding(level="ok", title="sync", detail="done within the last week")


def _queue(session: Session) -> Iterator[Finding]:
    vault = session.vault
    for stuck in vault.outbox.stuck():
        which = "a record" if stuck.number is None else f"report {stuck.number}"
        why, todo = (
            (stuck.problem, "mend the report and finish it again")
            if stuck.refusal is None
            else refusal_words(Refusal(stuck.refusal))
        )
        yield Finding(level="problem", title=which, detail=f"will not arrive: {why}", hint=todo)
    frames, size = vault.delivery.pending_totals()
    unsealed = sum(count for count, _ in vault.outbox.unsealed().values())
    if frames or unsealed:
        detail = f"{frames} frames ({size} bytes) and {unsealed} unsealed records wait"
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
    counts = vault.inbox.counts()
    for state, (what, todo) in waits.items():
        number = sum(count for (_, held), count in counts.items() if held is state)
        if number:
            yield Finding(level="warning", title="inbox", detail=f"{number} {what}", hint=todo)
    for entry in vault.inbox.refused():
        detail = f"a frame of {entry.device.hex()[:8]} in lane {entry.lane} does not hold: {entry.reason}"
        yield Finding(level="warning", title="inbox", detail=detail, hint="tell the person who wrote it")
    for found in vault.evidence.all():
        hint = "show this to the other coordinators; nothing was deleted"
        yield Finding(level="problem", title=f"evidence: {found.kind}", detail=found.detail, hint=hint)
