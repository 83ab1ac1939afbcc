"""Dictionary 1 is what its generator makes, holds no held-out text, and keeps records within their budget."""

from __future__ import annotations

from statistics import median

import pytest

from fieldkit.forms.builtin import incident_form
from sync.protocol.compression import expand, squeeze
from sync.protocol.encoding import encode
from tests.dictionary import generate, texts
from tests.dictionary.held_out import LANGUAGES, incidents, strings
from tests.dictionary.scaffold import body

RUN = 24
"""Bytes of a held-out answer that may not be in the dictionary: two or three words, or one long Ukrainian."""

CLAUSE = 48
"""Bytes of a sample that may not be: shorter runs are phrases in common, as any real report has them."""

BUDGET = {"en": 511, "fr": 575, "ar": 703, "uk": 730}
"""Bytes of the median compressed body: with the padding's marker 512, 576, 704 and 768 in a frame."""


def test_the_generator_makes_the_committed_file() -> None:
    """The same input gives the same bytes. A new release of zstd may not: then the committed file stands."""
    assert generate.dictionary() == generate.TARGET.read_bytes()


def test_the_dictionary_fits_its_size() -> None:
    """Full, since room left over is bytes given away, and never larger than said."""
    assert generate.SIZE - 512 <= len(generate.TARGET.read_bytes()) <= generate.SIZE


def test_the_names_and_codes_of_the_form_are_in_the_dictionary() -> None:
    """Nearly all of them: a form may grow a little before another dictionary is worth another suite."""
    form = incident_form()
    dictionary = generate.TARGET.read_bytes()
    codes = {choice.code for listed in form.choices.values() for choice in listed if len(choice.code) > 1}
    absent = [word for word in {*form.placed, *codes} if encode(word) not in dictionary]

    assert len(absent) <= (len(form.placed) + len(codes)) // 10, absent


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_held_out_text_is_in_the_dictionary(language: str) -> None:
    """No run of 24 bytes of any answer is shared; a phrase of the corpus put into one would be found."""
    dictionary = generate.TARGET.read_bytes()
    planted = texts.corpus(language, generate.SHARES[language])[-2 * RUN :].decode(errors="ignore")

    assert [text for one in incidents(language) for text in strings(one) if _shared(text, dictionary)] == []
    assert _shared(f"It began so: {planted}.", dictionary)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_samples_of_the_tables_are_not_in_the_content(language: str) -> None:
    """Tables tuned on texts that the content holds would expect longer matches than any real report has."""
    dictionary = generate.TARGET.read_bytes()
    assert [one.title for one in texts.samples(language) if _shared(one.narrative, dictionary, CLAUSE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_held_out_incidents_stay_within_the_budget(language: str) -> None:
    """The median compressed body of a language is within its budget, and every one opens again."""
    bodies = [body(answers, language) for answers in incidents(language)]
    squeezed = [squeeze(one) for one in bodies]

    assert [expand(one) for one in squeezed] == bodies
    assert median(map(len, squeezed)) <= BUDGET[language]


def _shared(text: str, dictionary: bytes, run: int = RUN) -> bool:
    raw = text.encode()
    return any(raw[at : at + run] in dictionary for at in range(len(raw) - run + 1))
