"""Twelve commands of a reporter's life, with the world as it is before each of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from tests.faults.runs import Job, Ran, Warm, command, seen

REPORTER, COORDINATOR, SERVER = "reporter", "coordinator", "server"
ADDRESS = "127.0.0.1:8440"
"""Stands in tickets and directories; every run is sent to a port of its own instead."""

Look = Any
"""What tests.faults.look prints of a home, None for a home without a vault."""

RANKS = {"waiting": 0, "received": 1, "delivered": 2}
"""Which states follow which on the road of a report."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command."""

    who: str
    words: tuple[str, ...]
    linked: bool = False
    """Whether it talks to the server."""
    given: str = ""
    """Which text it reads from standard input: one of `Texts`."""

    def __str__(self) -> str:
        return f"{self.who}: {self.words[0]}"


STEPS = (
    Step(REPORTER, ("init",)),
    Step(REPORTER, ("join", "-"), True, "invite"),
    Step(REPORTER, ("new", "--from", "-"), False, "first"),
    Step(REPORTER, ("edit", "1", "--set", "title=Arrests north of Aleppo, second day")),
    Step(REPORTER, ("finish", "1")),
    Step(REPORTER, ("sync",), True),
    Step(COORDINATOR, ("pull",), True),
    Step(REPORTER, ("sync",), True),
    Step(REPORTER, ("new", "--from", "-"), False, "second"),
    Step(REPORTER, ("finish", "2")),
    Step(REPORTER, ("withdraw", "1", "--reason", "synthetic: sent by mistake")),
    Step(REPORTER, ("sync",), True),
)


@dataclass(frozen=True, slots=True)
class World:
    """Folders of a reporter, a coordinator and a server that belong together."""

    folder: Path

    def home(self, who: str) -> Path:
        """Somebody's home."""
        return self.folder / who

    def copied(self, to: Path, *only: str) -> World:
        """A copy, permissions and all, of the named folders or of everything."""
        to.mkdir()
        for name in only or (REPORTER, COORDINATOR, SERVER):
            if self.home(name).exists():
                shutil.copytree(self.home(name), to / name)
        return World(to)

    def remove(self) -> None:
        """Leave nothing of it."""
        shutil.rmtree(self.folder)


@dataclass(frozen=True, slots=True)
class Followed:
    """What followed a kill."""

    left: Look
    again: Ran | None
    """The second try; None when none was needed."""
    then: Look
    """What the second try left."""
    wrong: list[str]
    """What was wrong when everybody had exchanged."""


class Life:
    """The whole life lived once in the warm process; what was before and after each step."""

    def __init__(self, warm: Warm, folder: Path) -> None:
        self._warm = warm
        self._folder = folder
        self._names = count()
        self.texts = {"": "", "first": _report("Arrests north of Aleppo"), "second": _report("Shelling")}
        self.before: list[World] = []
        self.looks: list[tuple[Look, Look]] = []
        """Of each step, what its home held before and after it."""
        world = World(folder / "world")
        self._found(world)
        for step in STEPS:
            self.before.append(world.copied(folder / f"before-{len(self.before)}"))
            first = self.look(world, step.who)
            self.expect(self.do(world, step))
            self.looks.append((first, self.look(world, step.who)))

    def _found(self, world: World) -> None:
        """A server, and a coordinator with an organisation and an invite."""
        warm, server = self._warm, world.home(SERVER)
        world.folder.mkdir(parents=True)
        self.expect(warm.run("server", ("init", str(server), "--address", ADDRESS)))
        ticket = self.expect(warm.run("server", ("ticket", str(server)))).out.decode()
        home = world.home(COORDINATOR)
        self.expect(warm.fieldkit(home, "init"))
        with warm.server(server) as serving:
            words = ("org", "create", "Synthetic observers", "--server", "-")
            self.expect(warm.fieldkit(home, *words, stdin=ticket, port=serving.port))
            invited = self.expect(warm.fieldkit(home, "org", "invite", "reporter", "north-7"))
            self.texts["invite"] = invited.out.decode()
            self.expect(warm.fieldkit(home, "sync", port=serving.port))

    @staticmethod
    def expect(ran: Ran) -> Ran:
        """A run that must succeed. Raises AssertionError."""
        assert ran.code == 0, f"exit code {ran.code}: {ran.err}"
        return ran

    @contextmanager
    def copy(self, number: int, *, whole: bool = False) -> Iterator[World]:
        """The world before a step, as much of it as the step needs; removed unless the block raises."""
        step = STEPS[number]
        only = () if whole or step.linked else (step.who,)
        world = self.before[number].copied(self._folder / f"run-{next(self._names)}", *only)
        yield world
        world.remove()

    @contextmanager
    def serving(self, world: World, step: Step) -> Iterator[int | None]:
        """The port of the world's server, if the step needs one."""
        if not step.linked:
            yield None
            return
        with self._warm.server(world.home(SERVER)) as serving:
            yield serving.port

    def do(self, world: World, step: Step) -> Ran:
        """One step, with a server of its own."""
        with self.serving(world, step) as port:
            return self.act(world, step, port)

    def act(self, world: World, step: Step, port: int | None, **options: Any) -> Ran:
        """One step, with a server that runs already."""
        text = self.texts[step.given]
        return self._warm.fieldkit(world.home(step.who), *step.words, stdin=text, port=port, **options)

    def look(self, world: World, who: str) -> Look:
        """What a home holds. Raises AssertionError when it does not open whole."""
        return self._warm.look(world.home(who))

    def follow(self, world: World, number: int, port: int | None, *, exchange: bool) -> Followed:
        """What is left of a step that was killed, then the step again unless it was done, then an exchange.

        Raises AssertionError when a home does not open whole.
        """
        step, after = STEPS[number], self.looks[number][1]
        there, done = world.home(step.who), None if step.linked else json.dumps(after, sort_keys=True)
        looks = Job(program="look", words=(str(there),), unless=done)
        jobs = [
            replace(looks, unless=None),
            command(there, *step.words, stdin=self.texts[step.given], unless=done),
            looks,
        ]
        turns = _turns(step.who) if exchange else ()
        jobs += [command(world.home(who), verb) for who, verb in turns]
        if exchange:
            jobs += [Job(program="look", words=(str(world.home(who)),)) for who in (REPORTER, COORDINATOR)]
        first, again, second, *exchanged = self._warm.several(jobs, port=port)
        assert first is not None
        ended = [ran for ran in exchanged if ran is not None]
        wrong = [
            f"afterwards {verb} ended with {ran.code}: {ran.err}"
            for (_, verb), ran in zip(turns, ended, strict=False)
            if ran.code
        ]
        if exchange and not wrong:
            wrong = unsettled(*(seen(ran) for ran in ended[len(turns) :]))
        return Followed(seen(first), again, None if second is None else seen(second), wrong)

    def settle(self, world: World, port: int, after: str) -> list[str]:
        """Let both exchange, after one of them just did, until all is done; what is wrong then."""
        for who, verb in _turns(after):
            ran = self._warm.fieldkit(world.home(who), verb, port=port)
            if ran.code:
                return [f"afterwards {verb} ended with {ran.code}: {ran.err}"]
        return unsettled(self.look(world, REPORTER), self.look(world, COORDINATOR))


