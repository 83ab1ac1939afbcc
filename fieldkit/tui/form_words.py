"""What the form screen says around the questions. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.forms.items import UNDO
from fieldkit.forms.problems import Problem
from fieldkit.forms.views import Card, Change, Field, Page
from fieldkit.model.text import clean, sentence
from fieldkit.model.values import Path
from fieldkit.tui.cells import cells, fitted
from fieldkit.tui.form_place import Where, index_of

__all__ = ["sentence"]

UNDO_KEY = "^Z"
NOTHING_LEFT = "nothing required is missing"
LAST_PAGE = "This is the last page. F9 shows what will be sent."
FIRST_PAGE = "This is the first page."
NO_PROBLEM = "Nothing is missing or wrong. F9 shows what will be sent."
UNDONE = "Taken back"
REDONE = "Brought back"
HOW_TO_HAVE_IT = "^Y brings it back"
NOTHING_TO_UNDO = "There is nothing to take back."
NOTHING_TO_REDO = "There is nothing to bring back."
ALL_SAVED = "Everything you wrote is in the vault on this laptop."
STAYED = (
    "Not left: your last words are only on this screen. Mend it and press F2; the same key again goes"
    " without them."
)
NEXT_VERSION = (
    "This report was finished before. What you change makes a new version beside that one, once you finish"
    " it with F9; leaving without a change leaves no trace."
)
NOT_REVIEWED = "Your last words are only on this screen: mend that first, then F9."
ALL_ITEMS = "Esc shows all of them."
CARD_KEYS = "Letters write nothing here. Enter opens a card or adds one; ^P shows all that can be done."
NO_ITEMS = "None yet. Enter or ^N adds the first one."


def title_line(number: int, title: str, progress: str, width: int) -> str:
    """`0042 Shots at night      2 of 9 required left`: the name always stands, how far it is if it fits."""
    name = f"{number:04d} {clean(title, one_line=True) or '(no title yet)'}"
    room = width - cells(progress) - 2
    return fitted(name, width) if room < 12 else f"{fitted(name, room)}  {progress}"


def progress_words(left: int, required: int, mend: int) -> str:
    """How much is missing, and how much is there that cannot stay as it is."""
    missing = f"{left} of {required} required left" if left else NOTHING_LEFT
    said = f"{missing} · {mend} to mend" if mend else missing
    return f"{said} (F4)" if left or mend else said


def page_words(pages: Sequence[Page], where: Where, cards: Sequence[Card]) -> str:
    """Which page, or which item of it."""
    at = index_of(pages, where.page)
    if at is None:
        return ""
    page = pages[at]
    name = clean(page.label or page.name, one_line=True)
    if where.item is None:
        return f"{name} · page {at + 1} of {len(pages)}"
    card = cards[where.item].label if where.item < len(cards) else ""
    return f"{name} {where.item + 1} of {len(cards)} › {clean(card, one_line=True)}"


def hint_words(pages: Sequence[Page], where: Where) -> str:
    """What the page is for; of an empty repeat also how to begin, of an item how to leave it."""
    at = index_of(pages, where.page)
    if at is None:
        return ""
    page = pages[at]
    if where.item is not None:
        return ALL_ITEMS
    said = [clean(page.hint, one_line=True)] if page.hint else []
    if page.repeat and not page.items:
        said.append(NO_ITEMS)
    return ". ".join(part.rstrip(".") for part in said) + ("." if said else "")


def done(change: Change) -> str:
    """What an act did, as a sentence that names the key of its way back."""
    return sentence(change.said.replace(UNDO, f"{UNDO_KEY} brings it back"))


def turned(done: str, what: Field | Page | None) -> str:
    """What an undo or a redo did: `Taken back (^Y brings it back): Title.` A long name is what is cut."""
    said = f"{done} ({HOW_TO_HAVE_IT})" if done == UNDONE else done
    return f"{said}: {clean(what.label, one_line=True)}." if what and what.label else f"{said}."


def problem_words(problems: Sequence[Problem], place: Path) -> str:
    """`Problem 2 of 5: an answer is required.`"""
    for number, problem in enumerate(problems, start=1):
        if problem.place == place:
            return f"Problem {number} of {len(problems)}: {sentence(problem.message)}"
    return ""
