"""What a person is told when something expected goes wrong."""

from __future__ import annotations


class Trouble(Exception):
    """Something expected went wrong: what happened, and what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
