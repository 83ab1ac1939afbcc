"""Between a draft's answers and the signed bytes of each lane, in both directions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from fieldkit.forms.builtin import incident_form
from fieldkit.forms.definition import Form
from fieldkit.forms.lanes import join, split
from fieldkit.model.codec import decode_lane_part, decode_main, encode_lane_part, encode_main
from fieldkit.model.ids import Lane, RevisionId
from fieldkit.model.incident import Incident, assemble
from fieldkit.model.revision import Content, LanePart, Revision
from fieldkit.model.values import Answers, text_of
from fieldkit.vault.finishing import Finished
from fieldkit.vault.incidents import Headline
from fieldkit.vault.revisions import StoredRevision
from sync.protocol.compression import squeeze
from sync.protocol.encoding import decode, encode
from sync.protocol.ids import Device, Organisation, revision_id
from sync.protocol.limits import PLAIN_BYTES
from sync.protocol.padding import padded_size
from sync.protocol.records import RecordType, encode_plain

PLACE_QUESTIONS = ("town", "subdist", "district", "gov")
"""The most exact place that was named is what a list shows."""

FRAME_OVERHEAD = 175
"""Bytes of a record frame and its envelope beside the padded body: header, tag, signature, heads."""


def form_of(form_id: str) -> Form | None:
    """The form a record was filled in with, when this program has it."""
    form = incident_form()
    return form if form_id == form.id else None


def headline(answers: Answers) -> Headline:
    """What a list shows of a report."""
    place = next((found for name in PLACE_QUESTIONS if (found := text_of(answers, name))), "")
    return Headline(title=text_of(answers, "title"), place=place)


def finished(content: Content, organisation: Organisation, device: Device) -> Finished:
    """The signed bytes of every lane: what belongs to *sources* is divided from the report here."""
    form = form_of(content.form_id)
    by_lane = {Lane.MAIN: content.answers} if form is None else split(form, content.answers)
    main = encode(encode_main(replace(content, answers=by_lane.pop(Lane.MAIN))))
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
        headline=headline(content.answers),
        withdraws=bool(content.withdrawn),
    )


def sending_cost(parts: Finished) -> int:
    """Bytes its frames will weigh, without the epoch frame that some exchange begins with."""
    total = 0
    for lane, raw in parts.parts.items():
        type_ = RecordType.REVISION if lane == Lane.MAIN else RecordType.PART
        plain = encode_plain(type_, cast(dict[Any, Any], decode(raw, limit=PLAIN_BYTES)))
        total += padded_size(len(squeeze(plain)) + 1) + FRAME_OVERHEAD
    return total


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


def incident_of(revisions: list[StoredRevision]) -> Incident | None:
    """The incident that some stored revisions make up; None when there is none."""
    return next(iter(assemble(revision_of(stored) for stored in revisions).values()), None)


def whole_answers(revision: Revision, stored: StoredRevision) -> Answers:
    """The answers of a revision with those of other lanes put back in their places."""
    form = form_of(revision.content.form_id)
    main = revision.content.answers
    return main if form is None else join(form, main, parts_of(stored))
