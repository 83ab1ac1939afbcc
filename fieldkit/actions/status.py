"""What waits and why: the short answer (`status`) and the long one (`doctor`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldkit.actions.errors import in_plain_words
from fieldkit.actions.findings import Finding, crashes, of_the_home, of_the_vault
from fieldkit.actions.organisation import organisation
from fieldkit.actions.session import Session
from fieldkit.actions.turn import LAST_SYNC, UNFINISHED
from fieldkit.actions.weighing import load
from fieldkit.vault.errors import VaultError

__all__ = ["Finding", "Status", "doctor", "status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The home screen in figures."""

    role: str | None
    pseudonym: str | None
    organisation: str | None
    name: str | None
    """The organisation's; None before joining, empty where it is not known: it is sealed to coordinators."""
    fingerprint: tuple[str, ...]
    """The words two people compare by another channel; none before joining."""
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


def status(session: Session) -> Status:
    """Counts and the last exchange, from the vault alone."""
    with in_plain_words():
        vault = session.vault
        me = vault.identities.load()
        directory = None if me is None else vault.documents.directory().directory
        policy = 1 if directory is None else directory.delivered_by
        counts = vault.records.counts(delivered_by=policy)
        frames = vault.delivery.pending_totals()[0] if me else 0
        joined = None if me is None else organisation(session)
        last = vault.identities.progress(LAST_SYNC)
        found = [finding for finding in of_the_vault(session) if finding.level == "problem"]
        return Status(
            role=None if me is None else me.role.name.lower(),
            pseudonym=None if me is None else me.pseudonym,
            organisation=None if me is None else me.organisation.hex(),
            name=None if joined is None else joined.name,
            fingerprint=() if joined is None else joined.fingerprint,
            drafts=counts.drafts,
            waiting=counts.waiting,
            received=counts.received,
            delivered=counts.delivered,
            withdrawn=counts.withdrawn,
            quarantined=len(vault.outbox.stuck()),
            unsent_frames=frames + sum(count for count, _ in vault.outbox.unsealed().values()),
            unsent_bytes=0 if me is None else load(session).reports,
            last_sync=last or None,
            last_try_failed=bool(vault.identities.progress(UNFINISHED)),
            address=None if directory is None else directory.address,
            problems=tuple(f"{finding.title}: {finding.detail}" for finding in found),
        )


def doctor(home: Path, session: Session | None) -> list[Finding]:
    """Everything that could stop delivery, in the order in which it would."""
    findings = list(of_the_home(home))
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
        return [*findings, *crashes(session), *of_the_vault(session)]
