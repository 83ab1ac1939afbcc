"""A link in memory: it does what it is told, and counts what it was asked."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from fieldkit.tui.ports.link import Activity, LinkView, Listener, QueueLine, Stage, Standing
from fieldkit.tui.ports.trouble import Trouble

NOTHING = LinkView(
    standing=Standing.MEMBER,
    coordinator=False,
    address="127.0.0.1:8440",
    route="directly",
    trouble="",
    reports=0,
    waiting=0,
    size=0,
    beside=1_700,
    speed=2_000,
    last_sync=1_790_000_000 - 7_300,
    unfinished=False,
    awaited=0,
    refused=0,
    cap=0,
    by_itself=False,
)


def line(number: int | None, title: str = "", *, size: int = 2_048, **more: object) -> QueueLine:
    """A report on its way."""
    given: dict[str, object] = {"urgency": 0, "gone": 0, "stage": Stage.HERE, **more}
    return QueueLine(number=number, title=title, size=size, **given)  # type: ignore[arg-type]


THREE = (
    line(42, "Artillery shelling", urgency=2, size=8_210),
    line(40, "Arrest campaign", urgency=1),
    line(39, "نزوح من القرية"),
)
"""What waits, the most urgent first."""

WAITING = replace(NOTHING, reports=3, waiting=5, size=12_306)


@dataclass
class MemoryLink:
    """Satisfies `ports.link.Link`. `say` changes what goes on, as an exchange would."""

    seen: LinkView = NOTHING
    now: Activity = field(default_factory=Activity)
    trouble: Trouble | None = None
    begun: list[bool] = field(default_factory=list)
    """For each exchange that was asked for, whether it was to pull."""
    paused: int = 0
    hurried: list[tuple[int, bool]] = field(default_factory=list)
    told: Listener | None = None

    def view(self) -> LinkView:
        """What is set."""
        assert threading.current_thread() is not threading.main_thread(), "asked on the screens' own thread"
        if self.trouble is not None:
            raise self.trouble
        return self.seen

    def coordinates(self) -> bool:
        """As the view says."""
        return self.seen.coordinator

    def settle(self, *, cap: int | None = None, by_itself: bool | None = None) -> None:
        """Set it."""
        if cap is not None:
            self.seen = replace(self.seen, cap=cap)
        if by_itself is not None:
            self.seen = replace(self.seen, by_itself=by_itself)

    def hurry(self, number: int, yes: bool) -> None:
        """Note it, and let it go first."""
        self.hurried.append((number, yes))
        queue = [replace(one, hurried=yes) if one.number == number else one for one in self.now.queue]
        self.now = replace(self.now, queue=tuple(sorted(queue, key=lambda one: not one.hurried)))

    def activity(self) -> Activity:
        """What goes on."""
        return self.now

    def begin(self, *, pull: bool = False) -> None:
        """Count."""
        self.begun.append(pull)

    def pause(self) -> None:
        """Count."""
        self.paused += 1

    def listen(self, told: Listener | None) -> None:
        """Whom `say` tells."""
        self.told = told

    def say(self, *, changed: bool = False, view: LinkView | None = None, **now: object) -> None:
        """Something is new."""
        self.now = replace(self.now, **now)  # type: ignore[arg-type]
        self.seen = view or self.seen
        if self.told is not None:
            self.told(changed)
