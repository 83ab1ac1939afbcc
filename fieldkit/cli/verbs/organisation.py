"""Membership: org create, org invite, org members, join."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from fieldkit.cli import shapes, wording
from fieldkit.cli.cells import columns
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.invited import asks, look, read_invite
from fieldkit.cli.invited import pseudonym as ask_pseudonym
from fieldkit.cli.sources import STANDARD_INPUT, one_line

if TYPE_CHECKING:
    from fieldkit.actions.enrol import MemberLine, OrganisationView


AFTER_JOIN = "Next: `fieldkit sync` asks to be let in; reports can be written meanwhile."
NOT_YET = (
    "The server could not be reached, so you have not joined yet. The invite is kept in this vault,"
    " encrypted; the next `fieldkit sync` tries it. Write meanwhile: what you write waits in the vault."
)

NOBODY = "No member is known here, and no invite is open. Next: `fieldkit sync`, or `fieldkit org invite`."

RESTART_WORD = "restart"
"""Typed to go on: a log that begins anew makes everybody send and pull again."""


def create(context: Context, *, name: str, ticket: str, pseudonym: str) -> ExitCode:
    """Create an organisation on a server."""
    from fieldkit.actions import enrol

    called = one_line(name, "the organisation's name")
    given = one_line(ticket, "a ticket")
    own = one_line(pseudonym, "your pseudonym") if pseudonym else pseudonym
    with context.unlocked() as session:
        view = enrol.create_organisation(session, called, given, pseudonym=own)
    return _tell(context, view, "Next: `fieldkit org invite` for each person, then `fieldkit sync`.")


def invite(context: Context, *, role: str, name: str, days: int) -> ExitCode:
    """Make an invite; standard output gets it and nothing else."""
    from fieldkit.actions import enrol

    called = one_line(name, "a pseudonym")
    with context.unlocked() as session:
        view = enrol.invite(session, role, called, days=days)
    context.output.give(shapes.INVITE.of(view), [view.text])
    until = wording.moment(view.expires, zone=True)
    context.output.say(f"For one {view.role}, good until {until}. It works after your next `fieldkit sync`.")
    context.output.say(
        "Hand it over on a channel you trust: whoever has it can join. It is not shown again and cannot be"
        " called back: where it was lost, make another; `fieldkit org members` shows which are open, and who"
        " joined."
    )
    return ExitCode.OK


def members(context: Context) -> ExitCode:
    """List the members."""
    from fieldkit.actions import enrol

    with context.unlocked() as session:
        found = enrol.members(session)
    rows = [
        (
            line.state,
            line.role,
            line.name,
            (line.device or "")[:8],
            _since(line, int(time.time())),
            "copied or put back: ask in person" if line.doubtful else "",
        )
        for line in found
    ]
    context.output.give([shapes.MEMBERS.of(line) for line in found], columns(rows))
    if not found:
        context.output.say(NOBODY)
    return ExitCode.OK


def _since(line: MemberLine, now: int) -> str:
    if line.expires is not None:
        verb = "good until" if line.expires > now else "expired"
        return f"{verb} {wording.moment(line.expires)}"
    return "" if line.joined is None else wording.moment(line.joined)


def restart_log(context: Context, *, yes: bool) -> ExitCode:
    """Let the log begin anew."""
    from fieldkit.actions import restarting

    with context.unlocked() as session:
        for lane in restarting.lanes_to_restart(session):
            context.output.say(
                f"Lane {lane.name}: {lane.held} entries were pulled here, the server has {lane.given}."
            )
        if not yes and one_line(STANDARD_INPUT, f"the word {RESTART_WORD}") != RESTART_WORD:
            raise CliFault(
                ExitCode.INPUT, f"expected the word {RESTART_WORD}, got another one", "nothing was done"
            )
        report = restarting.restart_log(session)
    rows = [(f"lane {lane.name}", "began anew") for lane in report.lanes]
    rows += [
        ("offered again", wording.counted(report.offered_frames, "frame")),
        ("still waiting", wording.counted(report.waiting_frames, "frame")),
    ]
    rows += [("refused", reason) for reason in report.refused]
    context.output.give(shapes.RESTART.of(report), columns(rows))
    for alarm in report.alarms:
        context.output.say(alarm)
    context.output.say("Tell the other coordinators to pull, and everybody to sync.")
    return ExitCode.PARTIAL if report.refused or report.waiting_frames else ExitCode.OK


def join(context: Context, *, invite: str | None, pseudonym: str | None, yes: bool) -> ExitCode:
    """Join an organisation. Whoever sits at a terminal compares the words first."""
    from fieldkit.actions import enrol, joining_later

    given = read_invite(context, invite, alone=pseudonym != STANDARD_INPUT)
    own = one_line(pseudonym, "your pseudonym") if pseudonym else pseudonym
    if not asks(context):
        with context.unlocked() as session:
            view = enrol.join(session, given, pseudonym=own)
        return _tell(context, view, AFTER_JOIN)
    look(context, given, yes=yes)
    if own is None:
        own = ask_pseudonym(context)
    with context.unlocked() as session:
        if not joining_later.join_or_keep(session, given, pseudonym=own or ""):
            context.output.say(NOT_YET)
            return ExitCode.PARTIAL
        view = enrol.organisation(session)
    return _tell(context, view, AFTER_JOIN)


def _tell(context: Context, view: OrganisationView, following: str) -> ExitCode:
    # Its name is sealed to coordinators: a reporter's laptop does not know it.
    rows = [("organisation", view.name)] if view.name else []
    rows += [
        ("id", view.organisation),
        ("server", view.address),
        ("fingerprint", " ".join(view.fingerprint)),
    ]
    context.output.give(shapes.ORGANISATION.of(view), columns(rows))
    context.output.say("Compare the words of the fingerprint with other members by another channel;")
    context.output.say("`fieldkit status` shows them again.")
    context.output.say(following)
    return ExitCode.OK
