"""What is worked out after a change is what would be worked out from nothing."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.forms import spots
from fieldkit.forms.definition import Form
from fieldkit.forms.writer import Writer
from tests.forms.many import REPEATS, edit, form_of, places_of

EDITS = 25


def seen(form: Form, writer: Writer) -> dict[str, object]:
    """Everything a writer shows, except what is being typed."""
    writer.pause()
    pages = writer.pages()
    return {
        "pages": pages,
        "fields": [writer.fields(page.name, item) for page in pages for item in range(max(page.items, 1))],
        "problems": writer.problems(),
        "cards": [writer.cards(repeat) for repeat in REPEATS],
        "options": [writer.options(place) for place in places_of(form, writer)],
        "answers": writer.snapshot().answers,
        "kept": writer.meters(),
    }


@given(st.integers(min_value=0, max_value=2**32))
def test_after_any_edits_it_is_as_if_worked_out_anew(seed: int) -> None:
    """Random forms, random edits: relevance, calculations, problems, choices and pages are those of a writer
    that was just opened.
    """
    random = Random(seed)
    form = form_of(random, random.randrange(1, 25))
    writer = Writer(form, {})
    for _ in range(EDITS):
        edit(random, form, writer)
        if random.random() < 0.3:
            said = writer.snapshot()
            assert seen(form, writer) == seen(form, Writer(form, said.answers, unread=said.unread))


def test_the_edits_are_of_every_kind() -> None:
    """The control: what the property draws changes questions, brings problems and calculates."""
    met: Counter[str] = Counter()
    for seed in range(40):
        random = Random(seed)
        form = form_of(random, 20)
        writer = Writer(form, {})
        for _ in range(EDITS):
            before = len(writer.pages()), len(writer._judged.asked)
            met[edit(random, form, writer)] += 1
            met["reshaped"] += before[1] != len(writer._judged.asked)
            met["calculated"] += bool(writer._judged.worked.calculated)
            met["unread"] += bool(writer.snapshot().unread)
            met["constraint"] += any(problem.fault == "constraint" for problem in writer.problems())
            met["filter"] += any("go with" in problem.message for problem in writer.problems())
    assert len(met) == 13 and min(met.values()) > 10, met


def test_a_forgotten_dependency_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a writer that forgets who follows an answer is told from one that does not."""
    monkeypatch.setattr(spots.Spots, "followers", lambda self, spot: ())
    with pytest.raises(AssertionError):
        for seed in range(40):
            test_after_any_edits_it_is_as_if_worked_out_anew.hypothesis.inner_test(seed)  # type: ignore[attr-defined]
