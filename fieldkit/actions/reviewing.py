"""Looks over a draft before it is finished: who will read what, what is missing, what sending it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fieldkit.actions.bringing_back import withdrawals
from fieldkit.actions.contents import finished, load_form
from fieldkit.actions.draft_lines import judged
from fieldkit.actions.errors import InputProblem, in_plain_words
from fieldkit.actions.following import as_stored, following, unchanged
from fieldkit.actions.session import Session
from fieldkit.actions.weighing import CONNECTION_BYTES, EPOCH_BYTES, beside, sending_cost
from fieldkit.forms.answers import REPORTER_LANES
from fieldkit.forms.definition import Form
from fieldkit.forms.lanes import lane_only
from fieldkit.forms.problems import AnswersError, Fault, Problem
from fieldkit.model import draft as drafts
from fieldkit.model.draft import Signing
from fieldkit.model.ids import Lane
from fieldkit.model.meters import Meters, meters
from fieldkit.model.revision import ClockConfidence
from fieldkit.model.text import clean
from fieldkit.model.values import Answers, Path
from fieldkit.vault.draft_rows import StoredDraft
from sync.protocol import ids


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneReview:
    """What one lane carries, and to whom."""

    lane: str
    """`main` or `sources`."""
    readers: tuple[str, ...]
    """Names of the coordinators who can open it, or the first letters of their keys; none before joining."""
    answers: Answers = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A draft as it would be signed now."""

    number: int
    edition: int
    """What `writing.finish` is given, so that nothing else is signed than was looked over."""
    form: Form = field(repr=False)
    lanes: tuple[LaneReview, ...]
    """Lanes that something belongs to; main comes first and is always there."""
    problems: tuple[Problem, ...] = field(repr=False)
    """What stands between it and a finished report, in the order of the form."""
    left_out: tuple[Path, ...]
    """Places with an answer that is not asked for any more: it will not be sent, and goes with the draft."""
    meters: Meters = field(repr=False)
    cost: int | None
    """Bytes sending it will take, about; None when it cannot be told, because it is too long to be sent or
    something protected has no code yet.
    """
    beside: int
    """Bytes both ways that keys and the connection take beside it, about."""
    member: bool
    """Whether this laptop belongs to an organisation: before that nothing can be finished."""
    brings_back: bool
    """Whether the report was withdrawn: finishing sends it again, and it counts again."""
    unchanged: bool = False
    """Whether it says to the letter what the finished report says: then there is nothing to sign."""

    @property
    def missing(self) -> tuple[Problem, ...]:
        """Required questions without an answer."""
        return tuple(problem for problem in self.problems if problem.fault is Fault.MISSING)

    @property
    def ready(self) -> bool:
        """Whether it can be finished now."""
        return self.member and not (self.problems or self.unchanged) and self.cost is not None


def review(session: Session, number: int) -> Review:
    """What is stored of a draft, as it would be signed now. Raises InputProblem when there is no draft."""
    with in_plain_words(), session.vault.transaction():
        vault = session.vault
        stored = _stored(session, number)
        me = vault.identities.load()
        form = load_form(stored.draft.form_id)
        now = judged(session, form, stored)
        kept = now.kept()
        line = vault.records.line(number)
        told = {lane: lane_only(form, kept, lane) for lane in sorted(REPORTER_LANES)}
        return Review(
            number=number,
            edition=stored.edition,
            form=form,
            lanes=tuple(
                LaneReview(
                    lane=lane.name.lower(),
                    readers=() if me is None else _readers(session, lane),
                    answers=answers,
                )
                for lane, answers in told.items()
                if lane is Lane.MAIN or answers
            ),
            problems=tuple(now.problems.values()),
            left_out=now.left_out,
            meters=meters(kept),
            cost=_cost(session, stored, kept),
            beside=_beside(session, [lane for lane, answers in told.items() if lane is Lane.MAIN or answers]),
            member=me is not None,
            brings_back=bool(withdrawals(session, line.incident)),
            unchanged=unchanged(session, stored.draft, kept),
        )


def _stored(session: Session, number: int) -> StoredDraft:
    """The draft; of a finished report in which nothing was changed yet, what one would begin with."""
    vault = session.vault
    found = vault.records.line(number)
    if found.has_draft or found.incident is None:
        return vault.drafts.load(number)
    return as_stored(number, following(session, found))


def _readers(session: Session, lane: Lane) -> tuple[str, ...]:
    """The coordinators of a lane, by the names they were given where this laptop knows them."""
    vault = session.vault
    directory = vault.documents.directory().directory
    entry = directory.lane(ids.Lane(lane))
    names = []
    for device in () if entry is None else entry.readers:
        if directory.reads(device, ids.Lane(lane)):
            member = vault.members.find(device)
            known = "" if member is None else clean(member.name, one_line=True)
            own = vault.identities.require()
            if device == own.device:
                known = f"{known or own.pseudonym} (you)"
            names.append(known or f"coordinator {device.hex()[:8]}")
    return tuple(names)


def _cost(session: Session, stored: StoredDraft, kept: Answers) -> int | None:
    vault = session.vault
    me = vault.identities.load()
    signing = Signing(
        created=session.now(),
        utc_offset=session.utc_offset(),
        clock=ClockConfidence.SYSTEM,
        reporter="" if me is None else me.pseudonym,
    )
    organisation = ids.Organisation(bytes(ids.ID_BYTES)) if me is None else me.organisation
    device = ids.Device(bytes(ids.ID_BYTES)) if me is None else me.device
    content = drafts.finish(replace(stored.draft, answers=kept), signing)
    try:
        parts = finished(content, organisation, device)
        return sending_cost(parts)
    except (AnswersError, InputProblem):
        return None


def _beside(session: Session, lanes: Sequence[Lane]) -> int:
    if session.vault.identities.load() is None:
        return len(lanes) * EPOCH_BYTES + CONNECTION_BYTES
    return beside(session.vault, lanes)
