"""Checks that need more than one answer: codes are told apart, and name something that is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fieldkit.forms.definition import Form, Repeat
from fieldkit.forms.problems import Fault, Problem
from fieldkit.model.values import Answers, Path, items_of, text_of

REFERENCES = {"a_victim": "victims", "a_perp": "perps"}
"""Questions of the built-in form that name items of a repeat by code."""


def check_codes(form: Form, answers: Answers, language: str = "") -> Iterator[Problem]:
    """Codes that two items of a repeat share, and codes that no item has.

    Several consents of one person (given, then widened) share that person's code, so the consents are left
    out.
    """
    for repeat in form.repeats():
        placed = form.placed[repeat.key]
        if placed.question.tells and not _parts_elsewhere(form, repeat.name):
            continue
        codes = Counter(text_of(item, repeat.key) for item in items_of(answers, repeat.name))
        for number, item in enumerate(items_of(answers, repeat.name)):
            code = text_of(item, repeat.key)
            if code and codes[code] > 1:
                message = f"the code {code} is used {codes[code]} times"
                yield Problem(
                    place=(repeat.name, number, repeat.key),
                    fault=Fault.REPEATED,
                    message=message,
                    hint="give each its own code",
                )
    for place, code, target in _dangling(form, answers):
        page = form.words(target.label, language)
        yield Problem(
            place=place,
            fault=Fault.DANGLING,
            message=f"{code} is named here, but nothing on the page {page} has the code {code}",
            hint="add it there under this code, or correct the code here",
        )


def named_ahead(form: Form, answers: Answers, repeat: str) -> list[str]:
    """Codes that answers name and no item of a repeat has yet, each once."""
    found = (code for _, code, target in _dangling(form, answers) if target.name == repeat)
    return list(dict.fromkeys(found))


def _parts_elsewhere(form: Form, repeat: str) -> bool:
    """Whether items of a repeat are divided over several lanes, so that codes must tell them apart."""
    lanes = {
        placed.question.lane
        for placed in form.placed.values()
        if placed.repeat is not None and placed.repeat.name == repeat
    }
    return len(lanes) > 1


def _dangling(form: Form, answers: Answers) -> Iterator[tuple[Path, str, Repeat]]:
    """Where a code is named that no item has, the code, and the repeat it belongs to."""
    for name, repeat in REFERENCES.items():
        placed = form.placed.get(name)
        target = form.repeat(repeat)
        if placed is None or placed.repeat is None or target is None:
            continue
        there = {text_of(item, target.key) for item in items_of(answers, repeat)}
        for number, item in enumerate(items_of(answers, placed.repeat.name)):
            named = item.get(name)
            for code in named if isinstance(named, list) else []:
                if isinstance(code, str) and code not in there:
                    yield (placed.repeat.name, number, name), code, target
