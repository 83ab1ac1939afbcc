"""The revision graph of an incident."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.model.graph import RevisionGraph, incident_of
from fieldkit.model.incident import assemble
from fieldkit.model.revision import Revision
from tests.model.revisions import iid, revision, rid

#   a — b — c — f      (f joins c and e)
#    \— d — e —/
DIAMOND = [
    revision("a", created=1),
    revision("b", "a", created=2),
    revision("c", "b", created=3),
    revision("d", "a", created=4),
    revision("e", "d", created=5),
    revision("f", "c", "e", created=6),
]


def test_heads_children_and_ancestors() -> None:
    """Who follows whom."""
    graph = RevisionGraph.of(DIAMOND)
    assert [head.id for head in graph.heads()] == [rid("f")]
    assert [child.id for child in graph.children(rid("a"))] == [rid("b"), rid("d")]
    assert graph.ancestors(rid("e")) == {rid("d"), rid("a")}
    assert graph.missing() == frozenset()


def test_divided_history_has_two_heads_newest_first() -> None:
    """Both heads are kept."""
    graph = RevisionGraph.of(DIAMOND[:-1])
    assert [head.id for head in graph.heads()] == [rid("e"), rid("c")]


@pytest.mark.parametrize(
    ("left", "right", "base"),
    [("c", "e", "a"), ("b", "c", "b"), ("f", "e", "e"), ("c", "c", "c"), ("f", "b", "b")],
)
def test_common_ancestor(left: str, right: str, base: str) -> None:
    """The nearest revision both grew from, and the same in either order."""
    graph = RevisionGraph.of(DIAMOND)
    for pair in ((left, right), (right, left)):
        found = graph.common_ancestor(rid(pair[0]), rid(pair[1]))
        assert found is not None
        assert found.id == rid(base)


def test_crossed_merges_take_the_newest_base() -> None:
    """Two nearest ancestors: every reader takes the same."""
    crossed = [*DIAMOND[:5], revision("x", "c", "e", created=7), revision("y", "e", "c", created=8)]
    found = RevisionGraph.of(crossed).common_ancestor(rid("x"), rid("y"))
    assert found is not None
    assert found.id == rid("e")


def test_missing_parents_stop_nothing() -> None:
    """A gap is reported, the rest goes on."""
    graph = RevisionGraph.of([DIAMOND[2], DIAMOND[4]])
    assert graph.missing() == {rid("b"), rid("d")}
    assert {head.id for head in graph.heads()} == {rid("c"), rid("e")}
    assert graph.common_ancestor(rid("c"), rid("e")) is None


def test_incident_is_the_first_of_first_parents() -> None:
    """A merge of two incidents' revisions belongs to the one its first parent belongs to."""
    parents = {rid("a"): (), rid("z"): (), rid("b"): (rid("a"),), rid("m"): (rid("b"), rid("z"))}
    assert incident_of(rid("m"), parents) == iid("a")
    assert incident_of(rid("q"), parents) is None
    assert incident_of(rid("r"), {rid("r"): (rid("gone"),)}) is None
    assert incident_of(rid("s"), {rid("s"): (rid("t"),), rid("t"): (rid("s"),)}) is None


@given(st.permutations(DIAMOND))
def test_order_of_arrival_does_not_matter(arrived: list[Revision]) -> None:
    """Frames come in any order; the graph is the same."""
    assert RevisionGraph.of(arrived).heads() == RevisionGraph.of(DIAMOND).heads()


def test_rings_end() -> None:
    """Forged parents in a ring do not hang a reader, and the incident is left out."""
    ring = [revision("p", "q"), revision("q", "p")]
    graph = RevisionGraph.of(ring)
    assert graph.heads() == ()
    assert graph.ancestors(rid("p")) == {rid("q")}
    assert assemble(ring) == {}
