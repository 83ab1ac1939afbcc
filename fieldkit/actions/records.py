"""Lists and single reports, for eyes: reporters see their own, coordinators what they pulled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from fieldkit.actions.authorship import author_name, doubt_about, given_name, seniors
from fieldkit.actions.contents import (
    first_of,
    form_of,
    incident_of,
    load_form,
    revision_of,
    standing,
    whole_answers,
)
from fieldkit.actions.draft_lines import draft_problems
from fieldkit.actions.errors import UsageProblem, in_plain_words
from fieldkit.actions.listing import asked_for, date_words, draft_listing, kind_words, say_unknown_kinds
from fieldkit.actions.session import Session
from fieldkit.forms.answers import REPORTER_LANES
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.definition import Form
from fieldkit.forms.lanes import main_only, split
from fieldkit.forms.problems import AnswersError, Problem
from fieldkit.model.ids import DeviceId, Lane, RevisionId
from fieldkit.model.incident import Incident
from fieldkit.model.state import FACES, State
from fieldkit.model.text import clean
from fieldkit.model.values import Answers
from fieldkit.vault.errors import NoSuchRecord
from fieldkit.vault.incidents import Headline
from fieldkit.vault.records import Line
from fieldkit.vault.revisions import StoredRevision


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
    """UTC seconds of the last change, by its author's clock."""
    author: str
    missing: int
    """Required questions still without an answer in an open draft."""
    required: int
    """Required questions of an open draft in all."""
    urgency: int
    """0 normal, 1 within days, 2 life at risk."""
    has_draft: bool
    stuck: bool
    own: bool
    """Whether it was written here."""
    unsent: bool
    """Whether something finished of it, perhaps its withdrawal, is not with the server."""
    fresh: bool = False
    """Whether it was pulled, or changed by others, since it was read here last."""


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
    withdraws: str | None = None
    """Why it takes the report back, as its author wrote it; None when it does not."""


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
    """Of an open draft, what keeps it from being finished; of a pulled report, what cannot be shown."""
    divided: bool
    """Whether there are several newest revisions, which a person has to merge."""
    faults: tuple[Problem, ...] = field(default=(), repr=False)
    """The last of `problems`, those of an open draft, each with its place."""
    doubt: str = ""
    """Why its sender should be asked in person; empty when there is no reason."""


def list_records(
    session: Session,
    *,
    limit: int = 50,
    after: int | None = None,
    state: str | None = None,
    query: str = "",
) -> list[RecordLine]:
    """Reports, newest first; `after` is the `row` of the last line of the page before.

    `query` is read as `fieldkit.model.query` says. Raises UsageProblem for a state or query that is none.
    """
    asked = asked_for(session, query)
    if state is not None:
        asked = replace(asked, state=_state(state))
    lines: list[RecordLine] = []
    begins = after is None
    with in_plain_words():
        lister = Lister(session)
        if not asked.empty:
            _index_the_rest(session, lister.eldest)
        while len(lines) < limit:
            page = session.vault.records.found(asked, before=after, limit=limit, delivered_by=lister.policy)
            if not page:
                break
            after = page[-1].row
            new = session.vault.records.fresh.among(after, page[0].row)
            lines += [
                told
                for line in page
                if in_state(line, asked.state) and (line.row in new or not asked.fresh)
                if (told := lister.line(line, fresh=line.row in new)).urgency == asked.urgency
                or asked.urgency is None
            ]
    if begins and not lines:
        say_unknown_kinds(asked)
    return lines[:limit]


def unread(session: Session) -> int:
    """How many reports that were pulled nobody has read here yet."""
    with in_plain_words():
        return session.vault.records.fresh.count()


def mark_read(session: Session, number: int) -> bool:
    """Somebody has read a report that was pulled: it is not new any more; whether it was."""
    with in_plain_words():
        return session.vault.records.fresh.read(number)


def in_state(line: Line, wanted: State | None) -> bool:
    """Whether a line is asked for.

    One that is being changed is a draft, too, whatever was sent of it; one with a withdrawal to send waits.
    """
    also = line.has_draft if wanted is State.DRAFT else wanted is State.WAITING and line.sent is wanted
    return wanted is None or line.state is wanted or also


