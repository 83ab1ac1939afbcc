"""Who wrote a revision, and whose later word counts for somebody else's report."""

from __future__ import annotations

from collections.abc import Iterable

from fieldkit.actions.contents import revision_of
from fieldkit.actions.copies import DOUBTFUL, doubtful
from fieldkit.actions.session import Session
from fieldkit.model.ids import DeviceId
from fieldkit.model.text import clean
from fieldkit.vault.members import MemberState
from fieldkit.vault.revisions import StoredRevision
from sync.protocol.ids import Device
from sync.protocol.kinds import Role


def seniors(session: Session) -> frozenset[DeviceId]:
    """Devices whose revisions may follow those of others: coordinators, now or as certified.

    A reporter's revision that names another laptop's as its parent stands beside it and never takes its
    place.
    """
    vault = session.vault
    if vault.identities.load() is None:
        return frozenset()
    listed = {entry.device for entry in vault.documents.directory().directory.coordinators}
    certified = {
        member.device
        for member in vault.members.all()
        if member.role is Role.COORDINATOR and member.state is MemberState.MEMBER
    }
    return frozenset(DeviceId(device) for device in listed | certified)


def doubt_about(session: Session, revisions: Iterable[StoredRevision]) -> str:
    """Why the authors should be asked in person, if any of them speaks from two copies of a notebook."""
    authors = {revision.author for revision in revisions}
    return "" if doubtful(session).isdisjoint(authors) else DOUBTFUL


def author_name(session: Session, revision: StoredRevision) -> str:
    """For a coordinator the name the member was given, which nobody can choose for himself; else the
    pseudonym as signed.
    """
    given = given_name(session, revision.author)
    return given or clean(revision_of(revision).content.reporter, one_line=True)


def given_name(session: Session, author: DeviceId) -> str:
    """What coordinators call a member; empty where this laptop does not know."""
    member = session.vault.members.find(Device(author))
    return "" if member is None else member.name
