"""Where in a form somebody is: a page, or one item of a repeat. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldkit.forms.definition import Form, Group, Question, Repeat, walk
from fieldkit.forms.views import Page
from fieldkit.model.values import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A page of a form, or one item of it."""

    page: str
    item: int | None = None
    """Index of an item of a repeat; None on a page itself, which for a repeat is its list of items."""


def page_names(form: Form) -> dict[str, str]:
    """The page of every question and of every repeat, by its name: what `Writer.pages` calls them."""
    found: dict[str, str] = {}
    for node in form.children:
        top = node.name if isinstance(node, Group) else ""
        for inner in walk((node,)):
            if isinstance(inner, Question):
                repeat = form.placed[inner.name].repeat
                found[inner.name] = top if repeat is None else repeat.name
            elif isinstance(inner, Repeat):
                found[inner.name] = inner.name
    return found


def where_is(pages: dict[str, str], place: Path) -> Where:
    """Where a place of the answers is shown."""
    item = place[1] if len(place) > 1 and isinstance(place[1], int) else None
    return Where(page=pages.get(str(place[-1]), str(place[0])), item=item)


def beside(pages: Sequence[Page], here: Where, by: int) -> Where | None:
    """One page on or back; within a repeat one item on or back, and behind its last the next page.

    None at either end of the form.
    """
    at = index_of(pages, here.page)
    if at is None:
        return Where(page=pages[0].name) if pages else None
    if here.item is not None:
        if 0 <= here.item + by < pages[at].items:
            return Where(page=here.page, item=here.item + by)
        if by < 0:
            return Where(page=here.page)
    to = at + by
    return Where(page=pages[to].name) if 0 <= to < len(pages) else None


def index_of(pages: Sequence[Page], name: str) -> int | None:
    """The number of a page, from 0."""
    return next((number for number, page in enumerate(pages) if page.name == name), None)


def still_there(pages: Sequence[Page], here: Where) -> Where:
    """Where somebody is after something came or went: an item that is gone leaves its list, a page that is
    gone the first one.
    """
    at = index_of(pages, here.page)
    if at is None:
        return Where(page=pages[0].name) if pages else here
    gone = here.item is not None and here.item >= pages[at].items
    return Where(page=here.page) if gone else here


def list_changed(before: Sequence[Page], after: Sequence[Page], places: Iterable[Path]) -> Where | None:
    """The repeat whose items came, went or moved, and the first of those items; None for mere answers."""
    items: dict[str, set[int]] = {}
    for place in places:
        if len(place) > 1 and isinstance(place[1], int):
            items.setdefault(str(place[0]), set()).add(place[1])
    counted = {page.name: page.items for page in before}
    for page in after:
        touched = items.get(page.name, set())
        if page.items != counted.get(page.name, page.items) or len(touched) > 1:
            return Where(page=page.name, item=min(touched, default=0))
    return None
