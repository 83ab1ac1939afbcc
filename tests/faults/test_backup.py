"""kill -9 at the calls of `backup` and `restore`: the old thing or the new one, whole, nothing in clear."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldkit.actions import unlock
from fieldkit.vault import copying
from fieldkit.vault.errors import VaultError
from tests.conftest import DEEP
from tests.faults.figures import Figures
from tests.faults.look import PASSPHRASE
from tests.faults.runs import Ran, Warm
from tests.faults.strace_rig import Point, Trace
from tests.faults.sweep import copy_of, sweep

TITLE = "Synthetic: a report that must come back"
WORDS = "Invented words of a report, a canary in a mine"
SECRETS = [
    text.encode(encoding)
    for text in (TITLE, WORDS, PASSPHRASE)
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
]
"""What may stand in no file."""

OLD, NEW = "last-week.backup", "today.backup"

EACH = 3
"""Of the many writes to one file every such one is a point, and the first and the last; of all else each."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with a vault, a stick beside it, and room for another laptop."""

    folder: Path

    @property
    def home(self) -> Path:
        """The vault."""
        return self.folder / "home"

    @property
    def other(self) -> Path:
        """The other laptop's, made from a backup."""
        return self.folder / "other"

    @property
    def old(self) -> Path:
        """The backup that is there already."""
        return self.folder / "stick" / OLD

    @property
    def new(self) -> Path:
        """The one that is being written."""
        return self.folder / "stick" / NEW


@pytest.fixture(scope="module")
def template(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One finished-looking report in a vault, one backup of it."""
    place = Place(tmp_path_factory.mktemp("backup") / "place")
    (place.folder / "stick").mkdir(parents=True)
    for words in (
        ("init",),
        ("new", "--set", f"title={TITLE}", "--set", f"narrative={WORDS}"),
        ("backup", str(place.old)),
    ):
        ran = warm.fieldkit(place.home, *words)
        assert ran.code == 0, ran.err
    return place.folder


def digest(path: Path) -> str:
    """Of all of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def opens(warm: Warm, home: Path) -> list[str]:
    """What is wrong with a vault that should be there whole."""
    try:
        warm.look(home)
    except AssertionError as error:
        return [str(error)]
    found = warm.fieldkit(home, "show", "1", "--json")
    said = {} if found.code else json.loads(found.out)["answers"]
    whole = (said.get("title"), said.get("narrative")) == (TITLE, WORDS)
    return [] if whole else [f"{home.name} lacks its report: {found.err}"]


def in_clear(folder: Path) -> list[str]:
    """Files that hold words of a report, or the passphrase."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".log"]
    held = {path.relative_to(folder): path.read_bytes() for path in files}
    return [
        f"{name} holds {text!r} in clear"
        for name, data in held.items()
        for text in SECRETS
        if text in data or text in str(name).encode()
    ]


def is_whole(backup: Path) -> bool:
    """Whether a file is a backup from one end to the other."""
    try:
        copying.look(backup)
    except VaultError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Work:
    """A verb that is killed, and what must hold then. `program` is what runs it."""

    warm: Warm
    template: Path
    verb: str
    program: str = "fieldkit"

    def run(self, place: Place, point: Point | None = None, *, trace: bool = True) -> Ran:
        """Once, to its end or to the point."""
        home, file = (place.home, place.new) if self.verb == "backup" else (place.other, place.old)
        log = place.folder.with_suffix(".log") if trace else None
        return self.warm.fieldkit(home, self.verb, str(file), program=self.program, trace=log, point=point)

    def points(self) -> tuple[Path, list[Point]]:
        """Where a run that is left alone can be killed, and its folder."""
        place = Place(copy_of(self.template))
        ran = self.run(place)
        assert ran.code == 0 and ran.out, ran.err
        return place.folder, ran.trace.points(place.folder)

    def kill(self, folder: Path, point: Point) -> tuple[Trace, list[str]]:
        """Kill a run there; what is wrong afterwards."""
        place = Place(folder)
        ran = self.run(place, point)
        found = [*in_clear(folder), *opens(self.warm, place.home)]
        if digest(place.old) != digest(Place(self.template).old):
            found.append("the backup that was there is another one")
        found += self._new_backup(place, ran) if self.verb == "backup" else self._other(place, ran)
        return ran.trace, [*found, *in_clear(folder)]

    def _new_backup(self, place: Place, ran: Ran) -> list[str]:
        """There is none, or a whole one; none is called written that is not; the next try makes one."""
        if place.new.exists():
            return [] if is_whole(place.new) else ["what has the name of a backup is none"]
        found = [f"it said {ran.out!r}, and there is none"] if ran.out else []
        again = Work(self.warm, self.template, self.verb).run(place, trace=False)
        if again.code or not is_whole(place.new):
            return [*found, f"the second try made none: {again.err}"]
        left = sorted(path.name for path in place.new.parent.iterdir())
        return found if left == sorted((OLD, NEW)) else [*found, f"the second try left {left}"]

    def _other(self, place: Place, ran: Ran) -> list[str]:
        """No vault, or a whole one; none is called restored that is not; the next try makes one."""
        there = unlock.home_exists(place.other)
        found = [f"it said {ran.out!r}, and there is no vault"] if ran.out and not there else []
        if not there:
            again = Work(self.warm, self.template, self.verb).run(place, trace=False)
            if again.code:
                return [*found, f"the second try was refused: {again.err}"]
        return [*found, *opens(self.warm, place.other)]


def sampled(points: Sequence[Point]) -> list[Point]:
    """All points, but of the writes to one file a part: they are alike."""
    writes = ("pwrite64", "write")
    last = {(point.call, point.place): point.when for point in points}
    return [
        point
        for point in points
        if DEEP
        or point.call not in writes
        or point.when in (1, last[point.call, point.place])
        or point.when % EACH == 0
    ]


@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_killed_anywhere(verb: str, warm: Warm, template: Path, figures: Figures) -> None:
    """After a kill there is the old thing or the new one, whole, and a second try works."""
    work = Work(warm, template, verb)
    dry, points = work.points()
    chosen = sampled(points)
    assert {"fsync", "pwrite64" if verb == "backup" else "write"} <= {point.call for point in chosen}
    found = sweep(template, chosen, dry, work.kill)
    assert not found, "\n".join(found)
    figures.add(
        f"kill -9 of `fieldkit {verb}`: {len(chosen)} of {len(points)} points, old or new whole, 0 in clear"
    )


@pytest.mark.parametrize(
    ("verb", "caught"), [("backup", "has the name of a backup"), ("restore", "does not open")]
)
def test_careless_program_is_caught(verb: str, caught: str, warm: Warm, template: Path) -> None:
    """The control: a name that is given before all is there is seen."""
    work = Work(warm, template, verb, "careless")
    dry, points = work.points()
    chosen = [point for point in points if point.call in ("write", "fsync")]
    found = sweep(template, chosen, dry, work.kill)
    assert any(caught in fault for fault in found), found


def test_words_in_clear_are_caught(template: Path) -> None:
    """The control of the search for words."""
    folder = copy_of(template)
    assert in_clear(folder) == []
    (folder / "stick" / "note").write_text(f"…{WORDS}…", encoding="utf-16")
    assert len(in_clear(folder)) == 1
