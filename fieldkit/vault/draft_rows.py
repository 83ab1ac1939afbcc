"""A draft as rows of the database hold it, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from fieldkit.model.draft import Draft, Unread
from fieldkit.model.ids import ID_BYTES, IncidentId, RevisionId
from fieldkit.model.values import Answers
from fieldkit.vault.db import Row
from fieldkit.vault.draft_steps import Said, put_together
from fieldkit.vault.errors import VaultError
from sync.protocol.encoding import decode, encode

ANSWERS_BYTES: Final = 1_048_576
"""A draft's answers encoded: what one record can carry (docs/protocol.md §4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDraft:
    """A draft as it is stored."""

    number: int
    """Local number of the incident it belongs to."""
    draft: Draft
    created: int
    updated: int
    can_undo: bool
    can_redo: bool
    edition: int = 1
    """Grows with every change, whoever makes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One state of a draft to go back to, or forward."""

    answers: Answers = field(repr=False)
    unread: Unread = field(repr=False)


def encode_said(draft: Draft) -> Said:
    """The answers, and what could not be read as answers, as they are stored."""
    unread = encode([[*place, text] for place, text in sorted(draft.unread.items(), key=str)])
    raw = encode(draft.answers)
    size = len(raw) + (len(unread) if draft.unread else 0)
    if size > ANSWERS_BYTES:
        raise VaultError(
            f"expected at most {ANSWERS_BYTES} bytes of answers, got {size}", "split the report in two"
        )
    return raw, unread


def step_of(said: Said) -> Step:
    """A step from what is stored of it."""
    return Step(answers=_answers(said[0]), unread=_unread(said[1]))


def _answers(raw: bytes) -> Answers:
    return cast(Answers, decode(raw, limit=ANSWERS_BYTES))


def _unread(raw: bytes) -> Unread:
    listed = cast("list[list[str | int]]", decode(raw, limit=ANSWERS_BYTES))
    return {tuple(place): str(text) for *place, text in listed}


def stored_of(rows: Sequence[Row]) -> StoredDraft:
    """A draft from its frame, which stands in every row, and the steps it is put together from."""
    number, *frame, created, updated, undo, redo, edition, _, _, _ = rows[0]
    *_, (answers, unread) = put_together((row[-3], row[-2], row[-1]) for row in rows)
    return StoredDraft(
        number=number,
        draft=framed(frame, _answers(answers), _unread(unread)),
        created=created,
        updated=updated,
        can_undo=bool(undo),
        can_redo=bool(redo),
        edition=int(edition),
    )


def framed(frame: Sequence[Any], answers: Answers, unread: Unread) -> Draft:
    """A draft from what it is beside its answers, and these."""
    incident, form_id, form_version, base, language, sensitivity = frame
    return Draft(
        form_id=form_id,
        form_version=form_version,
        answers=answers,
        unread=unread,
        base=tuple(RevisionId(base[at : at + ID_BYTES]) for at in range(0, len(base), ID_BYTES)),
        incident=None if incident is None else IncidentId(incident),
        language=language,
        sensitivity=sensitivity,
    )
