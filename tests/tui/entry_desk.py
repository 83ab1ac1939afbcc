"""Entry and first run in memory: they implement the real ports."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldkit.tui.ports.entry import Estimate, Invitation, Membership, PaperWords, Recovered
from fieldkit.tui.ports.trouble import Trouble

WORDS = ("lid", "coat", "five", "mouse", "sixty", "useful")
PAPER = tuple(f"word{letter}" for letter in "abcdefghijklm")
INVITE = "fki1." + "Ab3_" * 30
FINGERPRINT = ("acid", "bath", "cake", "deck", "echo", "film", "goal", "hut")
EXPIRES = 1_790_500_000


def member(*, taken: bool = False, pseudonym: str = "north-7") -> Membership:
    """An organisation that was joined."""
    return Membership(
        name="",
        address="server.example:443",
        fingerprint=FINGERPRINT,
        pseudonym=pseudonym,
        taken=taken,
    )


def _off_the_screens_thread() -> None:
    assert threading.current_thread() is not threading.main_thread(), "asked on the screens' own thread"


@dataclass
class MemoryFirstRun:
    """Offers always the same words; what has twelve letters is strong."""

    judged: list[str] = field(default_factory=list)

    def offer(self) -> tuple[str, ...]:
        """Six words."""
        _off_the_screens_thread()
        return WORDS

    def estimate(self, passphrase: str) -> Estimate:
        """By its length."""
        _off_the_screens_thread()
        self.judged.append(passphrase)
        strong = len(passphrase) >= 12
        return Estimate(strong=strong, seconds=4e9 if strong else 2.0, warning="" if strong else "Too short")


@dataclass
class MemoryEntry:
    """Entry in memory. `broken` is raised by joining, as by a link that is gone."""

    practice: bool = False
    recovered: Recovered | None = None
    joined: Membership | None = None
    paper: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    broken: Trouble | None = None
    no_link: bool = False
    waits: Invitation | None = None
    was_told: int = 0
    kept: list[tuple[str, ...]] = field(default_factory=list)
    pseudonyms: list[str] = field(default_factory=list)

    def membership(self) -> Membership | None:
        """What was joined."""
        _off_the_screens_thread()
        return self.joined

    def invite_in(self, path: str) -> str:
        """A file's text."""
        _off_the_screens_thread()
        if path not in self.files:
            raise Trouble(f"{path}: No such file or directory", "check the name")
        return self.files[path]

    def look_at(self, invite: str) -> Invitation:
        """What the one invite says."""
        _off_the_screens_thread()
        if "".join(invite.split()) != INVITE:
            raise Trouble("the invite was mistyped or cut", "copy it again, whole")
        return Invitation(
            role="reporter", address="server.example:443", fingerprint=FINGERPRINT, expires=EXPIRES
        )

    def kept_invite(self) -> Invitation | None:
        """The invite that waits for a link."""
        _off_the_screens_thread()
        return self.waits

    def join(self, invite: str, pseudonym: str) -> Membership | None:
        """Join."""
        _off_the_screens_thread()
        assert invite == INVITE
        if self.broken is not None:
            raise self.broken
        self.pseudonyms.append(pseudonym)
        if self.no_link:
            self.waits = self.look_at(invite)
            return None
        self.joined = member(pseudonym=pseudonym or "reporter-1a2b")
        return self.joined

    def has_paper(self) -> bool:
        """Whether words were kept."""
        _off_the_screens_thread()
        return bool(self.kept)

    def draw_paper(self) -> PaperWords:
        """Always the same words."""
        _off_the_screens_thread()
        return PaperWords(words=PAPER, asked=(3, 10))

    def keep_paper(self, words: Sequence[str]) -> None:
        """Keep them."""
        _off_the_screens_thread()
        if self.broken is not None:
            raise self.broken
        self.kept.append(tuple(words))

    def told(self) -> None:
        """Count."""
        _off_the_screens_thread()
        self.was_told += 1
