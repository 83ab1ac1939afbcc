"""What a test measured, one line each, for the end of the test run."""

from __future__ import annotations

import pytest


class Figures:
    """Hands lines over with the test's report; the closing summary prints them (tests/conftest.py)."""

    def __init__(self, node: pytest.Item) -> None:
        self._node = node

    def add(self, line: str) -> None:
        """Keep a line, and show it with the test's own output."""
        print(line)
        self._node.user_properties.append(("figure", line))
