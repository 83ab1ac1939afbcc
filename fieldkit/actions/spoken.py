"""What a report says now, in every lane that is held here."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldkit.actions.authorship import seniors
from fieldkit.actions.contents import incident_of, standing, whole_answers
from fieldkit.actions.errors import InputProblem
from fieldkit.actions.session import Session
from fieldkit.model.draft import Unread
from fieldkit.model.values import Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a report says now, to begin another one with."""

    form_id: str
    answers: Answers = field(repr=False)
    """Of every lane held here."""
    unread: Unread = field(repr=False)
    language: str
    sensitivity: int


def spoken(session: Session, ref: str) -> Spoken:
    """What the open draft of a report says, or else its revision that counts."""
    line = session.vault.records.find(ref)
    if line.has_draft:
        draft = session.vault.drafts.load(line.number).draft
        return Spoken(
            form_id=draft.form_id,
            answers=draft.answers,
            unread=draft.unread,
            language=draft.language,
            sensitivity=draft.sensitivity,
        )
    stored = [] if line.incident is None else session.vault.revisions.of_incident(line.incident)
    incident = incident_of(stored, seniors(session))
    if incident is None:
        raise InputProblem(f"the revisions of report {line.number} have not arrived", "sync or pull first")
    content = standing(incident).content
    return Spoken(
        form_id=content.form_id,
        answers=whole_answers(incident, stored),
        unread={},
        language=content.language,
        sensitivity=content.sensitivity,
    )
