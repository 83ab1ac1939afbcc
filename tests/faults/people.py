"""Several laptops of one organisation at work by the command line, and what all of them must end with."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.life import COORDINATOR, World
from tests.faults.runs import Ran, Warm

ANSWERS = {
    "kind": "arrest",
    "start": "3 Aug 2026",
    "gov": "Aleppo",
    "narrative": "Synthetic: nobody was hurt.",
}

ROUNDS = 4
"""How often everybody exchanges before it must be over."""


@dataclass(slots=True)
class People:
    """Whoever works in one world. `program` is what reporters run."""

    warm: Warm
    world: World
    port: int = 0
    program: str = "fieldkit"
    alarms: dict[str, list[str]] = field(default_factory=dict)
    """What each was told while exchanging."""

    def do(self, who: str, *words: str, stdin: str = "", allowed: tuple[int, ...] = (0,)) -> Ran:
        """One command with --json."""
        program = "fieldkit" if who == COORDINATOR else self.program
        home = self.world.home(who)
        ran = self.warm.fieldkit(home, *words, "--json", stdin=stdin, port=self.port, program=program)
        assert ran.code in allowed, f"{who}: {' '.join(words)} ended with {ran.code}: {ran.err}"
        return ran

    def write(self, who: str, title: str) -> None:
        """A new report, finished."""
        text = json.dumps({"title": title, **ANSWERS})
        number = json.loads(self.do(who, "new", "--from", "-", stdin=text).out)["number"]
        self.do(who, "finish", str(number))

    def exchange(self, who: str, allowed: tuple[int, ...] = (0, 8)) -> Any:
        """Sync or pull; what it reports. Alarms are remembered."""
        ran = self.do(who, "pull" if who == COORDINATOR else "sync", allowed=allowed)
        report = json.loads(ran.out) if ran.out else {"alarms": [ran.err]}
        told = [*report["alarms"], *report.get("forks", ())]
        self.alarms.setdefault(who, []).extend(told)
        return report

    def settle(self, *people: str) -> None:
        """Everybody exchanges in turn, a few times."""
        for _ in range(ROUNDS):
            for who in people:
                self.exchange(who)

    def copy(self, who: str, to: str) -> None:
        """A copy of somebody's home, as of a folder that nobody uses at the moment."""
        shutil.rmtree(self.world.home(to), ignore_errors=True)
        shutil.copytree(self.world.home(who), self.world.home(to))

    def states(self, who: str) -> dict[str, str]:
        """The state of each report by its title. Raises AssertionError when one is there twice."""
        lines = json.loads(self.do(who, "list", "--limit", "0").out)
        twice = [title for title, many in Counter(line["title"] for line in lines).items() if many > 1]
        assert not twice, f"{who} has twice: {twice}"
        return {line["title"]: line["state"] for line in lines}

    def faults(self, expected: set[str], *reporters: str) -> list[str]:
        """What is missing at the coordinator or too much, and what a reporter still waits for."""
        arrived = set(self.states(COORDINATOR))
        found = [f"{title!r} did not arrive" for title in sorted(expected - arrived)]
        found += [f"{title!r} was never sent" for title in sorted(arrived - expected)]
        for who in reporters:
            status = json.loads(self.do(who, "status").out)
            if status["unsent_frames"]:
                found.append(f"{who} waits with {status['unsent_frames']} frames")
            late = {title: state for title, state in self.states(who).items() if state != "delivered"}
            found += [f"{who}: {title!r} is {state}" for title, state in late.items()]
        return found

    def keep(self, folder: Path, name: str) -> Path:
        """A backup of a stopped server's folder."""
        shutil.copytree(self.world.home("server"), folder / name)
        return folder / name
