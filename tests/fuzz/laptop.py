"""Rows for the fuzz test: what a laptop reads beside the protocol, its own files included."""

from __future__ import annotations

import io
import json
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from fieldkit.cli import parser, sources, values
from fieldkit.cli.faults import CliFault
from fieldkit.cli.plain.items import read_act
from fieldkit.forms import answers, counts, expressions, loading, positions, reading
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.definition import FormError, Kind
from fieldkit.forms.expressions import ExpressionError
from fieldkit.forms.problems import AnswersError, BadAnswer
from fieldkit.model import codec, date_words, dates, edtf, ids, query
from fieldkit.model.body_reader import InvalidBody
from fieldkit.model.edtf import InvalidDate
from fieldkit.tui.keymap_file import read_key, read_keymap
from fieldkit.vault import attempts, keyslots, locks
from fieldkit.vault.errors import DamagedVault, NewerVault
from sync.protocol.encoding import encode
from tests.fuzz import changing
from tests.protocol import changes
from tests.protocol.changes import Parser

TODAY = date(2026, 8, 9)
ANSWERS = {
    "title": "Arrests at night",
    "kind": ["arrest", "killing"],
    "start": "3 to 5 Aug 2026",
    "gov": "Aleppo",
    "lat": 36.48,
    "lon": "37.19 E",
    "killed": {"min": 3, "max": 5},
    "narrative": "Synthetic: two men were stopped.",
    "victims": [{"vic": "V1", "v_father": "a name"}],
}
STORED = {
    "title": "x",
    "killed": {"min": 3},
    "kind": ["arrest"],
    "start": ["2026-08"],
    "victims": [{"v": True}],
}
MAIN_BODY = {
    1: "incident",
    2: 1,
    3: [bytes(16)],
    4: STORED,
    5: 9,
    6: 180,
    7: 1,
    8: "ar",
    9: 2,
    10: "n-7",
    12: "w",
}
PART_BODY = {1: "incident", 2: 1, 4: {"s_identity": "a name"}, 11: bytes(16)}
EDTF = [
    "2026-10-03", "2026-10-03T14:30:00~", "201X", "2026-XX-XX", "../2026-05%", "2026-21", "XXXX-XX-XX",
]  # fmt: skip
DATES = [
    *EDTF, "3 to 5 Aug 2026", "between March and May 2025", "yesterday at 14:30", "٣ آب ٢٠٢٦",
    "вересень 2025", "about spring 2024", "3 days ago", "13/8/2026", "last Friday to yesterday",
    "قبل ٣ أيام", "3-Aug-2026 (last month)", "il y a 2 ans",
]  # fmt: skip
QUERIES = [
    'arrests -draft kind:arrest after:2026-10 "two men" state:draft', "before:yesterday on:2025",
    "حلب place:",
    'after:"3 Aug 2026" -"not this"', "before:0001-01-01 stat:draft",
]  # fmt: skip
COUNTS = [
    "25", "3-5", "more than 25", "اكثر من ٢٥", "at most 5", "between 3 and 5", 25, {"min": 3, "max": 5},
    "about 30 people", "1,200", "two or three", "بين ١٠ و١٢",
]  # fmt: skip
EXPRESSIONS = [
    "${killed} != '' and selected(${kind}, 'arrest')",
    "concat(round(${a} div 3, 1), min(${b}, ${c}))",
    '(. >= 0 and . <= 3.5) or not(${a} = "b") and -${c} div 2 mod 3 < count(${d})',
]
SLOT = keyslots.Slot(
    kind=keyslots.SlotKind.PASSPHRASE,
    id=bytes(16),
    salt=bytes(16),
    cost=keyslots.FLOOR_COST,
    wrapped=bytes(48),
)
SLOTS = keyslots.write(keyslots.KeySlots(vault_id=bytes(12), slots=(SLOT, SLOT), mac=bytes(32)))
SLOTS_BODY = encode({1: bytes(12), 2: [[1, bytes(16), bytes(16), 65_536, 3, 4, bytes(48)]] * 2, 3: bytes(32)})
COMMANDS = [
    ["new", "--from", "a.json", "--set", "title=x", "--set", "kind=arrest", "--json"],
    ["--home", "/tmp/x", "org", "invite", "reporter", "north-7"],
    ["list", "--quiet"],
    ["export", "--format", "csv", "out.csv"],
    ["sync", "--passphrase-fd", "3", "--max-bytes", "5000"],
]


