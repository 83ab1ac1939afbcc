"""Revision content and the plain map that is signed: docs/protocol.md, the body of a revision.

Encoding that map to canonical CBOR is the protocol's business. Text is normalised when a revision is made. On
decoding it is taken as it is: what someone signed is never altered, so showing it cleans it (`text.clean`),
not reading it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from fieldkit.model import limits
from fieldkit.model.body_reader import BodyReader, InvalidBody
from fieldkit.model.ids import Lane, RevisionId
from fieldkit.model.revision import ClockConfidence, Content, LanePart
from fieldkit.model.text import clean
from fieldkit.model.values import Answers, Value

__all__ = [
    "Body",
    "InvalidBody",
    "decode_lane_part",
    "decode_main",
    "encode_lane_part",
    "encode_main",
    "normalise",
]

Body: TypeAlias = dict[int, object]
"""A body as plain values, keys as below; absent and empty entries are left out."""

FORM, VERSION, PARENTS, ANSWERS, CREATED, OFFSET, CLOCK, LANGUAGE, SENSITIVITY, REPORTER = range(1, 11)
MAIN_REVISION = 11
WITHDRAWN = 12

MAIN_KEYS = frozenset({*range(1, 11), WITHDRAWN})
LANE_KEYS = frozenset({FORM, VERSION, ANSWERS, MAIN_REVISION})


def normalise(answers: Answers) -> Answers:
    """Answers with every text cleaned and in NFC: done once, when a revision is made."""
    return {name: _normal_value(value) for name, value in answers.items()}


def encode_main(content: Content) -> Body:
    """The body of a main-lane revision. Raises InvalidBody when it would not be accepted back."""
    body: Body = {
        FORM: content.form_id,
        VERSION: content.form_version,
        PARENTS: [bytes(parent) for parent in content.parents],
        ANSWERS: content.answers,
        CREATED: content.created,
        OFFSET: content.utc_offset,
        CLOCK: int(content.clock),
        LANGUAGE: content.language,
        SENSITIVITY: content.sensitivity,
        REPORTER: content.reporter,
        WITHDRAWN: content.withdrawn,
    }
    kept = {
        key: value for key, value in body.items() if value not in ([], {}, "", 0) or key in (VERSION, CREATED)
    }
    decode_main(kept)
    return kept


def decode_main(body: object, *, size: int | None = None) -> Content:
    """The content of a main-lane body, with its own copies of everything.

    With `size` the body is given up: it was read just now from so many bytes, and nothing is copied. Raises
    InvalidBody, and nothing else.
    """
    reader = BodyReader(body, MAIN_KEYS)
    reader.refuse_empty(frozenset({CREATED}))
    clock = reader.integer(CLOCK, low=0, high=max(ClockConfidence), default=0)
    return Content(
        form_id=reader.text(FORM, limits.MAX_LABEL_CHARS, required=True),
        form_version=reader.integer(VERSION, low=1, high=limits.MAX_INTEGER),
        parents=tuple(RevisionId(parent) for parent in reader.ids(PARENTS, limits.MAX_PARENTS)),
        answers=reader.answers(ANSWERS, size=size),
        created=reader.integer(CREATED, low=0, high=limits.MAX_TIME),
        utc_offset=reader.integer(OFFSET, low=-limits.MAX_UTC_OFFSET, high=limits.MAX_UTC_OFFSET, default=0),
        clock=ClockConfidence(clock),
        language=reader.text(LANGUAGE, limits.MAX_LABEL_CHARS),
        sensitivity=reader.integer(SENSITIVITY, low=0, high=limits.MAX_SENSITIVITY, default=0),
        reporter=reader.text(REPORTER, limits.MAX_LABEL_CHARS),
        withdrawn=reader.text(WITHDRAWN, limits.MAX_REASON_CHARS),
    )


def encode_lane_part(part: LanePart) -> Body:
    """The body of a part in another lane. Raises InvalidBody when it would not be accepted back."""
    body: Body = {
        FORM: part.form_id,
        VERSION: part.form_version,
        MAIN_REVISION: bytes(part.revision),
    }
    if part.answers:
        body[ANSWERS] = part.answers
    decode_lane_part(body, part.lane)
    return body


def decode_lane_part(body: object, lane: Lane) -> LanePart:
    """The part a body carries in a lane other than main. Raises InvalidBody, and nothing else."""
    if lane is Lane.MAIN:
        raise InvalidBody("a part belongs to another lane than main")
    reader = BodyReader(body, LANE_KEYS)
    reader.refuse_empty(frozenset())
    return LanePart(
        lane=lane,
        revision=RevisionId(reader.id(MAIN_REVISION)),
        form_id=reader.text(FORM, limits.MAX_LABEL_CHARS, required=True),
        form_version=reader.integer(VERSION, low=1, high=limits.MAX_INTEGER),
        answers=reader.answers(ANSWERS),
    )


def is_lane_part(body: object) -> bool:
    """Whether a body says that it belongs to a main-lane revision."""
    return isinstance(body, Mapping) and MAIN_REVISION in body


def _normal_value(value: Value) -> Value:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_normal_value(part) for part in value]
    if isinstance(value, dict):
        return {name: _normal_value(part) for name, part in value.items()}
    return value
