"""One history, played: the parties, their acts, and the promises checked after each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fieldkit.actions import capture, exchange, restarting
from fieldkit.actions.errors import (
    ActionError,
    InputProblem,
    LinkProblem,
    RefusedProblem,
    UsageProblem,
    VerificationProblem,
)
from tests.simulator import office
from tests.simulator.chance import stream
from tests.simulator.checks import check_laptop, check_ticks_now
from tests.simulator.disk import Died, FileDisk, MemoryDisk
from tests.simulator.events import EXCHANGES, SERVER, SKEWS, Act, Event, History
from tests.simulator.laptop import Laptop, Snapshot, Word, WorldClock
from tests.simulator.network import FOREIGN, Network
from tests.simulator.server import Durable, SimServer, SimStore
from tests.simulator.template import NEWCOMERS, NOW, Template
from tests.simulator.truth import Truth, Violation

STEP_SECONDS: Final = 700
"""Between two events."""

BASE: Final = {
    "title": "Simulated",
    "kind": ["shelling"],
    "start": "2001-02-03",
    "gov": "Example Region",
}


class World:
    """Everybody in one history."""

    def __init__(self, history: History, template: Template, store: SimStore | None = None) -> None:
        self.history = history
        self.clock = WorldClock(NOW)
        self._store = SimStore() if store is None else store
        self._store.put(template.server)
        self.server = SimServer(self._store, self.clock.now)
        self.network = Network(self.server)
        self.truth = Truth(template.organisation)
        self.truth.look(self._store.durable)
        self.rolled_back = False
        """Whether the server was ever put back to a backup."""
        self.journal: list[str] = []
        self._template = template
        self._backups: dict[str, Snapshot] = {}
        self._server_backup: Durable = template.server
        self.laptops = {name: self._laptop(name, template.laptops[name]) for name in history.cast}

    def _laptop(self, name: str, snapshot: Snapshot) -> Laptop:
        home = self._template.homes / "played" / name
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        disk = FileDisk(home) if self._template.on_files else MemoryDisk()
        disk.put(snapshot.image)
        laptop = Laptop(name, disk, home, self.clock, self.network)
        laptop.memory = snapshot.memory.copy()
        return laptop

    def close(self) -> None:
        """Let go of every database."""
        for laptop in self.laptops.values():
            laptop.disk.let_go()

    def play(self, event: Event) -> None:
        """Let one event happen and check every promise it may have broken."""
        self.clock.time += STEP_SECONDS
        outcome = _ACTS[event.act](self, event)
        self.journal.append(f"{event}: {outcome}")
        rolled = event.act is Act.ROLLBACK and event.who == SERVER
        self.truth.look(self._store.durable, rolled_back=rolled)
        if failures := self.server.failures():
            raise Violation(f"the server's code failed at {failures[0]}")
        laptop = self.laptops.get(event.who)
        if laptop is not None:
            check_laptop(laptop, self.truth)
            if laptop.exchanged and not laptop.doubtful:
                check_ticks_now(laptop, self.truth)
            laptop.exchanged = False

    # On a laptop

    def on_laptop(self, event: Event, act: Callable[[Laptop], str]) -> str:
        """Do something on a laptop, which may die over it; only an ActionError may come out."""
        laptop = self.laptops.get(event.who)
        if laptop is None:
            return "nobody"
        laptop.database.fuse = event.fuse
        laptop.database.after = bool(event.amount & 1)
        random = stream(self.history.seed, event.salt, event.who)
        try:
            with laptop.acting(random, event.troubles):
                return act(laptop)
        except Died:
            laptop.restart()
            return "died"
        except ActionError as error:
            if event.act in EXCHANGES:
                laptop.warned.append(error.message)
            self._judge(event, laptop, error)
            return type(error).__name__
        except Exception as error:
            raise Violation(f"{event} on {laptop.name} raised {error!r}") from error
        finally:
            laptop.database.fuse = None

    def _judge(self, event: Event, laptop: Laptop, error: ActionError) -> None:
        """Whether there was a reason for an error."""
        if self.rolled_back or (laptop.doubtful and not isinstance(error, VerificationProblem)):
            return
        if isinstance(error, LinkProblem):
            fair = bool(event.troubles)
        elif isinstance(error, RefusedProblem):
            fair = laptop.name in NEWCOMERS or laptop.name == "second"
        elif isinstance(error, VerificationProblem):
            fair = any(trouble.fault in FOREIGN for trouble in event.troubles)
        elif isinstance(error, UsageProblem):
            fair = event.act is Act.PULL and not laptop.listed
        else:
            fair = isinstance(error, InputProblem) and event.act not in (*EXCHANGES, Act.WRITE, Act.DRAFT)
        if not fair:
            raise Violation(f"{event} on {laptop.name} was refused for no reason: {error}") from error

    def write(self, event: Event) -> str:
        """Begin a report and, unless it stays a draft, finish it."""

        def act(laptop: Laptop) -> str:
            narrative, source, answers = self._answers(laptop, event)
            begun = capture.new_draft(laptop.session, answers)
            if event.act is Act.DRAFT:
                laptop.memory.drafts[begun.number] = narrative
                return f"draft {begun.number}"
            return self._finish(laptop, begun.number, narrative, source)

        return self.on_laptop(event, act)

    def _answers(self, laptop: Laptop, event: Event) -> tuple[str, str | None, dict[str, object]]:
        narrative = f"told by {laptop.name} at {event.salt}"
        if event.amount % 5 == 0:
            # Frames of other sizes: text that cannot be squeezed.
            narrative += " " + stream(self.history.seed, event.salt, "long")(1 + event.amount % 1_000).hex()
        answers: dict[str, object] = {**BASE, "narrative": narrative}
        source = None
        if event.amount % 3 == 0:
            source = f"Person Example-{laptop.name}-{event.salt}"
            answers["sources"] = [{"src": "S1", "src_name": source}]
            self.truth.sources.add(source)
        self.truth.tried.setdefault(laptop.device, set()).add(narrative)
        return narrative, source, answers

    def _finish(self, laptop: Laptop, number: int, narrative: str, source: str | None) -> str:
        # Whoever loses power over it does not know whether it was finished.
        draft = laptop.memory.drafts.pop(number, None)
        try:
            done = capture.finish(laptop.session, str(number))
        except ActionError:
            if draft is not None:
                laptop.memory.drafts[number] = draft
            raise
        laptop.memory.words.append(
            Word(bytes.fromhex(done.revision), narrative, bytes.fromhex(done.incident), source)
        )
        return f"finished {number}"

    def finish(self, event: Event) -> str:
        """Finish an open draft, if there is one."""

        def act(laptop: Laptop) -> str:
            drafts = sorted(laptop.memory.drafts)
            if not drafts:
                return "no draft"
            number = drafts[event.amount % len(drafts)]
            return self._finish(laptop, number, laptop.memory.drafts[number], None)

        return self.on_laptop(event, act)

    def edit(self, event: Event) -> str:
        """Write a further revision of some report in the list, whoever wrote it."""

        def act(laptop: Laptop) -> str:
            lines = laptop.vault.records.page()
            numbers = sorted(line.number for line in lines if line.revisions)
            if not numbers:
                return "no report"
            number = numbers[event.amount % len(numbers)]
            if number in laptop.memory.drafts:
                return "has a draft"
            narrative, source, answers = self._answers(laptop, event)
            changes = {"narrative": narrative, "sources": answers.get("sources")}
            capture.edit(laptop.session, str(number), changes)
            return self._finish(laptop, number, narrative, source)

        return self.on_laptop(event, act)

    def withdraw(self, event: Event) -> str:
        """Take a report back."""

        def act(laptop: Laptop) -> str:
            numbers = sorted(line.number for line in laptop.vault.records.page() if line.revisions)
            if not numbers:
                return "no report"
            reason = f"taken back by {laptop.name} at {event.salt}"
            self.truth.tried.setdefault(laptop.device, set()).add(reason)
            number = numbers[event.amount % len(numbers)]
            revision = capture.withdraw(laptop.session, str(number), reason)
            incident = laptop.vault.revisions.load(revision).incident
            laptop.memory.words.append(Word(bytes(revision), reason, bytes(incident), None))
            return f"withdrew {number}"

        return self.on_laptop(event, act)

    def sync(self, event: Event) -> str:
        """Exchange as `fieldkit sync` does."""

        def act(laptop: Laptop) -> str:
            told = exchange.sync(laptop.session)
            laptop.warned += [*told.refused, *told.alarms]
            laptop.exchanged = True
            return f"sent {told.sent_frames}, waiting {told.waiting_frames}, requests {told.requests}"

        return "mute" if self._mute(event) else self.on_laptop(event, act)

    def pull(self, event: Event) -> str:
        """Exchange as `fieldkit pull` does."""

        def act(laptop: Laptop) -> str:
            told = exchange.pull(laptop.session)
            laptop.warned += [*told.alarms, *told.forks, *told.gaps]
            laptop.exchanged = True
            return f"verified {told.records_verified}, told {told.acknowledged_frames}"

        return "mute" if self._mute(event) else self.on_laptop(event, act)

    def _mute(self, event: Event) -> bool:
        laptop = self.laptops.get(event.who)
        return laptop is not None and laptop.mute

    def begin_anew(self, event: Event) -> str:
        """Let the log begin anew, where the chief found it set back."""

        def act(laptop: Laptop) -> str:
            if not laptop.vault.generations.set_back():
                return "whole"
            told = restarting.restart_log(laptop.session)
            laptop.exchanged = True
            return f"{len(told.lanes)} lanes, offered {told.offered_frames}"

        return self.on_laptop(event, act)

    # With machines

    def restart(self, event: Event) -> str:
        """Switch a machine off and on."""
        if event.who == SERVER:
            self.server.restart()
        elif event.who in self.laptops:
            self.laptops[event.who].restart()
        return "restarted"

    def jump(self, event: Event) -> str:
        """Set a clock wrong."""
        skew = SKEWS[event.amount % len(SKEWS)]
        if event.who == SERVER:
            self.server.skew = skew
        elif event.who in self.laptops:
            self.laptops[event.who].clock.skew = skew
        return f"{skew} s"

    def backup(self, event: Event) -> str:
        """Copy a machine's disk away."""
        if event.who == SERVER:
            self._server_backup = self._store.durable
        elif event.who in self.laptops:
            self._backups[event.who] = self.laptops[event.who].snapshot()
        return "copied"

    def roll_back(self, event: Event) -> str:
        """Put a machine back to the copy, or to how the history began."""
        if event.who == SERVER:
            self._store.put(self._server_backup)
            self.server.restart()
            self.rolled_back = True
        elif event.who in self.laptops:
            laptop = self.laptops[event.who]
            laptop.put(self._backups.get(event.who, self._template.laptops[event.who.rstrip("'")]))
            laptop.doubtful = True
        return "put back"

    def clone(self, event: Event) -> str:
        """Copy a whole laptop; both go on."""
        name = event.who + "'"
        if event.who not in self.laptops or name in self.laptops:
            return "nobody"
        original = self.laptops[event.who]
        self.laptops[name] = self._laptop(name, original.snapshot())
        self.laptops[name].clock.skew = original.clock.skew
        self.laptops[name].doubtful = original.doubtful = True
        return "cloned"

    def arrive(self, event: Event) -> str:
        """What hung in the network arrives."""
        return f"{self.network.deliver_held()} requests"

    def replay(self, event: Event) -> str:
        """An old request comes again."""
        return str(self.network.replay(event.amount))

    def wait(self, event: Event) -> str:
        """Days pass."""
        self.clock.time += event.amount % 20 * 86_400
        return f"{event.amount % 20} days"

    def mute(self, event: Event) -> str:
        """A coordinator stops exchanging for good; the chief does not."""
        laptop = self.laptops.get(event.who)
        if laptop is not None and event.who in ("second", "late"):
            laptop.mute = True
            return "silenced"
        return "nobody"

    def govern(self, event: Event) -> str:
        """Change the directory."""

        def act(chief: Laptop) -> str:
            if event.act is Act.POLICY:
                office.set_policy(chief, 1 + event.amount % 2)
            elif event.act is Act.ROTATE:
                seed = stream(self.history.seed, event.salt, "seed")(32)
                office.rotate(chief, office.ROTATED[event.amount % 2], seed)
            else:
                leaver = self.laptops.get("second" if event.amount % 2 else "late")
                return str(leaver is not None and office.dismiss(chief, leaver))
            return "signed"

        return self.on_laptop(event, act)


_ACTS: Final[dict[Act, Callable[[World, Event], str]]] = {
    Act.WRITE: World.write,
    Act.DRAFT: World.write,
    Act.FINISH: World.finish,
    Act.EDIT: World.edit,
    Act.WITHDRAW: World.withdraw,
    Act.SYNC: World.sync,
    Act.PULL: World.pull,
    Act.RESTART: World.restart,
    Act.CLOCK: World.jump,
    Act.WAIT: World.wait,
    Act.ARRIVE: World.arrive,
    Act.REPLAY: World.replay,
    Act.BACKUP: World.backup,
    Act.ROLLBACK: World.roll_back,
    Act.CLONE: World.clone,
    Act.POLICY: World.govern,
    Act.ROTATE: World.govern,
    Act.LEAVE: World.govern,
    Act.MUTE: World.mute,
    Act.ANEW: World.begin_anew,
}
