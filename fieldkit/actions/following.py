"""A draft that follows a finished report: begun when something is changed, and nothing where nothing is."""

from __future__ import annotations

from fieldkit.actions.authorship import seniors
from fieldkit.actions.bringing_back import withdrawals
from fieldkit.actions.contents import incident_of, load_form, parts_of, revision_of, whole_answers
from fieldkit.actions.errors import InputProblem
from fieldkit.actions.session import Session
from fieldkit.forms.lanes import join
from fieldkit.model import draft as drafts
from fieldkit.model.codec import normalise
from fieldkit.model.draft import Draft
from fieldkit.model.incident import Incident
from fieldkit.model.values import Answers
from fieldkit.vault.draft_rows import StoredDraft
from fieldkit.vault.records import Line
from fieldkit.vault.revisions import StoredRevision


def assembled(session: Session, found: Line) -> tuple[Incident, list[StoredRevision]]:
    """The incident of a line that has an id. Raises InputProblem while none of its revisions is here."""
    revisions = [] if found.incident is None else session.vault.revisions.of_incident(found.incident)
    incident = incident_of(revisions, seniors(session))
    if incident is None:
        raise InputProblem(f"the revisions of report {found.number} have not arrived", "sync or pull first")
    return incident, revisions


def following(session: Session, found: Line) -> Draft:
    """What a draft on the newest revision of a report says; nothing is stored. Raises InputProblem."""
    if found.incident is None:
        raise InputProblem(
            f"report {found.number} has neither a draft nor a revision", "begin one: fieldkit new"
        )
    incident, revisions = assembled(session, found)
    current = incident.current
    form = load_form(current.content.form_id)
    if current.content.form_version > form.version:
        raise InputProblem(
            f"report {found.number} was written with version {current.content.form_version} of the form, this"
            f" program has {form.version}",
            "update the program: what it does not know would be lost",
        )
    return drafts.draft_from(current, whole_answers(incident, revisions))


def as_stored(number: int, draft: Draft) -> StoredDraft:
    """A draft that is not stored yet, as if it were: with no way back, and of no edition."""
    return StoredDraft(
        number=number, draft=draft, created=0, updated=0, can_undo=False, can_redo=False, edition=0
    )


def unchanged(session: Session, draft: Draft, kept: Answers) -> bool:
    """Whether what would be signed says to the letter what the one revision it follows says.

    Never so where signing would bring a withdrawn report back, or would join two revisions.
    """
    if len(draft.base) != 1 or draft.unread or withdrawals(session, draft.incident):
        return False
    stored = session.vault.revisions.load(draft.base[0])
    said = revision_of(stored).content
    if (draft.language, draft.sensitivity, draft.form_version) != (
        said.language,
        said.sensitivity,
        said.form_version,
    ):
        return False
    return normalise(kept) == join(load_form(draft.form_id), said.answers, parts_of(stored))


def changed_since(session: Session, draft: Draft) -> bool:
    """Whether this laptop has finished another revision since a draft that is not stored yet was opened."""
    me = session.vault.identities.load()
    if me is None or draft.incident is None:
        return False
    revisions = session.vault.revisions.of_incident(draft.incident)
    return any(
        bytes(one.author) == bytes(me.device) and set(one.parents) & set(draft.base) for one in revisions
    )
