"""Items of a repeat: the code a new one gets, and the line that says what one is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldkit.forms.definition import Form, Kind, Repeat
from fieldkit.model.text import clean
from fieldkit.model.values import Answers, Value, items_of, text_of

PIECE_CHARS = 40
"""Letters of one answer on a card."""

_NUMBERED = re.compile(r"([^\W\d_]{1,8})(\d{1,9})")


def next_code(form: Form, answers: Answers, repeat: Repeat) -> str:
    """The code a new item gets: `V3` after V1 and V2; empty where items are not told apart by their code.

    A number that any answer still names is not given again, so that nothing written about one person comes to
    point at another.
    """
    if not tells_apart(form, repeat):
        return ""
    own = [_NUMBERED.fullmatch(text_of(item, repeat.key)) for item in items_of(answers, repeat.name)]
    numbered = [found for found in own if found]
    prefix = numbered[-1][1] if numbered else repeat.name[0].upper()
    named = [_NUMBERED.fullmatch(code) for code in _codes(form, answers)]
    taken = [int(found[2]) for found in named if found and found[1] == prefix]
    return f"{prefix}{max(taken, default=0) + 1}"


def tells_apart(form: Form, repeat: Repeat) -> bool:
    """Whether the code of an item is its own: several consents of one person share that person's."""
    return not form.placed[repeat.key].question.tells or spread(form, repeat)


def spread(form: Form, repeat: Repeat) -> bool:
    """Whether items of a repeat are divided over several lanes, so that codes must tell them apart."""
    return len({placed.question.lane for placed in form.placed.values() if placed.repeat is repeat}) > 1


def card_label(form: Form, repeat: Repeat, item: Answers, language: str) -> str:
    """One line: the code, then the first words and the first choice that say what the item is."""
    said = {"words": "", "choice": ""}
    for name, value in item.items():
        placed = form.placed.get(name)
        if placed is None or name == repeat.key:
            continue
        question = placed.question
        if question.kind is Kind.TEXT and not said["words"] and isinstance(value, str):
            said["words"] = clean(value[: 2 * PIECE_CHARS], one_line=True)[:PIECE_CHARS]
        elif question.kind is Kind.ONE and not said["choice"]:
            choice = form.choice(question, str(value))
            said["choice"] = form.words(choice.label, language) if choice else str(value)[:PIECE_CHARS]
    pieces = (text_of(item, repeat.key)[:PIECE_CHARS], said["words"], said["choice"])
    return " · ".join(piece for piece in pieces if piece)


def _codes(form: Form, answers: Answers) -> Iterator[str]:
    """Every code that is written anywhere."""
    for name, value in answers.items():
        if form.repeat(name) is not None:
            for item in items_of(answers, name):
                yield from _codes(form, item)
            continue
        placed = form.placed.get(name)
        if placed is not None and placed.question.kind in (Kind.CODE, Kind.CODES):
            yield from _listed(value)


def _listed(value: Value) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield one
