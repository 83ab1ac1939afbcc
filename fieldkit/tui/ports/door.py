"""A home, and the desk behind its door once it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fieldkit.tui.ports.care import Care, Keeping
    from fieldkit.tui.ports.entry import Entry, FirstRun
    from fieldkit.tui.ports.link import Link
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

    @property
    def entry(self) -> Entry:
        """Joining, recovery words, what a crash left behind."""

    @property
    def link(self) -> Link:
        """Sending and receiving."""

    @property
    def keeping(self) -> Keeping:
        """Backups of it."""

    def lock(self, *, orderly: bool = True) -> None:
        """Close the vault and drop its keys. Again does nothing.

        Unless it is done in good order, the next start says what is there of what was being written.
        """


class Door(Protocol):
    """A home, open or not."""

    @property
    def place(self) -> str:
        """The folder."""

    @property
    def name(self) -> str:
        """What the vault is called: its folder's own name, so that two of them are told apart."""

    @property
    def practice(self) -> bool:
        """Whether this home is for practice: nothing in it is ever sent."""

    @property
    def first(self) -> FirstRun:
        """What is asked before there is a vault."""

    @property
    def care(self) -> Care:
        """What is done with the home when somebody may come; also while it is closed."""

    def exists(self) -> bool:
        """Whether a vault is there."""

    def obstacle(self) -> str:
        """Why no vault can be made here, in plain words; empty when one can. Light, on any thread."""

    def rehearsal(self) -> Door:
        """The door of the practice vault that belongs to this home, made or not; itself when it is one."""

    def real(self) -> Door | None:
        """The door this one is the rehearsal of, if it is known."""

    def wait(self) -> int:
        """Seconds until the next passphrase may be tried; 0 unless several were wrong. Light."""

    def recovery_words(self) -> bool:
        """Whether recovery words open this vault too, as its key slots say. Ask from a worker thread."""

    def create(self, passphrase: str) -> Desk:
        """Make a vault and open it; one for practice takes no passphrase of one's own, and has reports in it.

        Raises Trouble. Takes seconds: ask from a worker thread.
        """

    def throw_away(self) -> None:
        """Remove a practice vault that is closed, and nothing else. Raises Trouble for a real one."""

    def prepare(self) -> None:
        """Load what opening needs, while the person types. May take a moment: ask from a worker thread."""

    def open(self, passphrase: str) -> Desk:
        """Open the vault. Raises Trouble. Takes a second: ask from a worker thread."""
