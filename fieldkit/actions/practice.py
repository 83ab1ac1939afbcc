"""Practice: a vault of its own with invented reports, which can never send.

What makes it practice is the vault's own id (docs/vault-format.md §2), so that no later step can take it
away. Everything that leaves a laptop asks `Vault.must_be_real`, and below that the session of such a vault
has no connection to give.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from fieldkit.actions import capture
from fieldkit.actions.errors import InputProblem, UsageProblem, in_plain_words
from fieldkit.actions.founding import found
from fieldkit.actions.practice_reports import REPORTS
from fieldkit.actions.session import Clock, Random, Session, system_clock
from fieldkit.vault import practice
from fieldkit.vault.home import Home, beside
from fieldkit.vault.identity import Identity
from fieldkit.vault.keys import Purpose
from fieldkit.vault.keyslots import FLOOR_COST
from fieldkit.vault.platform import harden_process
from fieldkit.vault.vault import Vault
from sync.protocol.enrolment import Ticket
from sync.protocol.ids import Device, Incarnation, device_id
from sync.protocol.kinds import Role
from sync.protocol.signing import SigningKey

PASSPHRASE = "practice"  # noqa: S105 - no secret, as the next line says
"""Told to everybody: nothing in such a vault is worth hiding."""

ORGANISATION = "Practice organisation"

PSEUDONYM = "practice"
"""How reports written there name their author."""

ADDRESS = "practice.invalid:1"
"""Names of this ending never lead anywhere (RFC 2606)."""


def folder(home: Path) -> Path:
    """Where the practice vault of a home lies: beside it, never in it."""
    return home if Home(home).for_practice() else beside(home)


def begin(
    home: Path,
    *,
    samples: Iterable[Mapping[str, object]] = REPORTS,
    clock: Clock = system_clock,
    random: Random = os.urandom,
) -> Session:
    """Make a practice vault in a new folder, with invented reports in it, and leave it open.

    The last of them stays a draft, the others wait to be sent, for ever. Raises LockedProblem where a vault
    is.
    """
    harden_process()
    with in_plain_words():
        vault = Vault.create(home, PASSPHRASE, cost=FLOOR_COST, random=random, practice=True)
    session = Session(vault=vault, clock=clock, random=random)
    try:
        with in_plain_words(), vault.transaction():
            _found(session)
        drafts = [capture.new_draft(session, answers) for answers in samples]
        for draft in drafts[:-1]:
            capture.finish(session, str(draft.number))
    except BaseException:
        # Half a practice would be opened, and wondered at, the next time.
        session.lock()
        practice.remove(vault.home)
        raise
    return session


def throw_away(home: Path) -> None:
    """Remove a practice vault and nothing else. Raises UsageProblem for anything that is not one."""
    place = Home(home)
    try:
        if not practice.is_practice(place):
            raise UsageProblem(f"{home} holds no practice vault: nothing was removed", "name its folder")
        practice.remove(place)
    except OSError as error:
        raise InputProblem(
            f"{error.filename or home}: {error.strerror or type(error).__name__}",
            "close every fieldkit that has it open, then try again",
        ) from error


def _found(session: Session) -> None:
    """An organisation that exists nowhere, of which this vault is a reporter.

    Its inbox keys are made and not kept: what is finished here could be opened by nobody, if it ever left.
    """
    vault, now, random = session.vault, session.now(), session.random
    nobody = Ticket(
        address=ADDRESS, code=random(16), pins=(random(32),), log_key=SigningKey.generate().public
    )
    founding = found(nobody, random=random, now=now)
    key = SigningKey.generate()
    vault.documents.adopt([founding.root], founding.root_hash, founding.directory, now=now)
    vault.identities.store(
        Identity(
            organisation=founding.organisation,
            device=device_id(key.public),
            incarnation=Incarnation(random(8)),
            role=Role.REPORTER,
            pseudonym=PSEUDONYM,
            joined=now,
        )
    )
    vault.keys.keep(Purpose.DEVICE, key.secret, now=now)
    vault.members.named(Device(founding.organisation), Role.COORDINATOR, ORGANISATION, now=now)
