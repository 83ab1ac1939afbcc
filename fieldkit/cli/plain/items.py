"""The items of a repeat in lines: what they are called, and what somebody wants of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from fieldkit.forms.views import Card, Mark

CARD_SIGNS = (
    "a     add one",
    "2     open number 2",
    "c 2   a copy of number 2, behind it",
    "d 2   take number 2 out; /u brings it back",
    "m 2 1 move number 2 to the first place",
    "Enter or >> goes on to the next page, < or << to the one before",
    "!     the next problem        .   leave the report; it stays a draft",
)
"""What can be typed at a list of items."""

MARKS = {Mark.EMPTY: "empty", Mark.BEGUN: "something is missing", Mark.DONE: "", Mark.PROBLEM: "to be mended"}
"""How an item stands, in words."""

_COPY_DELETE = re.compile(r"([cd])\s*(\d{1,4})")
_MOVE = re.compile(r"m\s*(\d{1,4})\s+(\d{1,4})")
_NUMBER = re.compile(r"\d{1,4}")


class Act(StrEnum):
    """What can be done."""

    ADD = "a"
    OPEN = "o"
    COPY = "c"
    MOVE = "m"
    TAKE_OUT = "d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants: of which item, counted from 0, and to which place."""

    verb: Act
    item: int = 0
    to: int = 0


def card_line(card: Card) -> str:
    """`2. V2 · Example Name · person, something is missing`."""
    mark = MARKS[card.mark]
    return f"  {card.index + 1}. {card.label}" + (f", {mark}" if mark else "")


def read_act(typed: str, count: int) -> Wish | str:
    """What a line wants of so many items, or what to say to it."""
    line = typed.casefold()
    if line == Act.ADD:
        return Wish(verb=Act.ADD)
    if _NUMBER.fullmatch(line):
        wish = Wish(verb=Act.OPEN, item=int(line) - 1)
    elif found := _COPY_DELETE.fullmatch(line):
        wish = Wish(verb=Act(found[1]), item=int(found[2]) - 1)
    elif found := _MOVE.fullmatch(line):
        wish = Wish(verb=Act.MOVE, item=int(found[1]) - 1, to=int(found[2]) - 1)
    else:
        return f"{typed}: nothing was changed. a adds one, ? says what else can be done."
    if not 0 <= wish.item < count or not 0 <= wish.to < max(1, count):
        there = "there is none yet" if not count else f"there are 1 to {count}"
        return f"There is no such number: {there}. Nothing was changed."
    return wish
