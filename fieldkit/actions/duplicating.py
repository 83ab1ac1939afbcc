"""A new draft that begins with what another report says."""

from __future__ import annotations

from fieldkit.actions.contents import load_form
from fieldkit.actions.errors import in_plain_words
from fieldkit.actions.listing import draft_listing
from fieldkit.actions.session import Session
from fieldkit.actions.spoken import spoken
from fieldkit.model.draft import Draft
from fieldkit.model.values import copy_answers


def duplicate(session: Session, ref: str) -> int:
    """Begin a report with the answers of another, those of every lane held here; returns its local number.

    It is a report of its own: nothing joins the two. Raises InputProblem for a form this program lacks.
    """
    with in_plain_words(), session.vault.transaction():
        found = spoken(session, ref)
        form = load_form(found.form_id)
        draft = Draft(
            form_id=form.id,
            form_version=form.version,
            answers=copy_answers(found.answers),
            unread=found.unread,
            language=found.language,
            sensitivity=found.sensitivity,
        )
        shown = draft_listing(form, draft.answers)
        return session.vault.drafts.begin(draft, now=session.now(), headline=shown).number
