"""Merge proposals: what both agree on is joined, what they do not is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.model.merge import Conflict, Place, UnresolvedConflict, propose, resolve
from fieldkit.model.values import Answers, Value

KEYS = {"victims": "vic"}

AGREED: list[tuple[str, Answers, Answers, Answers, Answers]] = [
    ("one side changed", {"a": 1}, {"a": 2}, {"a": 1}, {"a": 2}),
    ("other side changed", {"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}),
    ("both made the same change", {"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}),
    ("one side removed", {"a": 1, "b": 1}, {"b": 1}, {"a": 1, "b": 1}, {"b": 1}),
    ("each added another", {}, {"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
    (
        "a date is one thing",
        {"d": ["2026"]},
        {"d": ["2026-10", "Oct"]},
        {"d": ["2026"]},
        {"d": ["2026-10", "Oct"]},
    ),
    (
        "different questions of one victim",
        {"victims": [{"vic": "V1"}]},
        {"victims": [{"vic": "V1", "v_name": "x"}]},
        {"victims": [{"vic": "V1", "v_home": "y"}]},
        {"victims": [{"vic": "V1", "v_name": "x", "v_home": "y"}]},
    ),
    (
        "matched by code, not by place",
        {"victims": [{"vic": "V1"}, {"vic": "V2"}]},
        {"victims": [{"vic": "V2", "v_name": "two"}, {"vic": "V1"}]},
        {"victims": [{"vic": "V1", "v_name": "one"}, {"vic": "V2"}]},
        {"victims": [{"vic": "V2", "v_name": "two"}, {"vic": "V1", "v_name": "one"}]},
    ),
    (
        "each added a victim",
        {},
        {"victims": [{"vic": "V1"}]},
        {"victims": [{"vic": "V2"}]},
        {"victims": [{"vic": "V1"}, {"vic": "V2"}]},
    ),
    (
        "a victim removed and left alone",
        {"victims": [{"vic": "V1"}, {"vic": "V2"}]},
        {"victims": [{"vic": "V2"}]},
        {"victims": [{"vic": "V1"}, {"vic": "V2"}]},
        {"victims": [{"vic": "V2"}]},
    ),
    ("all victims removed", {"victims": [{"vic": "V1"}]}, {}, {"victims": [{"vic": "V1"}]}, {}),
    (
        "without codes, by place",
        {"victims": [{"v_name": "x"}]},
        {"victims": [{"v_name": "x", "v_home": "h"}]},
        {"victims": [{"v_name": "y"}]},
        {"victims": [{"v_name": "y", "v_home": "h"}]},
    ),
]


@pytest.mark.parametrize(
    ("name", "base", "ours", "theirs", "merged"), AGREED, ids=[case[0] for case in AGREED]
)
def test_agreed(name: str, base: Answers, ours: Answers, theirs: Answers, merged: Answers) -> None:
    """Nothing to decide."""
    proposal = propose(base, ours, theirs, KEYS)
    assert proposal.conflicts == ()
    assert proposal.agreed == merged
    assert resolve(proposal, {}) == merged


CONFLICTS: list[tuple[str, Answers | None, Answers, Answers, Conflict]] = [
    ("both changed", {"a": 1}, {"a": 2}, {"a": 3}, Conflict(place=("a",), base=1, ours=2, theirs=3)),
    ("changed and removed", {"a": 1}, {}, {"a": 3}, Conflict(place=("a",), base=1, ours=None, theirs=3)),
    ("no base", None, {"a": 2}, {"a": 3}, Conflict(place=("a",), base=None, ours=2, theirs=3)),
    (
        "in a victim",
        {"victims": [{"vic": "V1", "v_age": {"min": 30}}]},
        {"victims": [{"vic": "V1", "v_age": {"min": 31}}]},
        {"victims": [{"vic": "V1", "v_age": {"min": 32}}]},
        Conflict(place=("victims", "V1", "v_age"), base={"min": 30}, ours={"min": 31}, theirs={"min": 32}),
    ),
    (
        "victim removed and changed",
        {"victims": [{"vic": "V1", "v_name": "x"}]},
        {},
        {"victims": [{"vic": "V1", "v_name": "y"}]},
        Conflict(
            place=("victims", "V1"),
            base={"vic": "V1", "v_name": "x"},
            ours=None,
            theirs={"vic": "V1", "v_name": "y"},
        ),
    ),
]


@pytest.mark.parametrize(
    ("name", "base", "ours", "theirs", "conflict"), CONFLICTS, ids=[case[0] for case in CONFLICTS]
)
def test_conflicts(
    name: str, base: Answers | None, ours: Answers, theirs: Answers, conflict: Conflict
) -> None:
    """Both values are shown; choosing a side gives that side back."""
    proposal = propose(base, ours, theirs, KEYS)
    assert proposal.conflicts == (conflict,)
    assert resolve(proposal, {conflict.place: conflict.ours}) == ours
    assert resolve(proposal, {conflict.place: conflict.theirs}) == theirs


def test_a_person_must_decide() -> None:
    """Nothing is merged with a question open, and no answer is made up."""
    proposal = propose({"a": 1}, {"a": 2}, {"a": 3}, KEYS)
    with pytest.raises(UnresolvedConflict, match="no decision for a"):
        resolve(proposal, {})
    with pytest.raises(UnresolvedConflict, match="without a conflict"):
        resolve(proposal, {("a",): 2, ("b",): 1})
    removed = propose({"victims": [{"vic": "V1"}]}, {}, {"victims": [{"vic": "V1", "v_name": "y"}]}, KEYS)
    with pytest.raises(UnresolvedConflict, match="whole item"):
        resolve(removed, {("victims", "V1"): "text"})


values: st.SearchStrategy[Value] = st.integers(0, 3) | st.sampled_from(["x", "y"])
victims = st.lists(
    st.fixed_dictionaries(
        {"vic": st.sampled_from(["V1", "V2", "V3"])}, optional={"v_name": values, "v_home": values}
    ),
    max_size=3,
    unique_by=lambda victim: str(victim["vic"]),
)
trees = st.fixed_dictionaries({}, optional={"a": values, "b": values, "victims": victims.filter(bool)})


def by_code(tree: Answers) -> Answers:
    """A tree whose victims stand in the order of their codes."""
    found = dict(tree)
    people = found.get("victims")
    if isinstance(people, list):
        found["victims"] = sorted(
            people, key=lambda victim: str(victim["vic"]) if isinstance(victim, dict) else ""
        )
    return found


@given(trees, trees)
def test_unchanged_side_yields(base: Answers, theirs: Answers) -> None:
    """If one side changed nothing, the merge is the other side, whatever it did."""
    proposal = propose(base, base, theirs, KEYS)
    assert proposal.conflicts == ()
    assert by_code(proposal.agreed) == by_code(theirs)


@given(trees, trees, trees)
def test_choosing_one_side_everywhere_never_invents(base: Answers, ours: Answers, theirs: Answers) -> None:
    """Every answer in the result stood on one of the two sides."""
    proposal = propose(base, ours, theirs, KEYS)
    decisions: dict[Place, Value | None] = {conflict.place: conflict.ours for conflict in proposal.conflicts}
    merged = resolve(proposal, decisions)
    for name in ("a", "b"):
        if name in merged:
            assert merged[name] in (ours.get(name), theirs.get(name))


@given(trees, trees, trees)
def test_both_sides_see_the_same_conflicts(base: Answers, ours: Answers, theirs: Answers) -> None:
    """Whoever merges, the same places are in question and the same answers agreed."""
    one, other = propose(base, ours, theirs, KEYS), propose(base, theirs, ours, KEYS)
    assert {conflict.place for conflict in one.conflicts} == {conflict.place for conflict in other.conflicts}
    assert by_code(one.agreed) == by_code(other.agreed)
