"""How a report came to be, as lines for the terminal or a file, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldkit.cli import shapes, wording
from fieldkit.cli.cells import wrapped
from fieldkit.cli.output import Json
from fieldkit.cli.report_page import INDENT, LEAST_WRAP, system_language
from fieldkit.model.text import clean
from fieldkit.tui.report_changes import SIGNS, Changed, changes

if TYPE_CHECKING:
    from fieldkit.actions.history import History, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    id: str
    author: str
    created: int
    state: str
    withdraws: str | None
    brings_back: bool
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    number: int
    title: str
    steps: tuple[_Step, ...]


def history_data(found: History) -> dict[str, Json]:
    """The history as `--json` prints it."""
    steps = tuple(
        _Step(
            id=step.id,
            author=step.author,
            created=step.created,
            state=step.state,
            withdraws=step.withdraws,
            brings_back=step.brings_back,
            changes=changes(found.form, step.before, step.after, system_language()),
        )
        for step in found.steps
    )
    return shapes.HISTORY.of(_Told(number=found.number, title=found.title, steps=steps))


def history_page(found: History, width: int | None) -> Iterator[str]:
    """The steps of a report, the latest first, each with what it changed."""
    yield f"{found.number}  {clean(found.title, one_line=True) or '(no title)'}"
    for step in found.steps:
        yield ""
        yield from _step(step)
        told = changes(found.form, step.before, step.after, system_language())
        if not told and step.withdraws is None:
            yield f"{INDENT}nothing in the answers changed"
        for changed in told:
            yield INDENT + changed.label
            yield from _changed(changed, width)


def _step(step: Step) -> Iterator[str]:
    when = wording.moment(step.created)
    if not step.id:
        yield f"{when}  open draft, not finished"
    else:
        yield f"{when}  {clean(step.author, one_line=True) or 'unknown'}  {step.state}  {step.id}"
    if step.withdraws is not None:
        yield f"{INDENT}took the report back: {clean(step.withdraws, one_line=True)}"
    if step.brings_back:
        verb = "brings" if step.id else "would bring"
        yield f"{INDENT}{verb} the report back, which was withdrawn"


def _changed(changed: Changed, width: int | None) -> Iterator[str]:
    for piece in changed.pieces:
        sign = INDENT + INDENT + SIGNS[piece.kind]
        room = None if width is None else max(LEAST_WRAP, width - len(sign))
        for line in piece.text.split("\n") if room is None else wrapped(piece.text, room):
            yield sign + line
