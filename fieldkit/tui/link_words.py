"""What is said of sending and receiving: plain sentences, each true at the moment it is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fieldkit.tui.ports.link import Activity, LinkView, QueueLine, Stage, Standing

KILO = 1_000
"""Bytes in a kilobyte, as links and prices are counted."""

WHOLE = 100
"""From so many of a unit on nobody looks at its tenths."""

ASSUMED_SPEED = 2_000
"""Bytes a second where no link was measured yet: a bad one."""

MINUTE, HOUR = 60, 3_600
"""Seconds."""

SILENT_SECONDS = 5
"""After so long without a byte it is said for how long; and in such steps, for each redrawing costs."""

URGENT = {1: "within days", 2: "life at risk"}
"""Words for the urgencies that are not normal."""

FIRST = "goes first"
"""Said of what its owner hurried."""

TAKEN_BACK = "withdrawal of "
"""Before the title of a report that is taken back."""

CAPS = (0, 50_000, 200_000, 1_000_000, 5_000_000)
"""Limits to choose from, bytes an exchange; 0 for none."""

PARTS = "keys and receipts"
"""What the program itself has to send."""

_STANDINGS = {
    Standing.NONE: "This vault belongs to no organisation yet, so nothing can be sent. "
    "What to do: ask a coordinator for an invite and join with it (^P Commands, Join).",
    Standing.KEPT: "You have not joined yet: when it was tried, the server could not be reached. The invite "
    "is kept in this vault. What to do: send now (s) when there is a link.",
    Standing.NOT_TAKEN: "You have joined on this laptop; the server has not confirmed it yet. "
    "What to do: send now (s).",
    Standing.WAITING: "The server knows this laptop; a coordinator still has to let it in. What to do: ask "
    "whoever invited you to sync. The server keeps what you send till then, and it is opened later.",
}

_GLYPHS = {Stage.RECEIVED: "✓", Stage.DELIVERED: "✓✓"}


def size(count: int) -> str:
    """`840 bytes`, `4.1 KB`, `120 KB`, `2 MB`."""
    unit, word = _unit(count)
    return f"{_figure(count, unit)} {word}"


def _unit(count: int) -> tuple[int, str]:
    if count < KILO:
        return 1, "bytes"
    return (KILO, "KB") if count < KILO * KILO else (KILO * KILO, "MB")


def _figure(count: int, unit: int) -> str:
    amount = count / unit
    return f"{amount:.0f}" if amount >= WHOLE or unit == 1 else f"{amount:.1f}".removesuffix(".0")


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


def at_speed(count: int, speed: int) -> str:
    """How long so many bytes take, and at which speed; 0 where none was ever measured."""
    assumed = speed or ASSUMED_SPEED
    whence = "as last measured" if speed else "a bad link"
    return f"{lasting(count / assumed)} at {size(assumed)} a second, {whence}"


def waits(view: LinkView) -> str:
    """What waits and what sending it would take, before connecting."""
    if not view.waiting:
        return "Nothing waits to be sent." + _awaited(view)
    verb = "waits" if view.reports == 1 else "wait"
    what = f"{counted(view.reports, 'report')} {verb}" if view.reports else f"No report waits, only {PARTS}"
    cost = (
        to_send(view.size, view.beside) if view.reports else f"about {size(view.beside)} with the connection"
    )
    return f"{what}: {cost}. All of it takes about {at_speed(view.size + view.beside, view.speed)}."


def to_send(cost: int, beside: int) -> str:
    """What a report, or several, take to send, and apart from that what is needed to send anything."""
    return f"about {size(cost)} to send, and about {size(beside)} for keys and the connection"


def road(view: LinkView, last: str) -> str:
    """Where to and by which road, and when it last worked; `last` as in `2 h ago`."""
    done = "Nothing sent yet." if view.last_sync is None else f"Last success {last}."
    if view.unfinished and view.last_sync is not None:
        done = f"Last success {last}; the last try did not finish."
    return f"Server {view.address}, {view.route}. {done}" if view.address and view.route else done


def settings(view: LinkView) -> str:
    """What is set."""
    limit = f"{size(view.cap)} each time" if view.cap else "none"
    alone = "on" if view.by_itself else "off"
    return f"Automatic sending: {alone} (b). Limit: {limit} (l). Drafts are never sent."


def standing(view: LinkView) -> str:
    """Who has to do what before anything can be sent or read; empty for a member."""
    return _STANDINGS.get(view.standing, "")


def happens(view: LinkView, now: Activity, still: int = 0) -> Iterator[str]:
    """What goes on, or what went wrong last and what to do; `still` seconds nothing has moved."""
    if view.trouble:
        yield f"Nothing can be sent: {view.trouble}."
        return
    if now.busy:
        yield f"Now: {now.phase}. {size(now.up)} up, {size(now.down)} down so far."
        if still >= SILENT_SECONDS:
            shown = still - still % SILENT_SECONDS
            yield f"No answer for {lasting(shown)}. It gives up by itself; nothing is lost. Space stops it."
        return
    if now.paused:
        yield "Paused. Nothing is lost, nothing is sent until you say so: press s to go on."
        return
    if now.error:
        yield f"The last try did not succeed: {now.error}."
        if now.advice:
            yield f"What to do: {now.advice}."
        key = "p" if now.pulling else "s"
        yield (
            f"Press {key} to try again."
            if now.next_try is None
            else f"It tries again by itself in {lasting(now.next_try)}; {key} tries now."
        )
        return
    yield from _waiting_for(view, fetched=now.pulling and bool(now.news))


def news(told: Sequence[str], last: str) -> Iterator[str]:
    """What the last exchange brought, said as what is past; `last` as in `2 h ago`."""
    if told:
        yield f"The last exchange, {last}:"
    yield from told


def _waiting_for(view: LinkView, *, fetched: bool) -> Iterator[str]:
    """What has to happen before something is sent or fetched, while nothing goes on."""
    if view.standing is Standing.NONE:
        return
    if view.by_itself:
        yield "It connects as soon as a finished report waits, and now and then for news."
    elif view.waiting:
        keys = "s, or p to fetch reports" if view.coordinator else "s"
        yield f"Nothing is sent until you press {keys}."
    elif view.coordinator:
        yield "p fetches again." if fetched else "Nothing is fetched until you press p."
    elif view.awaited or view.standing is Standing.WAITING:
        yield "s asks the server for news."


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
    title = f"{TAKEN_BACK if line.withdraws else ''}{line.title or '(no title)'}"
    marks = [URGENT[line.urgency]] if line.urgency in URGENT else []
    marks += [FIRST] if line.hurried else []
    return f"‼ {', '.join(marks)}: {title}" if marks else title


def amount(line: QueueLine) -> str:
    """Its bytes, and how many of them went through."""
    if line.gone and line.stage is Stage.GOING:
        return f"{_figure(line.gone, _unit(line.size)[0])} of {size(line.size)}"
    return size(line.size)


def _awaited(view: LinkView) -> str:
    if not view.awaited:
        return ""
    return f" {counted(view.awaited, 'report')} on the server, not delivered to a coordinator yet."
