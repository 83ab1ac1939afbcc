"""The made-up bodies of the dictionary are answers the shipped form would take."""

from __future__ import annotations

import random

import pytest

from fieldkit.forms.answers import read_answers
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.filling import Filling
from fieldkit.forms.problems import Fault
from fieldkit.model.ids import Lane
from tests.dictionary import recipes
from tests.dictionary.scenes import SCENES, Scene

TRIES = 40
"""Reports of a scene: enough for every optional part to come up in one of them."""


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: "-".join(scene.kinds))
def test_every_scene_makes_reports_the_form_takes(scene: Scene) -> None:
    """Names, codes and shapes are the form's, and the report would be let through at Finish, but for one
    rule: form 1, for which the dictionary was made, took a part of a count that is more than its whole.
    """
    form = incident_form()
    rng = random.Random(7)
    for _ in range(TRIES):
        made = recipes.answers(rng, scene, _text)
        assert read_answers(form, made) == made
        problems = Filling(form=form, answers=made).problems()
        assert [one for one in problems if one.fault is not Fault.CONSTRAINT] == []
        assert all(one.message.startswith("More than all under") for one in problems)


def test_the_other_lanes_use_the_forms_names() -> None:
    """The parts for fewer readers and for coordinators are answers of those lanes."""
    form = incident_form()
    rng = random.Random(7)
    for _ in range(TRIES):
        source, review = recipes.source_answers(rng, _text), recipes.review_answers(rng, _text)
        assert read_answers(form, source) == source
        assert read_answers(form, review, lanes=frozenset({Lane.ADMIN})) == review


def test_every_kind_of_event_has_a_scene() -> None:
    """No kind of the form is left to pay full price for its words, but `other`, which has none."""
    kinds = {choice.code for choice in incident_form().choices["kinds"]}
    assert kinds - {kind for scene in SCENES for kind in scene.kinds} == {"other"}


def _text(question: str) -> str:
    return f"words for {question}"
