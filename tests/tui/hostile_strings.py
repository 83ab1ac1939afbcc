"""Two hundred strings that try to act on a terminal, on markup, on an eye, or on a widget's arithmetic."""
# ruff: noqa: E501 - tables

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Final

COUNT: Final = 200

CANARY: Final = "0wn3d"
"""Stands in every sequence that would act, so that it is found wherever it comes out."""

_ESCAPES = (
    "\x1b[31;97;13m{}\x1b[0m", "\x1b[77;66H{}", "\x1b[?1049l{}", "\x1b[6n{}", "\x1b[21t{}", "\x1b[2;3;4r{}",
    "\x1b]0;{}\x07", "\x1b]2;{}\x1b\\", "\x1b]52;c;{}\x07", "\x1b]52;p;{}\x1b\\", "\x1b]8;;http://{}\x1b\\x\x1b]8;;\x1b\\",
    "\x1b]4;1;{}\x07", "\x1b]1337;File=inline=1:{}\x07", "\x1bP1$r{}\x1b\\", "\x1b_G{}\x1b\\", "\x1b^{}\x1b\\",
    "\x1bX{}\x1b\\", "\x1bc{}", "\x1b(0{}", "\x1b#8{}", "\x1bZ{}", "\x1b7{}\x1b8", "\x1b{}", "\x1b[{}", "\x1b]{}",
    "\x9b31m{}", "\x9d0;{}\x9c", "\x90{}\x9c", "\x9f{}\x9c", "\x8e{}", "\x1b[200~{}\x1b[201~", "{}\x1b",
)  # fmt: skip
_CONTROLS = tuple(f"a{chr(code)}{{}}" for code in (0, 1, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 24, 26, 27, 127))
_MARKUP = (
    "[@click=app.owned]{}[/]", "[@click=app.quit]{}[/]", "[@click=screen.dismiss]{}[/]", "[@click='app.owned()']{}",
    "[link=http://{}]x[/link]", "[bold red on blue]{}[/]", "[/]{}", "[/nothing]{}", "[", "]{}[", "[[{}]]", "\\[{}",
    "[on_click=app.owned]{}[/]", "[reverse]{}", "[$error]{}[/]", "[bold {}", ":bomb: {}", "[#ff0000]{}[/#ff0000]",
    "{{x}}{}", "%s%n{}", "$(touch {})", "`{}`",
)  # fmt: skip
_EYE = (
    "\u202egnp.{}", "\u202d{}\u202c", "\u2066{}\u2069", "\u2067{}", "\u200e{}\u200f", "\u061c{}", "\u200b{}\u200b",
    "\u2060{}\ufeff", "\u00ad{}", "\u2028{}\u2029", "\u0085{}", "\ufff9{}\ufffb", "\U000e0041{}\U000e007f",
    "\ue000{}", "\U0010ffff{}", "\ud800{}", "{}\udfff", "\udcff{}", "\u3164{}\u115f", "\u180e{}", "\ufe0f{}\ufe0e",
)  # fmt: skip
_SHAPES = (
    "👩‍👩‍👧‍👦{}", "🏴‍☠️{}", "👍🏿{}", "🇸🇾🇺🇦{}", "e" + "\u0301" * 80 + "{}", "\u0301" * 40 + "{}", "ﷺ{}﷽", "漢字{}" * 40,
    "ا" * 400 + "{}", "{}" + "x" * 5_000, "\t" * 60 + "{}", "\n" * 60 + "{}", " " * 300 + "{}", "שלום {} مرحبا",
    "नमस्ते{}", "ก็็็็็็็็็็{}", "\u1160" * 30 + "{}", "ｆｕｌｌ{}", "\u200d" * 30 + "{}", "¨" * 200 + "{}",
)  # fmt: skip

TEMPLATES: Final = (*_ESCAPES, *_CONTROLS, *_MARKUP, *_EYE, *_SHAPES)

SEQUENCE = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]|\x1b[\\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b[ -/]*[0-~]|[\x80-\x9f]"
)
"""A whole sequence that a terminal would act on."""


def hostile_strings() -> tuple[str, ...]:
    """All of them, each different; those after the first round lie within other text."""
    return tuple(islice(_rounds(), COUNT))


def sequences(texts: tuple[str, ...]) -> frozenset[str]:
    """What would act on a terminal in them, and is too peculiar to be the program's own."""
    found = {sequence for text in texts for sequence in SEQUENCE.findall(text)}
    return frozenset(
        one for one in found if CANARY in one or "31;97;13" in one or "77;66" in one or one[0] > "\x7f"
    )


def _rounds() -> Iterator[str]:
    for number, template in enumerate(cycle(TEMPLATES)):
        text = template.replace("{}", f"{CANARY}{number}", 1).replace("{}", CANARY)
        yield text if number < len(TEMPLATES) else f"قبل {text} after {number}"
