"""What the fault tests measured, one line each, for the end of the test run."""

from __future__ import annotations


class Figures:
    """Collects lines; the closing summary prints them."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, line: str) -> None:
        """Keep a line, and show it with the test's own output."""
        print(line)
        self.lines.append(line)
