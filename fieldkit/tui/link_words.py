"""What is said of sending and receiving: plain sentences, each true at the moment it is made."""

from __future__ import annotations

from collections.abc import Iterator

from fieldkit.tui.ports.link import Activity, LinkView, QueueLine, Stage, Standing

KILO = 1_000
"""Bytes in a kilobyte, as links and prices are counted."""

MINUTE, HOUR = 60, 3_600
"""Seconds."""

URGENT = {1: "within days", 2: "life at risk"}
"""Words for the urgencies that are not normal."""

FIRST = "goes first"
"""Said of what its owner hurried."""

CAPS = (0, 50_000, 200_000, 1_000_000, 5_000_000)
"""Limits to choose from, bytes an exchange; 0 for none."""

PARTS = "keys and receipts"
"""What the program itself has to send."""

_STANDINGS = {
    Standing.NONE: "This vault belongs to no organisation yet, so nothing can be sent. "
    "What to do: ask a coordinator for an invite and join with it (^P Commands, Join).",
    Standing.NOT_TAKEN: "You have joined on this laptop; the server has not heard of it yet. "
    "What to do: send now.",
    Standing.WAITING: "The server knows this laptop; a coordinator still has to let it in. What to do: ask "
    "whoever invited you to sync, then send again. What you send till then is kept and opened later.",
}

_GLYPHS = {Stage.RECEIVED: "✓", Stage.DELIVERED: "✓✓"}


def size(count: int) -> str:
    """`840 bytes`, `4.1 KB`, `2.0 MB`."""
    if count < KILO:
        return f"{count} bytes"
    if count < KILO * KILO:
        return f"{count / KILO:.1f} KB"
    return f"{count / KILO / KILO:.1f} MB"


def counted(count: int, one: str) -> str:
    """`1 report`, `3 reports`."""
    return f"{count} {one if count == 1 else one + 's'}"


def lasting(seconds: float) -> str:
    """`5 s`, `3 min`, `2 h`: rounded up."""
    if seconds < MINUTE:
        return f"{max(1, -int(-seconds // 1))} s"
    if seconds < HOUR:
        return f"{-int(-seconds // MINUTE)} min"
    return f"{-int(-seconds // HOUR)} h"


def waits(view: LinkView) -> str:
    """What waits and what sending it would take, before connecting."""
    if not view.waiting:
        return "Nothing waits to be sent." + _awaited(view)
    reports = counted(view.reports, "report")
    verb = "waits" if view.reports == 1 else "wait"
    what = f"{reports} {verb} to be sent" if view.reports else f"No report waits, only {PARTS}"
    cost = f"about {size(view.size)} to send"
    if view.speed:
        return f"{what}: {cost}, about {lasting(view.size / view.speed)} at the speed last measured."
    return f"{what}: {cost}; how fast the link is shows when it is used."


def road(view: LinkView, last: str) -> str:
    """Where to and by which road, and when it last worked; `last` as in `2 h ago`."""
    done = "No exchange has succeeded yet." if view.last_sync is None else f"Last success: {last}."
    if view.unfinished and view.last_sync is not None:
        done = f"Last success: {last}; the last try did not finish."
    return f"Server {view.address}, {view.route}. {done}" if view.address and view.route else done


def settings(view: LinkView) -> str:
    """What is set."""
    limit = f"no more than {size(view.cap)} an exchange" if view.cap else "no limit on bytes"
    if view.by_itself:
        return f"Sends by itself while the program is open: yes ({limit}). Drafts are never sent."
    return f"Sends by itself while the program is open: no ({limit})."


def standing(view: LinkView) -> str:
    """Who has to do what before anything can be sent or read; empty for a member."""
    return _STANDINGS.get(view.standing, "")


def happens(view: LinkView, now: Activity) -> Iterator[str]:
    """What goes on, or what went wrong last and what to do."""
    if view.trouble:
        yield f"Nothing can be sent: {view.trouble}."
        return
    if now.busy:
        yield f"Now: {now.phase}. {size(now.up)} up, {size(now.down)} down so far."
        return
    if now.paused:
        yield "Paused. Nothing is lost, nothing is sent until you say so: press s to go on."
        return
    if now.error:
        yield f"The last try did not succeed: {now.error}."
        if now.advice:
            yield f"What to do: {now.advice}."
        yield (
            "Press s to try again."
            if now.next_try is None
            else f"It tries again by itself in {lasting(now.next_try)}; s tries now."
        )
        return
    if view.standing is not Standing.NONE and not view.by_itself:
        yield "Nothing is sent until you press s."


def next_cap(cap: int) -> int:
    """The limit after this one."""
    larger = [one for one in CAPS if one > cap]
    return larger[0] if larger else 0


def glyph(line: QueueLine) -> str:
    """The sign of the list for this line."""
    return _GLYPHS.get(line.stage, "⇅")


def name(line: QueueLine) -> str:
    """What a line is called: how urgent, then its title."""
    if line.number is None:
        return PARTS
    title = line.title or "(no title)"
    marks = [URGENT[line.urgency]] if line.urgency in URGENT else []
    marks += [FIRST] if line.hurried else []
    return f"‼ {', '.join(marks)}: {title}" if marks else title


def amount(line: QueueLine) -> str:
    """Its bytes, and how many of them went through."""
    if line.gone and line.stage is Stage.GOING:
        unit = KILO if line.size >= KILO else 1
        if unit == KILO:
            return f"{line.gone / KILO:.1f} of {size(line.size)}"
        return f"{line.gone} of {line.size} bytes"
    return size(line.size)


def _awaited(view: LinkView) -> str:
    if not view.awaited:
        return ""
    return f" {counted(view.awaited, 'report')} on the server, not opened by a coordinator yet."