@cache
def compact_form() -> bytes:
    """A small form definition with one of each thing."""
    full = json.loads(Path(loading.__file__).with_name("incident.json").read_bytes())
    kinds: dict[str, Any] = {}
    for group in full["children"]:
        for node in group["children"]:
            kinds.setdefault(node["kind"], {"kind": "group", "name": group["name"], "label": group["label"]})
            kinds[node["kind"]].setdefault("children", [node])
    for number, group in enumerate(kinds.values()):
        group["name"] = f"g{number}"
    used = {child.get("choices") for group in kinds.values() for child in _below(group)}
    lists = {name: entries[:3] for name, entries in full["choices"].items() if name in used}
    for group in kinds.values():
        for child in _below(group):
            for rule in ("relevant", "constraint", "message", "required"):
                child.pop(rule, None)
    found = {**full, "children": list(kinds.values()), "choices": lists}
    return json.dumps(found, ensure_ascii=False).encode()


def _below(group: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for child in group.get("children", ()):
        found += [child, *_below(child)]
    return found


def one_answer(sample: tuple[str, object]) -> object:
    """An answer to the question of a name."""
    form = incident_form()
    return reading.read_answer(form, form.placed[sample[0]].question, sample[1], TODAY)


def answer_samples() -> list[tuple[str, Any]]:
    """A question of each kind with something that answers it."""
    said: dict[Kind, Any] = {
        Kind.TEXT: "some words",
        Kind.DATE: "3 Aug 2026",
        Kind.ONE: "normal",
        Kind.MANY: "arrest, killing",
        Kind.INTEGER: "25",
        Kind.RANGE: "3-5",
        Kind.LAT: "36.48 N",
        Kind.LON: 37.19,
        Kind.CODE: "S1",
        Kind.CODES: "S1, S2",
        Kind.LINKS: "a" * 32,
        Kind.SHA256: "0" * 64,
    }
    first = {placed.question.kind: name for name, placed in reversed([*incident_form().placed.items()])}
    return [(first[kind], answer) for kind, answer in said.items() if kind in first]


def in_file(read: Callable[[Path], object], folder: Path, content: bytes) -> object:
    """What is read of a file with this content."""
    path = folder / "sample"
    path.write_bytes(content)
    return read(path)


def piped(content: bytes) -> object:
    """A line of standard input."""
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
    try:
        return sources.one_line("-", "an invite")
    finally:
        sys.stdin = before


def checksummed_slots(body: bytes) -> bytes:
    """Key slots whose checksum holds."""
    return encode([keyslots.MAGIC, 1, body, keyslots._checksum(1, body)])


def said(answer: object, refusal: type) -> object:
    """The answer of a reader that refuses in words and never raises."""
    if isinstance(answer, refusal):
        raise ValueError("refused in words")
    return answer


def typed(name: str, read: Callable[[str], object], refuses: Any, good: list[Any]) -> Parser:
    """A row for something that people type."""
    return Parser(name=name, read=read, good=good, change=changing.typed, refuses=refuses)


def parsers(folder: Path) -> list[Parser]:
    """All rows; those that read files read them in a folder."""
    return [*_model(), *_forms(), *_vault(folder), *_command_line(folder)]


def _model() -> list[Parser]:
    value = changes.value
    return [
        Parser(
            name="fieldkit.model.codec.decode_main", read=codec.decode_main, good=[encode(MAIN_BODY)],
            change=value, refuses=InvalidBody,
        ),
        Parser(
            name="fieldkit.model.codec.decode_main: given up", good=[encode(MAIN_BODY)], change=value,
            read=lambda body: codec.decode_main(body, size=len(encode(body))), refuses=InvalidBody,
        ),
        Parser(
            name="fieldkit.model.codec.decode_lane_part",
            read=lambda body: codec.decode_lane_part(body, ids.Lane.SOURCES), good=[encode(PART_BODY)],
            change=value, refuses=InvalidBody,
        ),
        Parser(
            name="fieldkit.model.ids.parse_id", read=ids.parse_id, good=[bytes(16)], change=changes.raw,
            refuses=ValueError,
        ),
        typed("fieldkit.model.ids.parse_hex_id", ids.parse_hex_id, ValueError, ["0f" * 16]),
        typed("fieldkit.model.edtf.parse_edtf", edtf.parse_edtf, InvalidDate, EDTF),
        typed(
            "fieldkit.model.date_words.read_words", lambda text: date_words.read_words(text, TODAY),
            InvalidDate, DATES,
        ),
        typed(
            "fieldkit.model.query.parse_query", lambda text: query.parse_query(text, TODAY),
            query.InvalidQuery, QUERIES,
        ),
        Parser(
            name="fieldkit.model.dates.read_date", read=dates.read_date,
            good=[[text, "as typed"] for text in EDTF], change=changing.plain_value, refuses=InvalidDate,
        ),
    ]  # fmt: skip


def _forms() -> list[Parser]:
    form, samples = incident_form(), json.dumps(ANSWERS).encode()
    return [
        Parser(
            name="fieldkit.forms.loading.load_form", read=loading.load_form, good=[compact_form()],
            change=changing.json_bytes, refuses=FormError, costly=10,
        ),
        typed(
            "fieldkit.forms.expressions.parse_expression", expressions.parse_expression, ExpressionError,
            EXPRESSIONS,
        ),
        Parser(
            name="fieldkit.forms.counts.read_count", read=counts.read_count, good=COUNTS,
            change=changing.typed_or_plain, refuses=BadAnswer, costly=5,
        ),
        Parser(
            name="fieldkit.forms.positions.read_degrees",
            read=lambda typed: positions.read_degrees(typed, "lat"), good=["36.48 N", 36.48, 36_480_000],
            change=changing.typed_or_plain, refuses=BadAnswer,
        ),
        Parser(
            name="fieldkit.forms.reading.read_answer", read=one_answer, good=answer_samples(),
            change=changing.second(changing.typed_or_plain), refuses=BadAnswer, costly=5,
        ),
        Parser(
            name="fieldkit.forms.answers.read_answers",
            read=lambda data: answers.read_answers(form, data, today=TODAY), good=[samples],
            change=changing.json_value, refuses=AnswersError, costly=5,
        ),
    ]  # fmt: skip


def _vault(folder: Path) -> list[Parser]:
    return [
        Parser(
            name="fieldkit.vault.keyslots.parse", read=keyslots.parse, good=[SLOTS], change=changes.raw,
            refuses=(DamagedVault, NewerVault),
        ),
        Parser(
            name="fieldkit.vault.keyslots.parse: good checksum", read=keyslots.parse, good=[SLOTS_BODY],
            change=changing.sealed_by(checksummed_slots), refuses=(DamagedVault, NewerVault),
        ),
        Parser(
            name="fieldkit.vault.attempts.load", read=partial(in_file, attempts.load, folder),
            good=[b"7 1790000000\n"], change=changes.raw, refuses=(), costly=10,
        ),
        Parser(
            name="fieldkit.vault.locks.holder", read=partial(in_file, locks.holder, folder),
            good=[b'{"pid": 7, "verb": "sync", "since": 1790000000}'], change=changing.json_bytes, refuses=(),
            costly=5,
        ),
    ]  # fmt: skip


def _command_line(folder: Path) -> list[Parser]:
    form, samples = incident_form(), json.dumps(ANSWERS).encode()

    def decoded(path: Path) -> object:
        return sources.answers(str(path), [])

    def whole(path: Path) -> object:
        return answers.read_answers(form, decoded(path), today=TODAY)

    return [
        Parser(
            name="fieldkit.cli.sources.answers", read=partial(in_file, decoded, folder),
            good=[samples], change=changing.json_bytes, refuses=CliFault, costly=5,
        ),
        Parser(
            name="fieldkit.cli.sources.answers: then by the form", read=partial(in_file, whole, folder),
            good=[samples], change=changing.json_bytes, refuses=(CliFault, AnswersError), costly=10,
        ),
        Parser(
            name="fieldkit.cli.sources.one_line", read=piped, good=[b"fki1.words\nmore\n", b"\n"],
            change=changes.raw, refuses=CliFault,
        ),
        typed(
            "fieldkit.cli.plain.items.read_act", lambda text: said(read_act(text, 3), str), ValueError,
            ["a", "c 2", "m 2 1"],
        ),
        typed(
            "fieldkit.tui.keymap_file.read_key", lambda text: said(read_key(text), type(None)), ValueError,
            ["ctrl+s", "^P", "PgUp", "f12", "/"],
        ),
        typed(
            "fieldkit.tui.keymap_file.read_keymap", lambda text: said(read_keymap(text).bad or 1, tuple),
            ValueError, ['list.find = "g"  # so\nprogram.lock = "f8, ctrl+l"\n', 'form.save = "f4"'],
        ),
        Parser(
            name="fieldkit.cli.parser.parse", read=parser.parse, good=COMMANDS, change=changing.words,
            refuses=(CliFault, parser.HelpAsked), costly=5,
        ),
        typed("fieldkit.cli.values.positive", values.positive, ArgumentTypeError, ["12"]),
        typed("fieldkit.cli.values.file_descriptor", values.file_descriptor, ArgumentTypeError, ["12"]),
        typed("fieldkit.cli.values.assignment", values.assignment, ArgumentTypeError, ["title=a=b"]),
    ]  # fmt: skip
