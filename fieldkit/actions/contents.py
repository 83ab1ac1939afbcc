"""Between a draft's answers and the signed bytes of each lane, in both directions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from fieldkit.actions.errors import InputProblem
from fieldkit.actions.listing import listing
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.definition import Form
from fieldkit.forms.lanes import join, split
from fieldkit.model.codec import decode_lane_part, decode_main, encode_lane_part, encode_main
from fieldkit.model.ids import DeviceId, Lane, RevisionId
from fieldkit.model.incident import Incident, assemble
from fieldkit.model.revision import Content, LanePart, Revision
from fieldkit.model.values import Answers
from fieldkit.vault.finishing import Finished
from fieldkit.vault.revisions import StoredRevision
from sync.protocol.encoding import decode, encode
from sync.protocol.ids import Device, Organisation, revision_id
from sync.protocol.limits import PLAIN_BYTES


def form_of(form_id: str) -> Form | None:
    """The form a record was filled in with, when this program has it."""
    form = incident_form()
    return form if form_id == form.id else None


def load_form(form_id: str = "incident") -> Form:
    """A form by id. Raises InputProblem when this program has none of that name."""
    form = form_of(form_id)
    if form is None:
        raise InputProblem(
            f"there is no form {form_id!r} here", f"the built-in form is {incident_form().id!r}"
        )
    return form


def finished(content: Content, organisation: Organisation, device: Device) -> Finished:
    """The signed bytes of every lane: what belongs to *sources* is divided from the report here."""
    form = form_of(content.form_id)
    by_lane = {Lane.MAIN: content.answers} if form is None else split(form, content.answers)
    main_answers = by_lane.pop(Lane.MAIN)
    main = encode(encode_main(replace(content, answers=main_answers)))
    revision = RevisionId(revision_id(organisation, device, main))
    parts = {int(Lane.MAIN): main}
    for lane, answers in by_lane.items():
        part = LanePart(
            lane=lane,
            revision=revision,
            form_id=content.form_id,
            form_version=content.form_version,
            answers=answers,
        )
        parts[int(lane)] = encode(encode_lane_part(part))
    return Finished(
        id=revision,
        parents=content.parents,
        created=content.created,
        parts=parts,
        headline=replace(listing(form, main_answers), reporter=content.reporter),
        withdraws=bool(content.withdrawn),
    )


def revision_of(stored: StoredRevision) -> Revision:
    """A stored revision as the model sees it. Raises InvalidBody for one that cannot be read."""
    content = decode_main(decode(stored.parts[Lane.MAIN], limit=PLAIN_BYTES))
    return Revision(id=stored.id, incident=stored.incident, author=stored.author, content=content)


def parts_of(stored: StoredRevision) -> dict[Lane, Answers]:
    """The answers of a revision's lanes other than main."""
    return {
        Lane(lane): decode_lane_part(decode(raw, limit=PLAIN_BYTES), Lane(lane)).answers
        for lane, raw in stored.parts.items()
        if lane != Lane.MAIN
    }


def incident_of(revisions: list[StoredRevision], seniors: Collection[DeviceId] = ()) -> Incident | None:
    """The incident that some stored revisions make up; None when there is none.

    A reporter's revision takes the place of that reporter's own alone, a senior's of anybody's: else whoever
    learns an id could replace another's report. For the same reason whoever began the report, and seniors,
    come first among those who have the last word, whatever time the others claim.
    """
    authors = {stored.id: stored.author for stored in revisions}

    def placed(stored: StoredRevision) -> Revision:
        revision = revision_of(stored)
        if stored.author in seniors:
            return revision
        own = tuple(id_ for id_ in revision.parents if authors.get(id_, stored.author) == stored.author)
        return replace(revision, content=replace(revision.content, parents=own))

    incident = next(iter(assemble(map(placed, revisions)).values()), None)
    if incident is None:
        return None
    first = first_of(revisions).author
    heads = sorted(incident.heads, key=lambda head: head.author != first and head.author not in seniors)
    return replace(incident, heads=tuple(heads))


def first_of(revisions: list[StoredRevision]) -> StoredRevision:
    """The revision a report is named after, whose author it has; the oldest where that has not come.

    Not simply the oldest: times are claims.
    """
    return next((one for one in revisions if bytes(one.id) == bytes(one.incident)), revisions[0])


def standing(incident: Incident) -> Revision:
    """The revision whose answers count: the current one, or what a withdrawal took back."""
    shown = incident.current
    seen = {shown.id}
    while shown.content.withdrawn and not shown.content.answers:
        arrived = (incident.graph.revisions.get(parent) for parent in shown.parents)
        ahead = next((parent for parent in arrived if parent and parent.id not in seen), None)
        if ahead is None:
            break
        shown = ahead
        seen.add(shown.id)
    return shown


def whole_answers(incident: Incident, revisions: list[StoredRevision]) -> Answers:
    """The answers that count, with those of other lanes put back in their places."""
    shown = standing(incident)
    form, main = form_of(shown.content.form_id), shown.content.answers
    if form is None:
        return main
    return join(form, main, parts_of(next(stored for stored in revisions if stored.id == shown.id)))
