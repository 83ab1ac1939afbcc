"""Where one is in a form, and what is beside it."""

from __future__ import annotations

import pytest

from fieldkit.actions.contents import load_form
from fieldkit.forms.views import Mark, Page
from fieldkit.tui.form_place import Where, beside, index_of, list_changed, page_names, still_there, where_is


def page(name: str, *, items: int = 0, repeat: bool = False) -> Page:
    """A page of that name."""
    return Page(
        name=name,
        label=name.title(),
        hint="",
        repeat=repeat,
        mark=Mark.EMPTY,
        answered=0,
        asked=1,
        required=0,
        required_left=0,
        items=items,
    )


PAGES = (page("core"), page("victims", items=2, repeat=True), page("sources", repeat=True))


@pytest.mark.parametrize(
    ("here", "by", "there"),
    [
        (Where(page="core"), 1, Where(page="victims")),
        (Where(page="victims"), 1, Where(page="sources")),
        (Where(page="victims", item=0), 1, Where(page="victims", item=1)),
        (Where(page="victims", item=1), 1, Where(page="sources")),
        (Where(page="victims", item=1), -1, Where(page="victims", item=0)),
        (Where(page="victims", item=0), -1, Where(page="victims")),
        (Where(page="core"), -1, None),
        (Where(page="sources"), 1, None),
        (Where(page="gone"), 1, Where(page="core")),
    ],
)
def test_beside(here: Where, by: int, there: Where | None) -> None:
    """Items follow each other, then pages; beyond the ends there is nothing."""
    assert beside(PAGES, here, by) == there


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (Where(page="victims", item=1), Where(page="victims", item=1)),
        (Where(page="victims", item=2), Where(page="victims")),
        (Where(page="gone"), Where(page="core")),
    ],
)
def test_still_there(here: Where, there: Where) -> None:
    """An item that is gone leaves its list, a page that is gone the first one."""
    assert still_there(PAGES, here) == there


def test_places_of_the_built_in_form() -> None:
    """A question is on the page of its group, one of an item in that item."""
    names = page_names(load_form())
    assert where_is(names, ("title",)) == Where(page="core")
    assert where_is(names, ("victims", 1, "v_name")) == Where(page="victims", item=1)
    assert where_is(names, ("victims",)) == Where(page="victims")


@pytest.mark.parametrize(
    ("after", "places", "listed"),
    [
        (page("victims", items=2, repeat=True), [("victims", 1, "v_name")], None),
        (page("victims", items=3, repeat=True), [("victims", 2, "v_name")], Where(page="victims", item=2)),
        (page("victims", items=1, repeat=True), [], Where(page="victims", item=0)),
        (
            page("victims", items=2, repeat=True),
            [("victims", 0, "v_name"), ("victims", 1, "vname")],
            Where(page="victims", item=0),
        ),
        (page("victims", items=2, repeat=True), [("title",)], None),
    ],
)
def test_list_changed(after: Page, places: list[tuple[str | int, ...]], listed: Where | None) -> None:
    """An item that came, went or moved shows in the list; an answer in its field."""
    assert list_changed(PAGES, (PAGES[0], after, PAGES[2]), places) == listed


def test_index() -> None:
    """The number of a page, from 0."""
    assert (index_of(PAGES, "sources"), index_of(PAGES, "gone")) == (2, None)
