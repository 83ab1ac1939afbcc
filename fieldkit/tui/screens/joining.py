"""Joining an organisation: an invite, what it says, words to compare aloud, and then the server."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from fieldkit.tui import keymap
from fieldkit.tui.messages import Joined, Refused, Told
from fieldkit.tui.ports.entry import Entry, Invitation
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.step import StepScreen
from fieldkit.tui.widgets.invite_field import BEGINS, InviteField

TITLE = "Joining an organisation"
ASK = (
    "An invite is a long text that begins with fki1. and that a coordinator gave you. Paste or type"
    " it here, in as many lines as it came, or type the path of a file that holds it. Then Enter.\n\n"
    "No invite yet? Esc: write now, join later. What you write waits in the vault.\n"
    "No link? Go on all the same: the invite is kept, and the next sync tries it."
)
LOOK = (
    "You would join as a {role}. Nothing has been sent yet.\n"
    "Server: {address}      The invite is good until {until}.\n\n"
    "Read these words to whoever gave you the invite, by voice; they see the same in their fieldkit:\n\n"
    "{fingerprint}\n\n"
    "If even one word differs, press Esc and do not join: somebody has changed the invite.\n\n"
    "The same? Type a pseudonym: a made-up name, never your own, that your reports carry. Or leave it empty."
    " Enter joins."
)
EMPTY = "Nothing is typed yet. Paste the invite or type a file that holds it, then Enter; Esc joins later."
BUSY = "Asking the server: over a bad link this takes a while. Nothing is lost if it breaks."
JOINED = (
    "This vault belongs to an organisation{name}.\n"
    "You are called {pseudonym}. Server: {address}\n\n"
    "Its fingerprint, to compare by voice at any time:\n\n"
    "{fingerprint}\n\n{next}"
)
TAKEN = "Enter goes on."
TELLING = (
    "You have joined on this laptop. Telling the server goes on in the background: the sync screen (F5) says"
    " how far it is, and tries again. Enter goes on."
)
NOT_TAKEN = (
    "You have joined on this laptop; Enter goes on.\n"
    "The server has not confirmed the join yet: each sync asks for it. Only if it was refused, paste another"
    " invite here."
)
KEPT = (
    "{server} could not be reached, so you have not joined yet.\n"
    "The invite is kept in this vault, encrypted; the next sync tries it again (F5, then s). It is good until"
    " {until}.\n\n"
    "Its words, to compare by voice:\n\n{fingerprint}\n\n"
    "Enter goes on: write now, what you write waits in the vault. Another invite may be pasted here instead."
)
NOT_WHOLE = (
    "So far {count} characters. Was it cut? Paste the rest behind it. Mistyped? Paste the whole invite again:"
    " it takes the place of this one."
)

LEAVING = {"ask": "later", "look": "back", "joined": "close"}
"""What Esc does, by stage."""

PATH_SIGNS = ("/", "~", ".", "\\")


@dataclass(eq=False)
class Looked(Told):
    """An invite is whole."""

    invite: str = field(repr=False)
    told: Invitation


@dataclass(eq=False)
class KeptForLater(Told):
    """An invite waits for a link."""

    told: Invitation


class JoiningScreen(StepScreen[None]):
    """Asks for an invite, shows what it says, joins; where one has joined, shows the organisation."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.STEP_ON,
        keymap.STEP_LATER,
        keymap.STEP_BACK,
        keymap.STEP_CLOSE,
        keymap.LOCK,
        keymap.QUIT,
    ]

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry
        self._invite = ""
        self._stage = "ask"

    def asked(self) -> ComposeResult:
        """A field for the invite, one for a pseudonym."""
        yield InviteField()
        yield Input(id="pseudonym", max_length=60, select_on_focus=False, placeholder="pseudonym")

    def on_mount(self) -> None:
        """See whether one has joined already."""
        self._only(InviteField)
        self.tell(TITLE, ASK)
        self._see()

    def on_unmount(self) -> None:
        """The invite does not stay behind."""
        self._invite = ""

    def on_joined(self, event: Joined) -> None:
        """Show the organisation."""
        self._at("joined")
        found = event.membership
        self.tell(
            "Your organisation",
            JOINED.format(
                name=f": {found.name}" if found.name else "",
                pseudonym=found.pseudonym,
                address=found.address,
                fingerprint=in_rows(found.fingerprint),
                next=TAKEN if found.taken else TELLING if event.now else NOT_TAKEN,
            ),
        )
        self.say("")
        field = self.query_one(InviteField)
        field.value = ""
        self._only(InviteField)
        asks = not (found.taken or event.now)
        field.display = asks
        if not asks:
            self.set_focus(None)

    def on_kept_for_later(self, event: KeptForLater) -> None:
        """Say that the invite is kept, and what comes next."""
        self._at("joined")
        told = event.told
        self.tell(
            TITLE,
            KEPT.format(
                server=told.address, until=day_of(told.expires), fingerprint=in_rows(told.fingerprint)
            ),
        )
        self.say("")
        self.query_one(InviteField).value = ""
        self._only(InviteField)

    def on_looked(self, event: Looked) -> None:
        """Show what the invite says."""
        self._at("look", event.invite)
        told = event.told
        self.tell(
            TITLE,
            LOOK.format(
                role=told.role,
                address=told.address,
                until=day_of(told.expires),
                fingerprint=in_rows(told.fingerprint),
            ),
        )
        self.say("")
        self._only("#pseudonym")

    def on_refused(self, event: Refused) -> None:
        """Say why not; what was typed stays, so that the rest can be put behind it."""
        if self._stage == "join":
            self._at("look", self._invite)
            self._only("#pseudonym")
        typed = self.query_one(InviteField).value
        begun = self._stage == "ask" and typed.startswith(BEGINS)
        self.say(f"{event.said}\n{NOT_WHOLE.format(count=len(typed))}" if begun else event.said)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on with what was typed."""
        typed = event.value.strip()
        if self._stage == "look":
            self._at("join", self._invite)
            event.input.display = False
            self.set_focus(None)
            self.say(BUSY)
            self._join(self._invite, typed)
        elif self._stage in ("ask", "joined") and typed:
            self._look_at(typed)
        elif self._stage == "joined":
            self.dismiss()
        elif self._stage == "ask":
            self.say(EMPTY)

    def action_on(self) -> None:
        """Enter where no field takes it."""
        if self._stage == "joined":
            self.dismiss()

    def action_later(self) -> None:
        """Away, without having joined."""
        self.dismiss()

    def action_close(self) -> None:
        """Away, with everything done."""
        self.dismiss()

    def action_back(self) -> None:
        """From what the invite says back to the field."""
        self._at("ask")
        self.query_one(InviteField).value = ""
        self.tell(TITLE, ASK)
        self.say("")
        self._only(InviteField)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The same key says what it does at each stage; while the server is asked, it waits."""
        if action in {"later", "back", "close"}:
            return action == LEAVING.get(self._stage)
        return True

    def _at(self, stage: str, invite: str = "") -> None:
        """Another stage; the invite is held no longer than it takes."""
        self._stage, self._invite = stage, invite
        self.refresh_bindings()

    def _only(self, shown: str | type[Input]) -> None:
        for hidden in self.query(Input):
            hidden.display = False
        wanted = self.query_one(shown, Input) if isinstance(shown, str) else self.query_one(shown)
        wanted.display = True
        wanted.focus()

    @work(thread=True)
    def _see(self) -> None:
        try:
            found = self._entry.membership()
            kept = self._entry.kept_invite() if found is None else None
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
            return
        if found is not None:
            self.post_message(Joined(found))
        elif kept is not None:
            self.post_message(KeptForLater(kept))

    @work(thread=True, exclusive=True, group="look")
    def _look_at(self, typed: str) -> None:
        try:
            invite = self._entry.invite_in(typed) if typed.startswith(PATH_SIGNS) else typed
            self.post_message(Looked(invite, told=self._entry.look_at(invite)))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))

    @work(thread=True)
    def _join(self, invite: str, pseudonym: str) -> None:
        try:
            found = self._entry.join(invite, pseudonym)
            kept = self._entry.kept_invite() if found is None else None
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
            return
        if found is not None:
            self.post_message(Joined(found, now=True))
        elif kept is not None:
            self.post_message(KeptForLater(kept))


def day_of(seconds: int) -> str:
    """A day in words; an invite may name one that no calendar reaches."""
    try:
        return time.strftime("%d %B %Y", time.localtime(seconds)).lstrip("0")
    except (OverflowError, ValueError, OSError):
        return "an impossible day"


def in_rows(words: tuple[str, ...]) -> str:
    """Words to read aloud, numbered, four a row."""
    cells = [f"{number} {word}".ljust(16) for number, word in enumerate(words, start=1)]
    return "\n".join("    " + "".join(cells[first : first + 4]).rstrip() for first in range(0, len(cells), 4))
