"""Sending and receiving: what waits, what an exchange is doing, and what it brought."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Stage(StrEnum):
    """How far a report is on its way. The words are what a person is told; each is true whenever it shows."""

    HERE = "not sent yet"
    """Nothing of it has left this laptop."""
    TRIED = "perhaps sent, unconfirmed"
    """An exchange began to send it and broke: some of it may have arrived, no verified receipt covers it."""
    GOING = "sending"
    SENT = "sent, not confirmed"
    """All of it went through; no verified receipt covers it yet."""
    RECEIVED = "confirmed by the server"
    """A verified receipt covers every part of it."""
    DELIVERED = "reached a coordinator"
    """A coordinator's laptop opened it and proved so. Whether a person read it is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """One report on its way. Its title is clean text of one line."""

    number: int | None
    """Local number; None for what the program itself has to tell, such as keys."""
    title: str = field(repr=False)
    urgency: int
    """0 normal, 1 within days, 2 life at risk."""
    hurried: bool = False
    """Whether its owner wants it sent before all others."""
    withdraws: bool = False
    """Whether what is sent takes the report back."""
    size: int
    """Bytes, about."""
    gone: int
    """Bytes of it that went through in the present exchange; no receipt yet."""
    stage: Stage


class Standing(StrEnum):
    """How far this laptop has come into its organisation."""

    NONE = "none"
    KEPT = "kept"
    """An invite is kept; its server could not be reached yet."""
    NOT_TAKEN = "not taken"
    """It has an invite; the server has not taken the join yet."""
    WAITING = "waiting"
    """Joined; a coordinator has to let it in."""
    MEMBER = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """What the vault knows of the link."""

    standing: Standing
    coordinator: bool
    """Whether this laptop also pulls."""
    address: str
    """Host and port of the server."""
    route: str
    """Such as `directly`."""
    trouble: str
    """Why nothing can be sent as things are set; empty when it can."""
    notices: tuple[str, ...] = ()
    """What else stands in the way or has to be told, a sentence each with what to do."""
    reports: int
    """Reports that wait."""
    waiting: int
    """Reports and the program's own notes that wait."""
    size: int
    """Bytes of the reports that wait, about."""
    beside: int = 0
    """Bytes that keys, receipts and the connection take beside them, about."""
    speed: int
    """Bytes a second, as last measured; 0 when never."""
    last_sync: int | None
    """UTC seconds."""
    unfinished: bool
    """Whether the last try did not finish."""
    awaited: int
    """Reports the server holds and no coordinator has opened yet."""
    refused: int
    """Records the server refused or that could not be sealed."""
    cap: int
    """Bytes both ways that one exchange may cost; 0 for no limit."""
    by_itself: bool
    """Whether exchanges begin by themselves while the program is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What is going on, from memory. `up` and `down` are bytes of the present exchange or the last one."""

    busy: bool = False
    pulling: bool = False
    phase: str = ""
    """What the exchange does now, such as `connecting`."""
    word: str = ""
    """The same for the line above every screen, in a word or two: `sending`, `paused`, `offline`."""
    paused: bool = False
    """Whether nothing begins until somebody says so."""
    up: int = 0
    down: int = 0
    error: str = ""
    """What went wrong last, in plain words; empty after an exchange that went well."""
    advice: str = ""
    news: tuple[str, ...] = field(default=(), repr=False)
    """What the last exchange brought, a line each."""
    queue: tuple[QueueLine, ...] = field(default=(), repr=False)
    """In sending order."""
    settled: tuple[QueueLine, ...] = field(default=(), repr=False)
    """What has been confirmed since the vault was opened, the latest first."""
    next_try: float | None = None
    """Seconds until the next exchange begins by itself; None when none will."""


Listener = Callable[[bool], None]
"""Called from any thread when something is new; True when reports or their states may have changed."""


class Link(Protocol):
    """The link. `view`, `settle` and `hurry` may take a moment and may raise Trouble: ask worker threads.

    The others return at once, on any thread.
    """

    def view(self) -> LinkView:
        """What the vault knows."""

    def coordinates(self) -> bool:
        """Whether this laptop also pulls; quicker than `view`, and asked like it."""

    def settle(self, *, cap: int | None = None, by_itself: bool | None = None) -> None:
        """Change what is set, for good."""

    def activity(self) -> Activity:
        """What is going on."""

    def begin(self, *, pull: bool = False) -> None:
        """Begin an exchange, or go on after a pause. While one runs this changes nothing."""

    def pause(self) -> None:
        """Stop at the next safe place, and begin nothing by itself until `begin`."""

    def hurry(self, number: int, yes: bool) -> None:
        """Let what waits of a report go before everything else, or no more. Ask as for `view`."""

    def listen(self, told: Listener | None) -> None:
        """Whom to tell; None for nobody."""
