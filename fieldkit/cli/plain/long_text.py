"""A text of several lines, written and mended a line at a time."""

from __future__ import annotations

import re

_MEND = re.compile(r"@(\d{1,5})(?: (.*))?")


class LongText:
    """Its lines."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n") if text else []

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    @property
    def whole(self) -> str:
        """The text."""
        return "\n".join(self._lines)

    def take(self, typed: str) -> str:
        """A line more, or in the place of one (`@3 new words`; `@3` takes it out). Returns what to say."""
        found = _MEND.fullmatch(typed.strip())
        if found is None:
            self._lines.append(typed)
            return ""
        number = int(found[1])
        if not 1 <= number <= self.count:
            return f"There is no line {number}: nothing was changed. There are {self.count}."
        if found[2] is None:
            del self._lines[number - 1]
            return f"Line {number} is out."
        self._lines[number - 1] = found[2]
        return f"Line {number} is new."
