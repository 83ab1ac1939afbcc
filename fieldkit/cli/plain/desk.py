"""The desk in lines: the verbs of the command line, one after the other, on a vault that stays open."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldkit.cli import wording
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault, explain
from fieldkit.cli.invited import BEGINS
from fieldkit.cli.output import at_prompt
from fieldkit.cli.parser import HelpAsked, parse
from fieldkit.cli.plain.asking import END_OF_TEXT
from fieldkit.cli.plain.lines import Ended, Idle, LineCut, Lines, ending_on_signals

if TYPE_CHECKING:
    from fieldkit.actions.session import Session
    from fieldkit.cli.context import Context

OFFERED = (
    ("new", "write a report"),
    ("list", "your reports"),
    ("search WORDS", "find reports"),
    ("show N", "read report N"),
    ("edit N", "go on writing it, or change a finished one"),
    ("finish N", "look it over, then sign it"),
    ("sync", "send what waits, fetch receipts"),
    ("history N", "what changed from one revision to the next"),
    ("withdraw N", "take a sent report back"),
    ("discard N", "throw a draft away"),
    ("join", "join an organisation with an invite"),
    ("status", "what waits and why"),
    ("backup FILE", "copy the whole vault into one encrypted file"),
    ("VERB --help", "more about any of these"),
    ("lock or quit", "lock the vault and leave"),
)
"""What `?` tells: the reporter's verbs. The coordinators' work here too."""

LEAVING = ("quit", "exit", "lock")
"""What ends it."""

ELSEWHERE = ("init", "restore", "demo", "completion", "")
"""Verbs that make no sense on a vault that is open."""

OFFERED_TO_COORDINATORS = (
    ("pull", "fetch and open what members sent"),
    ("org members", "who belongs to the organisation, and which invites are open"),
    ("org invite ROLE NAME", "an invite for a reporter or a coordinator"),
    ("export FILE --format csv", "the reports as a file"),
)
"""What it tells a coordinator besides."""

ASKED = dict.fromkeys(
    ("show", "edit", "finish", "history", "withdraw", "discard", "duplicate"), "Its number:"
)
ASKED["search"] = ASKED["find"] = "What to look for:"
"""What a verb needs that was typed alone."""

WHOLE_LINE = ("search", "find")
"""Verbs that take all that follows as one argument, so that nobody has to quote."""


LEFT_BEHIND = "What was shown is still in this window: clear it, or close it, so that nobody reads it there."
"""Said at the end: a terminal keeps lines, and no escape sequence takes them away here."""


class Erased(Exception):
    """There is no vault any more."""


def talk(context: Context) -> ExitCode:
    """Open the vault, making one where there is none, and do what is asked for until that ends."""
    from fieldkit.actions import unlock

    lines = context.lines
    lines.say("fieldkit, line by line. Nothing you write leaves this laptop before you finish it and sync.")
    try:
        with ending_on_signals():
            if not unlock.home_exists(context.home):
                lines.say(f"There is no vault in {context.home} yet.")
                if not _wanted(lines):
                    lines.say("Nothing was made.")
                    return ExitCode.OK
            with _opened(context) as session:
                lines.say(*_standing(session), "? lists what can be typed here.")
                here = replace(context.output, prompted=True)
                _serve(replace(context, lent=session, output=here), lines)
    except Ended:
        lines.say("")
    except Erased:
        return ExitCode.OK
    except Idle:
        lines.say("", "Five minutes without a line.")
    lines.say(LEFT_BEHIND, "The vault is locked. What was saved stays saved.")
    return ExitCode.OK


def _wanted(lines: Lines) -> bool:
    """Whether a vault is to be made; nobody there is a no."""
    try:
        return lines.agreed("Make one?")
    except (Ended, Idle):
        lines.say("")
        return False


def _opened(context: Context) -> Session:
    """The vault; one that is made now is open already."""
    from fieldkit.actions import unlock
    from fieldkit.cli.verbs.vault import made

    if unlock.home_exists(context.home):
        return context.unlocked()
    session = made(context)
    context.lines.say(f"The vault is ready, in {context.home}. Its passphrase is asked for next time.")
    return session


def _serve(context: Context, lines: Lines) -> None:
    while True:
        try:
            typed = lines.ask(">").strip()
        except LineCut:
            lines.say("That line was too long, and nothing was done.")
            continue
        if typed.casefold() in LEAVING:
            return
        if typed in ("?", "help"):
            lines.say(*(f"  {name}  {words}" for name, words in _aligned(context)))
        elif typed == END_OF_TEXT:
            # Typed once too often behind a text or a report: it must not end in a shell.
            lines.say("Nothing is being written here. quit locks the vault and leaves.")
        elif typed:
            _do(context, typed)


def _do(context: Context, typed: str) -> None:
    """One verb. What goes wrong is told, and the next one can be typed."""
    from fieldkit.cli.main import load

    try:
        if typed in ASKED:
            what = context.lines.ask(ASKED[typed]).strip()
            if not what:
                return
            typed = f"{typed} {what}"
        request = parse(_arguments(typed))
        if request.verb.name in ELSEWHERE:
            raise CliFault(ExitCode.USAGE, f"{typed}: not here", "? lists what can be typed here")
        load(request.verb.run)(context, **request.values)
        if request.verb.name == "wipe" and not request.values["drill"]:
            raise Erased
    except HelpAsked as asked:
        context.output.page(str(asked))
    except KeyboardInterrupt:
        context.lines.say("", "Stopped. What was saved stays saved.")
    except (Ended, Idle, Erased):
        raise
    except Exception as error:
        told = explain(error)
        context.lines.fault(replace(told, message=at_prompt(told.message), hint=at_prompt(told.hint)))


def _arguments(typed: str) -> list[str]:
    # Whoever copies a line out of a page or a hint types the program's name too.
    typed = typed.removeprefix("fieldkit ").strip()
    if typed.startswith(BEGINS):
        return ["join", typed]
    verb, _, rest = typed.partition(" ")
    if verb in WHOLE_LINE:
        return ["search", "--", rest.strip()] if rest.strip() else ["search"]
    try:
        return shlex.split(typed)
    except ValueError:
        raise CliFault(ExitCode.USAGE, "a quotation mark is open", "close it") from None


def _standing(session: Session) -> Iterator[str]:
    from fieldkit.actions import records, status

    found = status.status(session)
    drafts = wording.counted(found.drafts, "draft")
    yield f"{drafts}, {found.waiting} waiting, last sync {wording.moment(found.last_sync)}."
    if found.drafts:
        last = records.list_records(session, limit=1, state="draft")
        yield from (
            f"Written last: {line.number}, {line.title or 'no title yet'}. To go on: edit {line.number}."
            for line in last
        )
    if found.role is None:
        yield "You have joined no organisation yet. Write now and join later: join asks for the invite."


def _aligned(context: Context) -> Iterator[tuple[str, str]]:
    from fieldkit.actions import status

    offered: tuple[tuple[str, str], ...] = OFFERED
    if context.lent is not None and status.status(context.lent).role == "coordinator":
        offered = OFFERED[:-2] + OFFERED_TO_COORDINATORS + OFFERED[-2:]
    width = max(len(name) for name, _ in offered)
    for name, words in offered:
        yield name.ljust(width), words
