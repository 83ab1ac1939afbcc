"""A form of a thousand questions, as long as the longest in the field, and somebody who fills it in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from fieldkit.forms.definition import Form
from fieldkit.forms.loading import load_form
from fieldkit.model.values import Path

QUESTIONS: Final = 1_000
GROUPS: Final = 25
ITEMS: Final = 4
"""Items of each of the two repeats, which hold a tenth of the questions."""

_KINDS: Final = ("text", "one", "integer", "range", "date", "many")
_TYPED: Final[dict[str, tuple[object, object]]] = {
    "text": ("a few words about it", "other words"),
    "one": ("yes", "no"),
    "integer": ("3", "14"),
    "range": ("3-5", "at least 25"),
    "date": ("about 3 Aug 2026", "2026-10"),
    "many": (["yes"], ["no", "yes"]),
}


def wide_form(questions: int = QUESTIONS) -> Form:
    """Every third question depends on one before it, some are calculated from two others, every seventh has a
    filter or a rule, every fifth must be answered; a group in five is asked only after some answer.
    """
    inside = questions // 10
    outside = [_question(number, "q", number) for number in range(questions - inside)]
    size = -(-len(outside) // GROUPS)
    children: list[dict[str, Any]] = []
    for at in range(0, len(outside), size):
        rule = {"relevant": f"${{q{at - size}}} != ''"} if at and at // size % 5 == 0 else {}
        children.append({**_named("group", f"g{at}"), "children": outside[at : at + size], **rule})
    for repeat in ("r", "s"):
        items = [_question(number, repeat, number) for number in range(inside // 2)]
        key = {**_named("code", f"{repeat}_key"), "lane": "main", "required": True}
        children.append(
            {**_named("repeat", f"{repeat}_items"), "key": f"{repeat}_key", "children": [key, *items]}
        )
    listed = [
        {"code": code, "label": {"en": code}, "columns": {"group": group}}
        for code, group in (("yes", "x"), ("no", "y"))
    ]
    head = {"format": 1, "id": "wide", "version": 1, "title": "Wide", "language": "en", "languages": ["en"]}
    return load_form(json.dumps({**head, "children": children, "choices": {"answers": listed}}).encode())


def _named(kind: str, name: str) -> dict[str, Any]:
    return {"kind": kind, "name": name, "label": {"en": f"About {name}", "ar": f"عن {name}"}}


def _question(number: int, prefix: str, within: int) -> dict[str, Any]:
    kind = _KINDS[number % len(_KINDS)]
    made = {**_named(kind, f"{prefix}{number}"), "lane": "main"}
    if within > 2 and number % 9 > 6 and kind in ("text", "integer"):
        one, two = f"${{{prefix}{number - 5}}}", f"${{{prefix}{number - 2}}}"
        told = (
            f"concat({one}, ' ', {two})" if kind == "text" else f"string-length({one}) + string-length({two})"
        )
        return {**made, "calculation": told}
    if within > 6 and number % 3 == 0:
        made["relevant"] = f"${{{prefix}{number - 6}}} != '' or ${{{prefix}{number - 2}}} > 3"
    if kind in ("one", "many"):
        made["choices"] = "answers"
        if within > 6 and number % 7 == 0:
            made["choice_filter"] = f"group = 'x' or ${{{prefix}{number - 1}}} != ''"
    elif within > 6 and number % 7 == 0:
        made["constraint"] = f". != ${{{prefix}{number - 3}}}"
    if number % 5 == 0:
        made["required"] = True
    return made


def edits(form: Form) -> Iterator[tuple[Path, object]]:
    """A thousand answers typed in, changed, and each tenth taken out."""
    for turn in (0, 1):
        for name, placed in form.placed.items():
            question = placed.question
            if question.calculation is not None or question.kind == "code":
                continue
            typed = _TYPED[question.kind][turn]
            where: Path = (placed.repeat.name, turn, name) if placed.repeat else (name,)
            yield where, typed
            if turn and len(name) % 3 == 0 and name.endswith("0"):
                yield where, ""
