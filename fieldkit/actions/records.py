"""Lists and single reports, for eyes: reporters see their own, coordinators what they pulled."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldkit.actions.capture import load_form
from fieldkit.actions.contents import form_of, incident_of, revision_of, whole_answers
from fieldkit.actions.errors import UsageProblem, in_plain_words
from fieldkit.actions.session import Session
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.definition import Form
from fieldkit.forms.filling import Filling
from fieldkit.forms.lanes import main_only, split
from fieldkit.model.dates import describe, read_date
from fieldkit.model.edtf import InvalidDate
from fieldkit.model.ids import Lane
from fieldkit.model.state import FACES, State
from fieldkit.model.values import Answers
from fieldkit.vault.records import Line
from fieldkit.vault.revisions import StoredRevision
from sync.protocol.ids import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """One line of a list."""

    row: int
    """Where the next page goes on: pass it as `after`."""
    number: int
    incident: str | None
    state: str
    glyph: str
    title: str
    kind: str
    place: str
    date: str
    updated: int
    author: str
    missing: int
    """Required questions still without an answer in an open draft."""
    has_draft: bool
    stuck: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionLine:
    """One revision of a report."""

    id: str
    author: str
    created: int
    """UTC seconds, as its author's clock claims."""
    parents: tuple[str, ...]
    state: str
    """How far it has come; a pulled one is received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """One report, whole."""

    line: RecordLine
    form: Form = field(repr=False)
    answers: Answers = field(repr=False)
    """Main-lane answers; those of an open draft, if there is one, are complete."""
    sources_answers: Answers | None = field(repr=False)
    """What this reader holds of the *sources* lane; None when it was not asked for."""
    revisions: tuple[RevisionLine, ...]
    problems: tuple[str, ...]
    divided: bool
    """Whether there are several newest revisions, which a person has to merge."""


def list_records(
    session: Session, *, limit: int = 50, after: int | None = None, state: str | None = None
) -> list[RecordLine]:
    """Reports, newest first; `after` is the `row` of the last line of the page before."""
    wanted = _state(state)
    lines: list[RecordLine] = []
    with in_plain_words():
        policy = _policy(session)
        while len(lines) < limit:
            page = session.vault.records.page(before=after, limit=limit, delivered_by=policy)
            if not page:
                break
            after = page[-1].row
            lines += [_line(session, line) for line in page if wanted is None or line.state is wanted]
    return lines[:limit]


def show(session: Session, ref: str, *, sources: bool = False) -> RecordView:
    """One report by number or id. The *sources* lane is shown only when asked for."""
    with in_plain_words():
        vault = session.vault
        line = vault.records.find(ref, delivered_by=_policy(session))
        stored = [] if line.incident is None else vault.revisions.of_incident(line.incident)
        incident = incident_of(stored)
        if line.has_draft:
            draft = vault.drafts.load(line.number).draft
            form, whole = load_form(draft.form_id), draft.answers
        else:
            form, whole = _current(stored)
        main, protected = _divide(form, whole)
        return RecordView(
            line=_line(session, line),
            form=form,
            answers=main,
            sources_answers=protected if sources else None,
            revisions=tuple(
                RevisionLine(
                    id=revision.id.hex(),
                    author=_author(session, revision),
                    created=revision.created,
                    parents=tuple(parent.hex() for parent in revision.parents),
                    state=str(vault.delivery.state_of(revision.id, delivered_by=_policy(session))),
                )
                for revision in stored
            ),
            problems=tuple(str(problem) for problem in Filling(form=form, answers=whole).problems())
            if line.has_draft
            else (),
            divided=incident is not None and incident.divided,
        )


def _policy(session: Session) -> int:
    """How many coordinators make a report delivered; one before there is a directory."""
    if session.vault.identities.load() is None:
        return 1
    return session.vault.documents.directory().directory.delivered_by


def _state(name: str | None) -> State | None:
    if name is None:
        return None
    try:
        return State(name)
    except ValueError:
        known = ", ".join(State)
        raise UsageProblem(f"there is no state {name!r}", f"one of: {known}") from None


def _current(stored: list[StoredRevision]) -> tuple[Form, Answers]:
    """The form and the whole answers of the newest revision; a withdrawal shows what it takes back."""
    incident = incident_of(stored)
    if incident is None:
        return incident_form(), {}
    current = incident.current
    form = form_of(current.content.form_id) or incident_form()
    if current.content.withdrawn:
        return form, incident.answers()
    return form, whole_answers(current, next(one for one in stored if one.id == current.id))


def _divide(form: Form, whole: Answers) -> tuple[Answers, Answers]:
    """Main-lane answers, and those of *sources*."""
    return main_only(form, whole), split(form, whole).get(Lane.SOURCES, {})


def _line(session: Session, line: Line) -> RecordLine:
    form, answers = _shown(session, line)
    missing = Filling(form=form, answers=answers).required_left()[0] if line.has_draft else 0
    return RecordLine(
        row=line.row,
        number=line.number,
        incident=None if line.incident is None else line.incident.hex(),
        state=str(line.state),
        glyph=FACES[line.state].glyph,
        title=line.headline.title,
        kind=_kinds(form, answers),
        place=line.headline.place,
        date=_date(answers),
        updated=line.created,
        author=_line_author(session, line),
        missing=missing,
        has_draft=line.has_draft,
        stuck=line.stuck,
    )


def _shown(session: Session, line: Line) -> tuple[Form, Answers]:
    if line.has_draft:
        draft = session.vault.drafts.load(line.number).draft
        return load_form(draft.form_id), draft.answers
    return _current([] if line.incident is None else session.vault.revisions.of_incident(line.incident))


def _kinds(form: Form, answers: Answers) -> str:
    """The kinds of event in words of the form's own language."""
    placed, codes = form.placed.get("kind"), answers.get("kind")
    if placed is None or not isinstance(codes, list):
        return ""
    choices = [form.choice(placed.question, str(code)) for code in codes]
    return ", ".join(form.words(choice.label, form.default_language) for choice in choices if choice)


def _date(answers: Answers) -> str:
    """When it began, in plain words; the words as typed when they say more than the date."""
    try:
        began = read_date(answers.get("start"))
    except InvalidDate:
        return ""
    return describe(began.date) if began.date.specified else began.words


def _line_author(session: Session, line: Line) -> str:
    if line.incident is None:
        return ""
    stored = session.vault.revisions.of_incident(line.incident)
    return _author(session, stored[0]) if stored else ""


def _author(session: Session, revision: StoredRevision) -> str:
    """Pseudonym as signed; for a coordinator, the name the member was given."""
    member = session.vault.members.find(Device(revision.author))
    if member is not None and member.name:
        return member.name
    return revision_of(revision).content.reporter