class Lister:
    """Says what a list shows of reports, asking for each thing but once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._form = incident_form()
        self._names: dict[DeviceId, str] = {}
        me = session.vault.identities.load()
        self._me = None if me is None else DeviceId(me.device)
        self._own_name = "" if me is None else me.pseudonym
        self.policy = policy_of(session)
        self.eldest = seniors(session)

    def line(self, line: Line, *, fresh: bool = False) -> RecordLine:
        """A line of the list. A report that several laptops wrote of is opened: whose word counts varies."""
        if line.several:
            read = _read(self._session, line, self.eldest)
            line = replace(line, headline=_headline(read), author=first_of(read.stored).author)
        return self.told(line, fresh=fresh)

    def told(self, line: Line, *, fresh: bool = False) -> RecordLine:
        """A line whose headline is right as it stands."""
        shown = line.headline
        return RecordLine(
            row=line.row,
            number=line.number,
            incident=None if line.incident is None else line.incident.hex(),
            state=str(line.state),
            glyph=FACES[line.state].glyph,
            title=shown.title,
            kind=kind_words(self._form, shown.kinds),
            place=shown.place,
            date=date_words(shown.began),
            updated=line.updated,
            author=self._author(line.author, shown.reporter),
            missing=shown.missing if line.has_draft else 0,
            required=shown.required if line.has_draft else 0,
            urgency=shown.urgency,
            has_draft=line.has_draft,
            stuck=line.stuck,
            own=line.own,
            unsent=line.sent is State.WAITING,
            fresh=fresh,
        )

    def _author(self, author: DeviceId | None, signed: str) -> str:
        if author is None:
            return ""
        if author not in self._names:
            own = self._own_name if author == self._me else ""
            self._names[author] = given_name(self._session, author) or own
        return self._names[author] or clean(signed, one_line=True)


def _index_the_rest(session: Session, eldest: Collection[DeviceId]) -> None:
    """What was pulled is put into the index when somebody next searches: a pull does not wait for it."""
    records = session.vault.records
    while numbers := records.unindexed():
        with session.vault.transaction():
            for number in numbers:
                relist(session, number, eldest)


def relist(session: Session, number: int, eldest: Collection[DeviceId] | None = None) -> None:
    """Say anew what a list shows of a report and what finds it; one that is gone is passed over."""
    records = session.vault.records
    try:
        line = records.line(number)
    except NoSuchRecord:
        return
    read = _read(session, line, seniors(session) if eldest is None else eldest)
    records.reindex(number, _headline(read))


def _headline(read: _Read) -> Headline:
    """What a list shows of a report that was opened."""
    form = None if read.strange else read.form
    found = draft_listing(form, read.whole, left=None if read.drafted else (0, 0))
    first = first_of(read.stored) if read.stored else None
    return found if first is None else replace(found, reporter=revision_of(first).content.reporter)


def show(session: Session, ref: str, *, sources: bool = False) -> RecordView:
    """One report by number or id. The *sources* lane is shown only when asked for."""
    with in_plain_words():
        vault, policy = session.vault, policy_of(session)
        line = vault.records.find(ref, delivered_by=policy)
        read = _read(session, line, seniors(session))
        main, protected, problems = _divide(read)
        faults: tuple[Problem, ...] = ()
        if line.has_draft:
            # What is wrong with a protected answer may quote it.
            lanes = REPORTER_LANES if sources else frozenset({Lane.MAIN})
            faults = draft_problems(session, read.form, line.number, lanes)
            problems += tuple(str(fault) for fault in faults)
        return RecordView(
            line=Lister(session).told(_as_read(line, read)),
            form=read.form,
            answers=main,
            sources_answers=protected if sources else None,
            revisions=tuple(
                RevisionLine(
                    id=revision.id.hex(),
                    author=author_name(session, revision),
                    created=revision.created,
                    parents=tuple(parent.hex() for parent in revision.parents),
                    state=str(vault.delivery.state_of(revision.id, delivered_by=policy)),
                    withdraws=read.reasons.get(revision.id),
                )
                for revision in read.stored
            ),
            problems=problems,
            faults=faults,
            divided=read.divided,
            doubt=doubt_about(session, read.stored),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """One report as it is shown: its draft's answers, or those that count of what was finished."""

    form: Form = field(repr=False)
    whole: Answers = field(repr=False)
    """Answers of every lane held here."""
    stored: list[StoredRevision] = field(repr=False)
    divided: bool
    reasons: Mapping[RevisionId, str] = field(default_factory=dict, repr=False)
    """Why revisions take the report back, of those that do."""
    drafted: int = 0
    """UTC seconds at which the open draft was last saved; 0 without one."""
    strange: str = ""
    """What is to be said when the form is one this program does not have."""


def _read(session: Session, line: Line, eldest: Collection[DeviceId]) -> _Read:
    stored = [] if line.incident is None else session.vault.revisions.of_incident(line.incident)
    incident = incident_of(stored, eldest)
    divided = incident is not None and incident.divided
    reasons = _reasons(incident)
    if line.has_draft:
        kept = session.vault.drafts.load(line.number)
        return _Read(
            form=load_form(kept.draft.form_id),
            whole=kept.draft.answers,
            stored=stored,
            divided=divided,
            reasons=reasons,
            drafted=kept.updated,
        )
    if incident is None:
        return _Read(form=incident_form(), whole={}, stored=stored, divided=divided)
    content = standing(incident).content
    form = form_of(content.form_id)
    called = clean(content.form_id, one_line=True)
    return _Read(
        form=incident_form() if form is None else form,
        whole=whole_answers(incident, stored),
        stored=stored,
        divided=divided,
        reasons=reasons,
        strange=f"it was filled in with the form {called!r}, which this program lacks"
        if form is None
        else "",
    )


def _reasons(incident: Incident | None) -> dict[RevisionId, str]:
    known = {} if incident is None else incident.graph.revisions
    return {id_: why for id_, one in known.items() if (why := clean(one.content.withdrawn).strip())}


def policy_of(session: Session) -> int:
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


def _divide(read: _Read) -> tuple[Answers, Answers, tuple[str, ...]]:
    """Main-lane answers, those of *sources*, and what is to be said about answers that fit nowhere."""
    main = main_only(read.form, read.whole)
    if read.strange:
        return main, {}, (read.strange,)
    try:
        return main, split(read.form, read.whole).get(Lane.SOURCES, {}), ()
    except AnswersError:
        # A hostile or newer revision. Nothing is guessed: what has no lane of its own is not shown.
        return main, {}, ("some of its answers fit no question of the form and are not shown",)


def _as_read(line: Line, read: _Read) -> Line:
    author = first_of(read.stored).author if read.stored else None
    return replace(line, headline=_headline(read), author=author)
