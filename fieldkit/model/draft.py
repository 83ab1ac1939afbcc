"""A draft: what is being written, before anyone signs it. Every operation gives a new draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from fieldkit.model.codec import normalise
from fieldkit.model.ids import IncidentId, RevisionId
from fieldkit.model.revision import ClockConfidence, Content, Revision
from fieldkit.model.values import Answers, Path, Value, copy_answers, copy_value, items_of

Unread: TypeAlias = Mapping[Path, str]
"""Text that could not be read as an answer, as typed, by its place. It is kept and never sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Answers on their way to a revision, and the revisions they grew from."""

    form_id: str
    form_version: int
    answers: Answers = field(default_factory=dict, repr=False)
    unread: Unread = field(default_factory=dict, repr=False)
    base: tuple[RevisionId, ...] = ()
    """What the next revision will name as parents; none for a new incident."""
    incident: IncidentId | None = None
    """Known once there is a first revision."""
    language: str = ""
    sensitivity: int = 0

    @property
    def title(self) -> str:
        """The title so far, empty before there is one."""
        title = self.answers.get("title")
        return title if isinstance(title, str) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What the moment of finishing adds to a draft: who, when, how sure of the clock."""

    created: int
    """UTC seconds."""
    utc_offset: int
    """Minutes east of UTC."""
    clock: ClockConfidence
    reporter: str
    """Pseudonym."""


def draft_from(revision: Revision, answers: Answers | None = None) -> Draft:
    """A draft that continues a revision, with its answers or with those given (joined from several lanes)."""
    content = revision.content
    return Draft(
        form_id=content.form_id,
        form_version=content.form_version,
        answers=copy_answers(content.answers if answers is None else answers),
        base=(revision.id,),
        incident=revision.incident,
        language=content.language,
        sensitivity=content.sensitivity,
    )


def set_answer(draft: Draft, name: str, value: Value) -> Draft:
    """The draft with one answer set; text that could not be read there goes."""
    answers = {**copy_answers(draft.answers), name: copy_value(value)}
    return replace(draft, answers=answers, unread=_unread_without(draft, name))


def clear_answer(draft: Draft, name: str) -> Draft:
    """The draft without one answer, read or not; no change when there was none."""
    answers = {key: copy_value(kept) for key, kept in draft.answers.items() if key != name}
    return replace(draft, answers=answers, unread=_unread_without(draft, name))


def add_item(draft: Draft, repeat: str, item: Answers | None = None) -> Draft:
    """The draft with one more item at the end of a repeat."""
    return _with_items(draft, repeat, [*items_of(draft.answers, repeat), item or {}])


def remove_item(draft: Draft, repeat: str, index: int) -> Draft:
    """The draft without one item of a repeat. Raises IndexError when there is no such item."""
    items = items_of(draft.answers, repeat)
    del items[_existing(items, repeat, index)]
    return _with_items(draft, repeat, items)


def set_in_item(draft: Draft, repeat: str, index: int, name: str, value: Value) -> Draft:
    """The draft with one answer set inside an item. Raises IndexError when there is no such item."""
    items = items_of(draft.answers, repeat)
    items[_existing(items, repeat, index)] = {**items[index], name: value}
    return _with_items(draft, repeat, items)


def clear_in_item(draft: Draft, repeat: str, index: int, name: str) -> Draft:
    """The draft without one answer of an item. Raises IndexError when there is no such item."""
    items = items_of(draft.answers, repeat)
    kept = {key: value for key, value in items[_existing(items, repeat, index)].items() if key != name}
    items[index] = kept
    return _with_items(draft, repeat, items)


def merged_into(draft: Draft, other: RevisionId) -> Draft:
    """The draft, naming one more revision as a parent: what a person does after looking at a merge."""
    return draft if other in draft.base else replace(draft, base=(*draft.base, other))


def finish(draft: Draft, signing: Signing) -> Content:
    """The content to sign.

    Texts are cleaned and NFC here, once; after this nothing changes a letter of them.
    """
    return Content(
        form_id=draft.form_id,
        form_version=draft.form_version,
        answers=normalise(draft.answers),
        parents=draft.base,
        created=signing.created,
        utc_offset=signing.utc_offset,
        clock=signing.clock,
        language=draft.language,
        sensitivity=draft.sensitivity,
        reporter=signing.reporter,
    )


def withdrawal(revision: Revision, reason: str, signing: Signing) -> Content:
    """The content that takes a report back: no answers, one parent, a reason.

    Raises ValueError when the reason is empty, because an empty one means that nothing is withdrawn.
    """
    if not reason.strip():
        raise ValueError("a withdrawal needs a reason, even a short one such as 'sent by mistake'")
    content = finish(
        Draft(form_id=revision.content.form_id, form_version=revision.content.form_version), signing
    )
    reasoned = normalise({"reason": reason.strip()})["reason"]
    return replace(
        content,
        parents=(revision.id,),
        withdrawn=str(reasoned),
        language=revision.content.language,
        sensitivity=revision.content.sensitivity,
    )


def _existing(items: list[Answers], repeat: str, index: int) -> int:
    if not 0 <= index < len(items):
        raise IndexError(f"{repeat} has {len(items)} items, there is no number {index + 1}")
    return index


def _with_items(draft: Draft, repeat: str, items: list[Answers]) -> Draft:
    answers = copy_answers(draft.answers)
    answers.pop(repeat, None)
    if items:
        answers[repeat] = [copy_value(item) for item in items]
    return replace(draft, answers=answers)


def _unread_without(draft: Draft, name: str) -> Unread:
    return {place: text for place, text in draft.unread.items() if place[0] != name}
