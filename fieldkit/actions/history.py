"""How a report came to be: its revisions, and what each changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from fieldkit.actions.authorship import author_name
from fieldkit.actions.contents import form_of, parts_of, revision_of
from fieldkit.actions.errors import in_plain_words
from fieldkit.actions.records import policy_of
from fieldkit.actions.session import Session
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.definition import Form
from fieldkit.forms.lanes import join, main_only
from fieldkit.model.ids import RevisionId
from fieldkit.model.revision import Revision
from fieldkit.model.text import clean
from fieldkit.model.values import Answers
from fieldkit.vault.revisions import StoredRevision


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One revision, or the open draft, beside what it follows."""

    id: str
    """Of the revision, hex; empty for the open draft."""
    author: str
    created: int
    """UTC seconds: a revision's as its author's clock claims, a draft's of its last change."""
    state: str
    withdraws: str | None
    """Why it takes the report back; None when it does not."""
    brings_back: bool
    """Whether it follows one that took the report back, so that it counts again."""
    before: Answers = field(repr=False)
    """What it follows said; empty for the first revision, or while that has not arrived."""
    after: Answers = field(repr=False)
    """What it says; a revision that takes the report back says nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The steps of one report, the latest first."""

    number: int
    title: str
    form: Form = field(repr=False)
    steps: tuple[Step, ...]


def history(session: Session, ref: str, *, sources: bool = False) -> History:
    """The revisions of a report by number or id, and its open draft. *Sources* only when asked for."""
    with in_plain_words():
        vault = session.vault
        line = vault.records.find(ref)
        stored = [] if line.incident is None else vault.revisions.of_incident(line.incident)
        said = _Said.of(stored, sources=sources)
        policy = policy_of(session)
        steps = [
            Step(
                id=one.id.hex(),
                author=author_name(session, one),
                created=one.created,
                state=str(vault.delivery.state_of(one.id, delivered_by=policy)),
                withdraws=said.reason(one.id),
                brings_back=said.reason(one.id) is None and said.was_withdrawn(one.parents),
                before=said.before(one.parents),
                after=said.answers(one.id),
            )
            for one in said.in_order()
        ]
        if line.has_draft:
            steps.append(_draft(session, line.number, said, sources))
    form = (form_of(said.form_id) if said.form_id else None) or incident_form()
    return History(number=line.number, title=line.headline.title, form=form, steps=tuple(reversed(steps)))


def _draft(session: Session, number: int, said: _Said, sources: bool) -> Step:
    kept = session.vault.drafts.load(number)
    form = form_of(kept.draft.form_id)
    answers = kept.draft.answers
    return Step(
        id="",
        author="",
        created=kept.updated,
        state="draft",
        withdraws=None,
        brings_back=said.was_withdrawn(kept.draft.base),
        before=said.before(kept.draft.base),
        after=answers if sources or form is None else main_only(form, answers),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What each revision of a report says."""

    stored: Mapping[RevisionId, StoredRevision] = field(repr=False)
    revisions: Mapping[RevisionId, Revision] = field(repr=False)
    sources: bool

    @classmethod
    def of(cls, stored: list[StoredRevision], *, sources: bool) -> _Said:
        return cls(
            stored={one.id: one for one in stored},
            revisions={one.id: revision_of(one) for one in stored},
            sources=sources,
        )

    @property
    def form_id(self) -> str:
        """The form of the latest one; empty when there is none."""
        return next((one.content.form_id for one in reversed(list(self.revisions.values()))), "")

    def in_order(self) -> list[StoredRevision]:
        """Each behind those it follows, whatever time it claims; else by the claimed time."""
        # An id is a hash of what names the parents, so that no revision follows itself by any road.
        ahead = {id_: {p for p in one.parents if p in self.stored} for id_, one in self.stored.items()}
        after: dict[RevisionId, list[RevisionId]] = {}
        for id_, parents in ahead.items():
            for parent in parents:
                after.setdefault(parent, []).append(id_)
        ready = [(one.created, id_) for id_, one in self.stored.items() if not ahead[id_]]
        heapify(ready)
        placed = []
        while ready:
            _, id_ = heappop(ready)
            placed.append(self.stored[id_])
            for child in after.get(id_, ()):
                ahead[child].discard(id_)
                if not ahead[child]:
                    heappush(ready, (self.stored[child].created, child))
        return placed

    def reason(self, id_: RevisionId) -> str | None:
        """Why a revision takes the report back."""
        return clean(self.revisions[id_].content.withdrawn).strip() or None

    def was_withdrawn(self, parents: tuple[RevisionId, ...]) -> bool:
        """Whether one of those took the report back."""
        return any(parent in self.revisions and self.reason(parent) for parent in parents)

    def answers(self, id_: RevisionId) -> Answers:
        """What counts once a revision is there: its answers, or those it took back."""
        seen: set[RevisionId] = set()
        while id_ in self.revisions and id_ not in seen:
            seen.add(id_)
            content = self.revisions[id_].content
            if not content.withdrawn or content.answers or not content.parents:
                return self._whole(id_)
            id_ = content.parents[0]
        return {}

    def before(self, parents: tuple[RevisionId, ...]) -> Answers:
        """What the first of those that has arrived says."""
        return next((self.answers(parent) for parent in parents if parent in self.revisions), {})

    def _whole(self, id_: RevisionId) -> Answers:
        content = self.revisions[id_].content
        form = form_of(content.form_id)
        if form is None:
            return content.answers
        main = main_only(form, content.answers)
        return join(form, main, parts_of(self.stored[id_])) if self.sources else main