def _turns(after: str) -> tuple[tuple[str, str], ...]:
    """Who exchanges, and how, until all is done, when one of them just did."""
    turns = ((COORDINATOR, "pull"), (REPORTER, "sync"))
    return turns if after == REPORTER else turns[1:]


def unsettled(reporter: Look, coordinator: Look) -> list[str]:
    """What is missing or too much when everything has been exchanged."""
    sent = [report for report in reporter["reports"] if report["revisions"]]
    found = [f"{look['unsent']} frames wait" for look in (reporter, coordinator) if look["unsent"]]
    found += [f"not delivered: {report}" for report in sent if _states(report) != {"delivered"}]
    if _sources(sent) != _sources(coordinator["reports"]):
        found.append("the coordinator has other sources than the reporter gave")
    if _words(sent) != _words(coordinator["reports"]):
        found.append(f"expected at the coordinator {_words(sent)}, found {_words(coordinator['reports'])}")
    return found


def between(before: Look, left: Look, after: Look) -> bool:
    """Whether a home is somewhere on the way from one look to another, with nothing lost or torn.

    The lanes of a report come one after the other: who its sources are may still be missing.
    """
    if left in (before, after):
        return True
    if None in (before, left, after) or left["quarantined"]:
        return False
    if left["role"] not in (before["role"], after["role"]):
        return False
    if not any(_words(left["reports"]) == _words(look["reports"]) for look in (before, after)):
        return False
    then = {_name(report): report for report in before["reports"]}
    last = {_name(report): report for report in after["reports"]}
    return all(
        _ranks(then.get(_name(report), report)) <= _ranks(report) <= _ranks(last[_name(report)])
        and report["sources"] in (last[_name(report)]["sources"], {})
        for report in left["reports"]
    )


def _words(reports: list[Any]) -> list[str]:
    """What people wrote in some reports, each once."""
    return sorted(
        json.dumps([report["answers"], sorted(str(why) for _, why in report["revisions"])])
        for report in reports
    )


def _sources(reports: list[Any]) -> list[str]:
    """Who the sources of some reports are, each once."""
    return sorted(json.dumps(report["sources"]) for report in reports)


def _name(report: Any) -> str:
    return json.dumps(report["key"])


def _states(report: Any) -> set[str]:
    return {state for state, _ in report["revisions"]}


def _ranks(report: Any) -> list[int]:
    return sorted(RANKS[state] for state, _ in report["revisions"])


def _report(title: str) -> str:
    answers = {
        "title": title,
        "kind": "arrest",
        "start": "3 Aug 2026",
        "gov": "Aleppo",
        "narrative": "Synthetic: two men were stopped at a checkpoint.",
        "sources": [{"src": "S1", "src_name": "Synthetic Person"}],
    }
    return json.dumps(answers)
