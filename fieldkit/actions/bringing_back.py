"""A report that was taken back counts again only when somebody says so."""

from __future__ import annotations

from dataclasses import replace

from fieldkit.actions.errors import InputProblem
from fieldkit.actions.session import Session
from fieldkit.model.draft import Draft
from fieldkit.model.ids import IncidentId, RevisionId


def withdrawals(session: Session, incident: IncidentId | None) -> tuple[RevisionId, ...]:
    """The revisions that take a report back and that nothing follows; none while it counts."""
    stored = [] if incident is None else session.vault.revisions.of_incident(incident)
    followed = {parent for one in stored for parent in one.parents}
    return tuple(one.id for one in stored if one.withdraws and one.id not in followed)


def with_consent(
    session: Session, number: int, incident: IncidentId | None, draft: Draft, *, given: bool
) -> Draft:
    """The draft as it may be finished: of a withdrawn report it follows the withdrawal, and so ends it.

    Raises InputProblem where that was not asked for.
    """
    taken = withdrawals(session, incident)
    if taken and not given:
        raise InputProblem(
            f"report {number} was withdrawn: finishing this draft would bring it back, and send it again",
            f"if that is meant: fieldkit finish {number} --bring-back",
        )
    return replace(draft, base=(*draft.base, *(one for one in taken if one not in draft.base)))
