"""A report as one line of a list. Pure."""

from __future__ import annotations

import re

from textual.content import Content

from fieldkit.model.text import clean
from fieldkit.tui.cells import cells
from fieldkit.tui.ports.reports import Line

# Cells of each column; the title takes what is left, and place and kind go where there is no room for them.
MARK, GLYPH, STATE, NUMBER, DATE = 1, 2, 9, 4, 16
LEAST_TITLE, LEAST_PLACE, MOST_PLACE, KIND = 12, 13, 24, 18

TITLE_BESIDE_AUTHOR = 16
"""Cells of a title that have to be left before it is said who wrote what came from others."""

SELECTED = "*"
"""Stands before a line that was selected."""

URGENT = {1: "soon! ", 2: "urgent! "}
"""Before the title of what has to be sent, and of what others sent: a sign and a word at once."""

NEW = "new"
"""In the place of the state of what was pulled and not read yet."""

NOT_SENT = ("draft", "waiting")
"""States in which urgency still matters to whoever sends."""

WITHDRAWN = "withdrawn"
"""The state that tells nothing of whether the server knows: it is said beside it."""

_MONTHS = re.compile(
    r"\b(January|February|March|April|June|July|August|September|October|November|December)\b"
)


def row(line: Line, width: int, *, selected: bool = False) -> Content:
    """One line of so many cells: sign, state, number, date, title, kind, place. Never markup (R26)."""
    fixed = MARK + GLYPH + STATE + NUMBER + DATE + 4
    place = max(LEAST_PLACE, min(MOST_PLACE, width // 6))
    roomy = width >= fixed + LEAST_TITLE + place + 2
    wide = width >= fixed + 2 * LEAST_TITLE + place + KIND + 3
    room = width - fixed - 1 - (place + 1 if roomy else 0) - (KIND + 1 if wide else 0)
    with_place = roomy and (wide or bool(line.place))
    cells_wide = max(LEAST_TITLE, room if with_place or not roomy else room + place + 1)
    columns = [
        (line.glyph, GLYPH),
        (NEW if line.fresh and line.state != WITHDRAWN else line.state, STATE),
        (f"{line.number:04d}", NUMBER),
        (short_date(line.date), DATE),
        (_called(line, cells_wide, with_kind=not wide), cells_wide),
    ]
    if wide:
        columns.append((line.kind, KIND))
    if with_place:
        columns.append((line.place, place))
    mark = Content(SELECTED if selected else " ")
    return mark + Content(" ").join([_cell(text, wide_as) for text, wide_as in columns])


def short_date(words: str) -> str:
    """A date in words with the months' first three letters: how sure it is must not be cut off."""
    return _MONTHS.sub(lambda found: found[0][:3], words)


def left_words(line: Line) -> str:
    """How many answers an open draft lacks, or what keeps a report from arriving; else empty."""
    said = []
    if line.stuck:
        said.append("refused")
    elif line.unsent and line.state == WITHDRAWN:
        said.append("not sent yet")
    if line.fresh and line.state == WITHDRAWN:
        said.append(NEW)
    if line.has_draft and line.state != "draft":
        said.append("being changed")
    if line.missing:
        said.append(f"{line.missing} missing")
    return ", ".join(said)


def _called(line: Line, width: int, *, with_kind: bool) -> str:
    """The title, shortened so that what is missing always shows."""
    name = clean(line.title, one_line=True) or (clean(line.kind, one_line=True) if with_kind else "")
    matters = line.state in NOT_SENT or line.has_draft or not line.own
    urgent = URGENT.get(line.urgency, "") if matters else ""
    told, left = f"{urgent}{name or '(no title)'}", left_words(line)
    author = "" if line.own else clean(line.author, one_line=True)
    if author and width - cells(author) - cells(left) - 6 >= TITLE_BESIDE_AUTHOR:
        left = f"{left}, {author}" if left else author
    if not left:
        return told
    room = width - cells(left) - 3
    if room < LEAST_TITLE // 2:
        return f"{urgent}{left}"
    return f"{Content(told).truncate(room, ellipsis=True).plain} · {left}"


def _cell(text: str, width: int) -> Content:
    return Content(clean(text, one_line=True)).truncate(width, ellipsis=True, pad=True)
