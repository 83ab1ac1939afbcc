"""What is done once, or seldom: making a vault, joining, recovery words, what a crash left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How long a new passphrase would stand."""

    strong: bool
    """Whether it may be used."""
    seconds: float
    """For half of the guesses, on a million rented machines."""
    warning: str
    """What makes it weak; empty when nothing stands out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What an invite says by itself."""

    role: str
    address: str
    fingerprint: tuple[str, ...]
    """Words that whoever gave the invite sees too."""
    expires: int
    """UTC seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """The organisation a vault belongs to."""

    name: str
    """Empty while this laptop has not been told: names are sealed to coordinators."""
    address: str
    fingerprint: tuple[str, ...]
    pseudonym: str
    taken: bool
    """Whether the server has taken the join; till then another invite may take its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWords:
    """Recovery words that open nothing yet."""

    words: tuple[str, ...] = field(repr=False)
    asked: tuple[int, ...]
    """Which of them are asked back, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDraft:
    """A report that was being written when the program was stopped."""

    number: int
    title: str = field(repr=False)
    saved: int
    """UTC seconds of its last save."""
    words: int
    answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What is there after the program was stopped before it could close the vault."""

    opened: int
    """When it had opened the vault, UTC seconds."""
    drafts: tuple[SavedDraft, ...]
    """The last saved first."""
    more: int
    """Drafts beyond those."""


class FirstRun(Protocol):
    """Making a vault where there is none. Ask from worker threads."""

    def offer(self) -> tuple[str, ...]:
        """Six words drawn by chance."""

    def estimate(self, passphrase: str) -> Estimate:
        """How long a passphrase would stand."""


class Entry(Protocol):
    """Of an open vault. Each call may take a moment and may raise Trouble: ask from worker threads."""

    @property
    def practice(self) -> bool:
        """Whether the vault is for practice, and never sends. Known at once, on any thread."""

    @property
    def recovered(self) -> Recovered | None:
        """What a crash left; None when nothing was being written then. Known at once, on any thread."""

    def membership(self) -> Membership | None:
        """The organisation, or None before joining."""

    def invite_in(self, path: str) -> str:
        """The invite a file holds."""

    def look_at(self, invite: str) -> Invitation:
        """What an invite says; asks no server. Raises Trouble for one that is not whole."""

    def join(self, invite: str, pseudonym: str) -> Membership | None:
        """Join. Connects to the server the invite names. None without a link: then the invite is kept, and
        tried with the next exchange.
        """

    def kept_invite(self) -> Invitation | None:
        """The invite that is kept; None when none is."""

    def has_paper(self) -> bool:
        """Whether recovery words open this vault."""

    def draw_paper(self) -> PaperWords:
        """New recovery words."""

    def keep_paper(self, words: Sequence[str]) -> None:
        """From now on these words open the vault too, and no earlier ones. Takes a second."""

    def told(self) -> None:
        """A person has read what was recovered: it is not told again."""
