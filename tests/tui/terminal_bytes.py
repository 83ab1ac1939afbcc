"""What a program told its terminal, taken apart: every order of it is one that is known, or it is named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from fieldkit.model.text import KEPT_FORMAT

ORDER: Final = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]"  # CSI
    "|\x1b[\\]PX^_](?:[^\x07\x1b\x9c]|\x1b(?!\\\\))*(?:\x07|\x1b\\\\|\x9c)?"  # OSC, DCS, SOS, PM, APC
    "|\x1b[ -/]*[0-~]?"  # two bytes, three bytes, and one that was cut short
)

KNOWN: Final = re.compile(
    "\x1b\\["
    "(?:[\\d;:]*m"  # colours
    "|(?:\\d+(?:;\\d+)?)?H"  # where to draw
    "|[23]?J|K"  # erase
    "|\\d*[ABCDLM]|(?:\\d+;\\d+)?r"  # go by cells, move lines, and within which lines
    "|\\?(?:7|25|1000|1002|1003|1004|1006|1015|1049|2004|2026|2048)[hl]"  # cursor, mouse, paste, other screen
    "|\\?(?:2026|2048)\\$p|\\?u|>\\d*u|<u|c"  # what the terminal can do, what its keyboard tells
    "|2[23];0t)"  # keep the title, give it back
)
"""Everything Textual and this program tell a terminal. No command to the window, its title, its clipboard."""

MOST_SHOWN: Final = 40
"""Characters: an order that was not ended reaches to the next one."""

LINE_ENDS: Final = frozenset("\r\n")


def unknown(output: str, allowed: frozenset[str] = frozenset()) -> Iterator[str]:
    """Orders that are neither known nor among these, and characters that act or cannot be seen."""
    for order in ORDER.findall(output):
        if order not in allowed and not KNOWN.fullmatch(order):
            yield f"order {order[:MOST_SHOWN]!r}"
    for char in sorted(set(ORDER.sub("", output)) - KEPT_FORMAT - LINE_ENDS):
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            yield f"character {hex(ord(char))}"
