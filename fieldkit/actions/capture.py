"""The reporter's work: write, change, finish, take back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fieldkit.actions.bringing_back import with_consent
from fieldkit.actions.contents import finished, form_of, load_form
from fieldkit.actions.draft_lines import DraftLine, draft_line_of, judged
from fieldkit.actions.errors import InputProblem, UsageProblem, in_plain_words
from fieldkit.actions.following import assembled, following, unchanged
from fieldkit.actions.listing import draft_listing
from fieldkit.actions.session import Session
from fieldkit.actions.weighing import sending_cost
from fieldkit.forms.answers import read_answers
from fieldkit.forms.filling import Filling, begun
from fieldkit.model import draft as drafts
from fieldkit.model.draft import Draft, Signing
from fieldkit.model.ids import Lane, RevisionId
from fieldkit.model.limits import MAX_REASON_CHARS
from fieldkit.model.revision import ClockConfidence, Content
from fieldkit.model.text import clean
from fieldkit.vault.draft_rows import StoredDraft

__all__ = ["DraftLine", "Finished", "edit", "finish", "new_draft", "open_draft", "withdraw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A report that was signed and waits to be sent."""

    number: int
    incident: str
    revision: str
    lanes: tuple[str, ...]
    size_estimate: int
    """Bytes its frames will weigh."""


def new_draft(session: Session, answers: Mapping[str, object] | None = None) -> DraftLine:
    """Begin a report, with answers as they would be typed; it is stored when this returns."""
    form = load_form()
    with in_plain_words():
        given = dict(answers) if isinstance(answers, Mapping) else answers
        typed = read_answers(form, {} if given is None else given, today=session.today())
        read = begun(form, typed, session.today())
        draft = Draft(form_id=form.id, form_version=form.version, answers=read)
        stored = session.vault.drafts.begin(draft, now=session.now(), headline=draft_listing(form, read))
    return draft_line_of(session, form, stored)


def edit(session: Session, ref: str, changes: Mapping[str, object | None]) -> DraftLine:
    """Change answers of a draft.

    None takes one out. A finished report opens a new draft on its newest revision. A change that cannot be
    taken leaves everything as it was; so does one that changes nothing of a finished report.
    """
    with in_plain_words(), session.vault.transaction():
        begun = not session.vault.drafts.has(session.vault.records.find(ref).number)
        stored = open_draft(session, ref)
        form = load_form(stored.draft.form_id)
        given = {name: value for name, value in changes.items() if value is not None}
        read = read_answers(form, given, today=session.today())
        changed = stored.draft
        for name in changes:
            placed = form.placed.get(name)
            if (placed is None or placed.repeat is not None) and form.repeat(name) is None:
                raise InputProblem(f"the form has no question {name!r}", "docs/cli.md lists the questions")
            if placed is not None and placed.question.calculation is not None:
                raise InputProblem(f"the form works {name!r} out by itself", "leave it out")
            changed = (
                drafts.set_answer(changed, name, read[name])
                if name in read
                else drafts.clear_answer(changed, name)
            )
        changed = replace(changed, answers=Filling(form=form, answers=changed.answers).complete())
        kept = session.vault.drafts.save(
            stored.number, changed, now=session.now(), headline=draft_listing(form, changed.answers)
        )
        if begun and unchanged(session, kept.draft, judged(session, form, kept).kept()):
            # Raised inside: the draft that was begun for it is undone.
            raise InputProblem(
                f"report {kept.number} says this already: nothing was changed, and no draft was begun",
                "say what is to change: --set NAME=VALUE, --unset NAME or --from FILE",
            )
    return draft_line_of(session, form, kept)


def open_draft(session: Session, ref: str) -> StoredDraft:
    """The open draft of a report, begun on its newest revision when there is none."""
    vault = session.vault
    found = vault.records.find(ref)
    if vault.drafts.has(found.number):
        return vault.drafts.load(found.number)
    draft = following(session, found)
    shown = draft_listing(load_form(draft.form_id), draft.answers)
    return vault.drafts.begin(draft, now=session.now(), headline=shown)


def finish(session: Session, ref: str, *, bring_back: bool = False) -> Finished:
    """Sign the draft of a report and queue every lane of it, in one transaction.

    Raises InputProblem naming everything that is missing or wrong, and for a report that was withdrawn unless
    it is to be brought back; then nothing has changed.
    """
    with in_plain_words():
        vault = session.vault
        me = vault.identities.require()
        found = vault.records.find(ref)
        stored = vault.drafts.load(found.number)
        draft = with_consent(session, found.number, found.incident, stored.draft, given=bring_back)
        form = load_form(stored.draft.form_id)
        now = judged(session, form, stored)
        problems = now.problems.values()
        if problems:
            listed = "; ".join(str(problem) for problem in problems)
            raise InputProblem(
                f"report {found.number} cannot be finished yet: {listed}",
                f"mend it: fieldkit edit {found.number} --set NAME=VALUE",
            )
        if unchanged(session, stored.draft, now.kept()):
            raise InputProblem(
                f"nothing in report {found.number} was changed since it was finished: nothing to sign",
                f"change something, or drop the draft: fieldkit discard {found.number}",
            )
        content = drafts.finish(replace(draft, answers=now.kept()), _signing(session, me.pseudonym))
        signed = finished(content, me.organisation, me.device)
        size = sending_cost(signed)  # before anything is stored: what nobody could send must stay a draft
        if vault.revisions.has(signed.id):
            raise InputProblem(
                f"report {found.number} says to the letter what another one finished this very second says",
                "discard the draft, or finish it a second later if it is meant",
            )
        kept = vault.finishing.finish(found.number, signed, now=session.now())
    return Finished(
        number=found.number,
        incident=kept.incident.hex(),
        revision=kept.id.hex(),
        lanes=tuple(Lane(lane).name.lower() for lane in sorted(signed.parts)),
        size_estimate=size,
    )


def withdraw(session: Session, ref: str, reason: str) -> RevisionId:
    """Take a sent report back: a revision that says so and why. Nothing is deleted anywhere."""
    why = clean(reason).strip()
    if not why:
        raise UsageProblem("a withdrawal needs a reason", "give one: --reason 'sent by mistake'")
    if len(why) > MAX_REASON_CHARS:
        raise UsageProblem(
            f"expected a reason of at most {MAX_REASON_CHARS} letters, got {len(why)}", "shorten it"
        )
    with in_plain_words():
        vault = session.vault
        me = vault.identities.require()
        found = vault.records.find(ref)
        if found.incident is None:
            raise InputProblem(f"report {found.number} was never finished: there is nothing to take back")
        incident, _ = assembled(session, found)
        if incident.current.content.withdrawn:
            raise InputProblem(f"report {found.number} was taken back already")
        content: Content = drafts.withdrawal(incident.current, why, _signing(session, me.pseudonym))
        signed = finished(content, me.organisation, me.device)
        shown = draft_listing(form_of(content.form_id), incident.answers())
        signed = replace(signed, headline=shown)
        return vault.finishing.withdraw(found.number, signed, now=session.now()).id


def _signing(session: Session, reporter: str) -> Signing:
    return Signing(
        created=session.now(),
        utc_offset=session.utc_offset(),
        clock=ClockConfidence.SYSTEM,
        reporter=reporter,
    )
