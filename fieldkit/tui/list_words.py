"""What the list says before and after something is done to reports. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.tui.ports.reports import Line, Outcome

UNDO_WORDS = "^Z brings the last one back, for an hour"
NOTHING_TO_DISCARD = "Nothing to discard: no draft is selected. A sent report is taken back with w."
NOTHING_TO_WITHDRAW = "Nothing to withdraw: no report of yours that was finished is selected."
NOTHING_TO_HASTEN = "Nothing to mark: only drafts and reports that wait can go first."
REASON = "why, for the coordinators"
TAKEN_BACK = (
    "This report was withdrawn. If you change it and finish it, it is sent again and counts again;"
    " coordinators see both. Nothing is sent before you finish it."
)
NOT_YOURS = (
    "Somebody else wrote this report. What you change and finish is signed with your name and stands beside"
    " what they wrote; nothing of theirs is lost. Nothing is sent before you finish it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be done, and to which reports."""

    lines: tuple[Line, ...]
    question: str
    sentences: str


def reports(count: int, word: str = "report") -> str:
    """A number with its word."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def before_changing(line: Line) -> str:
    """What has to be known before a report is changed; empty for most, and where it is being changed."""
    if line.has_draft:
        return ""
    said = [TAKEN_BACK] if line.state == "withdrawn" else []
    return " ".join([*([] if line.own else [NOT_YOURS]), *said])


def discarded_what(meant: Sequence[Line]) -> str:
    """How what was discarded is called: of a report that was sent before, only the changes went."""
    lines = [line for line in meant if line.has_draft]
    only_changes = bool(lines) and all(line.state != "draft" for line in lines)
    return "Discarded the changes to" if only_changes else "Discarded"


def discarding(meant: Sequence[Line]) -> Plan:
    """Throw drafts away; what was never a draft is left out, and that is said."""
    lines = tuple(line for line in meant if line.has_draft)
    sent = sum(line.state != "draft" for line in lines)
    said = [
        f"This discards {_named(lines)}. ^Z brings back what was discarded for an hour; then it is erased."
    ]
    if sent:
        said.append(f"Of {reports(sent)} that was sent before only the changes go; what was sent stays.")
    return Plan(
        lines=lines,
        question=f"Discard {reports(len(lines), 'draft')}?",
        sentences=" ".join([*said, *_passed_over(meant, lines, "has no draft", "have no draft")]),
    )


def withdrawing(meant: Sequence[Line]) -> Plan:
    """Take sent reports back."""
    lines = tuple(line for line in meant if line.own and line.state not in ("draft", "withdrawn"))
    said = [
        f"This takes back {_named(lines)}. It adds a record that says so and why; it deletes nothing:"
        " who has a report already keeps it, marked as withdrawn. It goes out with the next sync."
    ]
    return Plan(
        lines=lines,
        question=f"Withdraw {reports(len(lines))}?",
        sentences=" ".join([*said, *_passed_over(meant, lines, "cannot be", "cannot be")]),
    )


def hastening(meant: Sequence[Line]) -> Plan:
    """Let reports go first."""
    lines = tuple(line for line in meant if line.has_draft or line.state == "waiting")
    drafts = sum(line.has_draft for line in lines)
    waiting = len(lines) - drafts
    said = []
    if drafts:
        said.append(f"{reports(drafts, 'draft')} will say “life at risk”, which coordinators see too.")
    if waiting:
        verb = "is" if waiting == 1 else "are"
        said.append(f"{reports(waiting, 'waiting report')} {verb} sent before the others, unchanged.")
    return Plan(
        lines=lines,
        question=f"Mark {reports(len(lines))} as urgent?",
        sentences=" ".join([*said, *_passed_over(meant, lines, "was sent already", "were sent already")]),
    )


def did(verb: str, outcome: Outcome, after: str = "") -> str:
    """What was done, and what was not and why."""
    said = []
    if outcome.done:
        one = f" {outcome.done[0]:04d}" if len(outcome.done) == 1 else ""
        what = f"report{one}" if one else reports(len(outcome.done))
        said.append(f"{verb} {what}.{f' {after}.' if after else ''}")
    return " ".join([*said, *outcome.troubles])


def _named(lines: Sequence[Line]) -> str:
    """The first numbers, so that nobody hits another report than the one meant."""
    shown = ", ".join(f"{line.number:04d}" for line in lines[:6])
    return f"{shown} and {len(lines) - 6} more" if len(lines) > 6 else shown


def _passed_over(meant: Sequence[Line], lines: Sequence[Line], one: str, many: str) -> list[str]:
    left = len(meant) - len(lines)
    if not left:
        return []
    return [f"{reports(left, 'other report')} {one if left == 1 else many}; nothing is done there."]
