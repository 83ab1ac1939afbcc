"""A home, and the desk behind its door once it is open."""

from __future__ import annotations

from typing import Protocol

from fieldkit.tui.ports.care import Care
from fieldkit.tui.ports.reports import Reports
from fieldkit.tui.ports.writing import Writing


class Desk(Protocol):
    """An open vault, by what is done with it. Its parts are asked from worker threads."""

    @property
    def reports(self) -> Reports:
        """Lists of reports, and one to be read."""

    @property
    def writing(self) -> Writing:
        """Reports being written."""

    def lock(self) -> None:
        """Close the vault and drop its keys. Again does nothing."""


class Door(Protocol):
    """A home, open or not."""

    @property
    def place(self) -> str:
        """The folder."""

    @property
    def care(self) -> Care:
        """What is done with the home when somebody may come; also while it is closed."""

    def exists(self) -> bool:
        """Whether a vault is there."""

    def prepare(self) -> None:
        """Load what opening needs, while the person types. May take a moment: ask from a worker thread."""

    def open(self, passphrase: str) -> Desk:
        """Open the vault. Raises Trouble. Takes a second: ask from a worker thread."""
