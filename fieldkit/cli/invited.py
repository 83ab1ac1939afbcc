"""An invite on its way in: from an argument, a file, standard input or a conversation; looked at before it is
used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.cli import wording
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.plain.lines import LineCut
from fieldkit.cli.sources import STANDARD_INPUT, next_line, one_line

if TYPE_CHECKING:
    from fieldkit.actions.joining import InviteTold

ASK = "Paste the invite, in as many lines as it came, or type the name of a file that holds it:"
MORE = "That is no whole invite yet, {count} characters. Paste the rest, or all again; Enter alone gives up:"
SAME = "Are all of them the same?"
PSEUDONYM = "A pseudonym for your reports, a made-up name, never your own; Enter alone makes one up:"

BEGINS = "fki1."
"""Of every invite."""

PATH_SIGNS = ("/", "~", ".", "\\")
ROW_WORDS = 4


def asks(context: Context) -> bool:
    """Whether a person sits there, to be asked what a script has no answer to."""
    if context.output.json or context.passphrases.given is not None:
        return False
    return context.lent is not None or (sys.stdin.isatty() and sys.stderr.isatty())


def read_invite(context: Context, given: str | None, *, alone: bool) -> str:
    """The invite that was given: itself, or a file's, or what is typed when it is None or `-`.

    `alone` says that nothing but the invite comes on standard input, in as many lines as a mail broke it.
    Raises CliFault and InputProblem (input).
    """
    if given is not None and given != STANDARD_INPUT:
        if _is_path(given):
            return _of_file(given)
        # Pasted where a line ends with each break, the rest comes behind it.
        return _collected(_typed(context), given) if asks(context) else given
    if asks(context) or context.lent is not None:
        return _collected(_typed(context))
    return _collected(_piped) if alone else one_line(STANDARD_INPUT, "an invite")


def look(context: Context, invite: str, *, yes: bool) -> None:
    """Show what an invite says, and ask whether its words are those of whoever gave it, unless `yes` says it.

    Raises CliFault (input) when they are not, InputProblem for no invite. Nothing is sent here.
    """
    from fieldkit.actions import joining

    context.lines.say(*_told(joining.look(invite)))
    if not yes and not context.lines.agreed(SAME):
        raise CliFault(
            ExitCode.INPUT,
            "the words differ, so this laptop did not join, and nothing was sent",
            "tell whoever invited you, by voice: somebody may have changed the invite; ask for another one",
        )


def pseudonym(context: Context) -> str | None:
    """The name somebody wants to have; None to have one made up."""
    while True:
        with suppress(LineCut):
            return context.lines.ask(PSEUDONYM).strip() or None


def _told(told: InviteTold) -> Iterator[str]:
    until = wording.moment(told.expires, zone=True)
    yield f"You would join as a {told.role}. Nothing has been sent yet."
    yield f"Server: {told.address}. The invite is good until {until}."
    yield "Read these words to whoever gave you the invite, by voice; `status` shows them the same:"
    words = [f"{number} {word}" for number, word in enumerate(told.fingerprint, start=1)]
    for first in range(0, len(words), ROW_WORDS):
        yield "  " + "   ".join(words[first : first + ROW_WORDS])
    yield "If even one word differs, do not join: somebody has changed the invite."


def _collected(line: Callable[[str], str], text: str = "") -> str:
    """Lines put together until they are a whole invite; as far as they go when no more come."""
    from fieldkit.actions import joining

    asked = MORE.format(count=len(text)) if text else ASK
    while not joining.is_whole(text):
        typed = line(asked)
        if not typed and not text:
            raise CliFault(ExitCode.INPUT, "expected an invite, got an empty line", "paste it as it came")
        # A whole one behind one that was mistyped takes its place.
        text = typed if typed.startswith(BEGINS) else text + typed
        if _is_path(text):
            return _of_file(text)
        if not typed:
            break
        asked = MORE.format(count=len(text))
    return text


def _typed(context: Context) -> Callable[[str], str]:
    def line(asked: str) -> str:
        try:
            return context.lines.ask(asked).strip()
        except LineCut as cut:
            return cut.kept.strip()

    return line


def _piped(asked: str) -> str:
    """The next line of standard input; empty at its end."""
    return next_line("an invite").strip()


def _is_path(text: str) -> bool:
    if text.startswith(BEGINS):
        return False
    if text.startswith(PATH_SIGNS):
        return True
    with suppress(OSError, ValueError):
        return Path(text).is_file()
    return False


def _of_file(name: str) -> str:
    from fieldkit.actions.joining import invite_from_file

    return invite_from_file(Path(name))
