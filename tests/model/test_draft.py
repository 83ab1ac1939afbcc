"""Drafts: pure operations, and what finishing makes of them."""

from __future__ import annotations

import pytest

from fieldkit.model import draft as drafts
from fieldkit.model.draft import Draft, Signing
from fieldkit.model.revision import ClockConfidence
from tests.model.revisions import iid, revision, rid

START = Draft(
    form_id="incident", form_version=1, answers={"title": "t", "victims": [{"vic": "V1"}]}, language="en"
)
SIGNING = Signing(created=1_790_000_000, utc_offset=180, clock=ClockConfidence.SYSTEM, reporter="north-7")


def test_every_operation_leaves_the_draft_it_was_given() -> None:
    """A draft can be kept for undo, because nothing changes it."""
    before = repr(START.answers)
    assert drafts.set_answer(START, "gov", "Aleppo").answers["gov"] == "Aleppo"
    assert "title" not in drafts.clear_answer(START, "title").answers
    assert drafts.clear_answer(START, "absent").answers == START.answers
    assert drafts.add_item(START, "victims").answers["victims"] == [{"vic": "V1"}, {}]
    assert drafts.set_in_item(START, "victims", 0, "v_name", "x").answers["victims"] == [
        {"vic": "V1", "v_name": "x"}
    ]
    assert drafts.clear_in_item(START, "victims", 0, "vic").answers["victims"] == [{}]
    assert "victims" not in drafts.remove_item(START, "victims", 0).answers
    assert repr(START.answers) == before


def test_items_that_are_not_there() -> None:
    """A wrong number is an error, not another item."""
    for index in (-1, 1):
        with pytest.raises(IndexError, match="victims has 1 items"):
            drafts.remove_item(START, "victims", index)
        with pytest.raises(IndexError):
            drafts.set_in_item(START, "victims", index, "v_name", "x")
        with pytest.raises(IndexError):
            drafts.clear_in_item(START, "victims", index, "vic")


def test_title() -> None:
    """The list shows a title, or nothing while it is missing or odd."""
    assert START.title == "t"
    assert drafts.set_answer(START, "title", 5).title == ""


def test_finish_cleans_and_signs_as_told() -> None:
    """Texts are cleaned once, here; who and when come from outside."""
    messy = drafts.set_answer(START, "narrative", "e\u0301\x1b[2J")
    content = drafts.finish(messy, SIGNING)
    assert content.answers["narrative"] == "é[2J"
    assert (content.created, content.utc_offset, content.reporter) == (1_790_000_000, 180, "north-7")
    assert content.parents == ()


def test_a_draft_continues_a_revision() -> None:
    """Its parents and incident follow; a merge adds the other head once."""
    first = revision("a", answers={"title": "t"})
    draft = drafts.draft_from(first)
    assert (draft.base, draft.incident, draft.answers) == ((rid("a"),), iid("a"), {"title": "t"})
    assert drafts.draft_from(first, {"title": "joined"}).answers == {"title": "joined"}
    merged = drafts.merged_into(drafts.merged_into(draft, rid("b")), rid("b"))
    assert drafts.finish(merged, SIGNING).parents == (rid("a"), rid("b"))


def test_withdrawal() -> None:
    """A withdrawal has a reason, one parent and no answers."""
    content = drafts.withdrawal(revision("a", answers={"title": "t"}), " sent by mistake ", SIGNING)
    assert (content.withdrawn, content.parents, content.answers) == ("sent by mistake", (rid("a"),), {})
    with pytest.raises(ValueError, match="needs a reason"):
        drafts.withdrawal(revision("a"), "  ", SIGNING)
