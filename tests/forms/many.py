"""Forms drawn by chance, with conditions, calculations, filters and repeats, and edits of them."""

from __future__ import annotations

from random import Random
from typing import Any

from fieldkit.forms.definition import Form
from fieldkit.forms.writer import Writer
from fieldkit.model.values import Path
from tests.forms.small import load

REPEATS = ("r0", "r1")
CODES = ("a", "b", "c")
TYPED: tuple[object, ...] = ("", "1", "2", "17", "a", "b", "zz", "not a number", "3-5", "2026-10", ["a", "b"])


def form_of(random: Random, questions: int, chance: float = 0.6) -> Form:
    """A form in which each question may depend on any that was drawn before it, wherever that stands."""
    order = list(range(questions))
    random.shuffle(order)
    made: dict[int, dict[str, Any]] = {}
    inside = {number: random.choice(REPEATS) for number in order if random.random() < 0.3}
    for at, number in enumerate(order):
        known = [f"q{other}" for other in order[:at] if inside.get(other) in (None, inside.get(number))]
        made[number] = _question(random, number, known, chance)
    outside = [made[number] for number in range(questions) if number not in inside]
    half = len(outside) // 2
    children: list[dict[str, Any]] = [_group("g0", [_plain("first"), *outside[:half]], "")]
    for name in REPEATS:
        items = [made[number] for number in range(questions) if inside.get(number) == name]
        key = {"kind": "code", "name": f"{name}_key", "label": {"en": "K"}, "lane": "main", "required": True}
        repeat = {"kind": "repeat", "name": name, "label": {"en": name}, "key": f"{name}_key"}
        children.append({**repeat, "relevant": "${first} != '1'", "children": [key, *items]})
    last = [_plain("last"), *outside[half:]]
    children.append(_group("g1", last, f"count(${{{REPEATS[0]}}}) < 3"))
    return load({**_HEAD, "children": children})


def _group(name: str, children: list[dict[str, Any]], relevant: str) -> dict[str, Any]:
    rule = {"relevant": relevant} if relevant else {}
    return {"kind": "group", "name": name, "label": {"en": name}, "children": children, **rule}


def _plain(name: str) -> dict[str, Any]:
    return {"kind": "text", "name": name, "label": {"en": name}, "lane": "main"}


def _question(random: Random, number: int, known: list[str], chance: float) -> dict[str, Any]:
    kind = random.choice(["text", "integer", "one", "many", "range", "date"])
    made = {**_plain(f"q{number}"), "kind": kind}
    if kind in ("one", "many"):
        made["choices"] = "letters"
        if random.random() < 0.6:
            made["choice_filter"] = f"group = 'x' or ({_condition(random, known)})"
    if known and random.random() < chance:
        made["relevant"] = _condition(random, known)
    if known and kind in ("text", "integer") and random.random() < 0.4:
        made["calculation"] = _calculation(random, known)
        return made
    if random.random() < 0.3:
        made["required"] = True
    if random.random() < 0.3:
        made["constraint"] = f". != '1' and ({_condition(random, known)})"
    return made


def _condition(random: Random, known: list[str]) -> str:
    if not known:
        return "true()"
    name = random.choice(known)
    return random.choice(
        [f"${{{name}}} != ''", f"${{{name}}} = 'a'", f"${{{name}}} > 1", f"not(selected(${{{name}}}, 'b'))"]
    )


def _calculation(random: Random, known: list[str]) -> str:
    one, two = random.choice(known), random.choice(known)
    return random.choice(
        [f"coalesce(${{{one}}}, ${{{two}}})", f"${{{one}}} + 1", f"if(${{{one}}} = 'a', ${{{two}}}, 'no')"]
    )


_HEAD: dict[str, Any] = {
    "format": 1,
    "id": "many",
    "version": 1,
    "title": "Many",
    "language": "en",
    "languages": ["en"],
    "choices": {
        "letters": [
            {"code": code, "label": {"en": code.upper()}, "columns": {"group": "x" if code == "a" else "y"}}
            for code in CODES
        ]
    },
}


def places_of(form: Form, writer: Writer) -> list[Path]:
    """Every place somebody could write to, asked for or not."""
    answers = writer.snapshot().answers
    found: list[Path] = []
    for name, placed in form.placed.items():
        items = answers.get(placed.repeat.name, []) if placed.repeat else []
        numbers = range(len(items)) if isinstance(items, list) else range(0)
        found += [(placed.repeat.name, number, name) for number in numbers] if placed.repeat else [(name,)]
    return found


def edit(random: Random, form: Form, writer: Writer) -> str:
    """One act of a person drawn by chance; what it was."""
    repeat = random.choice(REPEATS)
    count = len(writer.cards(repeat))
    acts = {
        "write": lambda: writer.write(random.choice(places_of(form, writer)), random.choice(TYPED)),
        "add": lambda: writer.add(repeat, random.choice([None, 0])),
        "duplicate": lambda: writer.duplicate(repeat, random.randrange(count + 1)),
        "move": lambda: writer.move(repeat, random.randrange(count + 1), random.randrange(count + 1)),
        "delete": lambda: writer.delete(repeat, random.randrange(count + 1)),
        "undo": writer.undo,
        "redo": writer.redo,
        "pause": writer.pause,
    }
    act = random.choices(list(acts), weights=[12, 2, 1, 1, 1, 3, 2, 1])[0]
    acts[act]()
    return act
