"""What sync, pull, export and membership print, and how a run ends, for each thing an action can tell.

The actions are stood in for here; tests/cli/test_journey.py runs the real ones against a real server.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit.actions import enrol, exchange, outlook, publish, watching
from fieldkit.actions.enrol import InviteView, MemberLine, OrganisationView
from fieldkit.actions.errors import LinkProblem, PausedProblem, RefusedProblem, VerificationProblem
from fieldkit.actions.exchange import PullReport, SyncReport
from fieldkit.actions.publish import ExportReport
from fieldkit.cli import shapes
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.shape import Shape
from sync.client.plan import State
from sync.client.status import Status
from tests.cli.program import Program

ORGANISATION = OrganisationView(
    name="Example group",
    organisation="00" * 16,
    fingerprint=("amber", "basin", "cedar"),
    address="127.0.0.1:4433",
    directory_version=3,
)
INVITE = InviteView(text="fkinvite1example", expires=1_800_000_000, role="reporter", name="north-7")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """An empty vault."""
    return Program(home=tmp_path_factory.mktemp("home") / "vault").create()


def gives(value: Any) -> Callable[..., Any]:
    """An action that returns a value, or raises it."""

    def action(*_: object, **__: object) -> Any:
        if isinstance(value, Exception):
            raise value
        return value

    return action


SYNCS = {
    "all sent": (SyncReport(sent_frames=3, sent_bytes=2300, confirmed_frames=3, requests=1), ExitCode.OK),
    "nothing to do": (SyncReport(requests=1), ExitCode.OK),
    "some wait": (SyncReport(sent_frames=3, confirmed_frames=2, waiting_frames=1), ExitCode.PARTIAL),
    "some refused": (SyncReport(refused=("lane 1, number 4: too large",)), ExitCode.PARTIAL),
    "only asked": (SyncReport(dry_run=True, waiting_frames=5, sent_bytes=4100), ExitCode.OK),
    "no link": (LinkProblem("the connection was cut", "sync again"), ExitCode.LINK),
    "refused whole": (RefusedProblem("the server refused"), ExitCode.REFUSED),
    "not the server": (VerificationProblem("another key"), ExitCode.VERIFICATION),
}


@pytest.mark.parametrize(("told", "code"), SYNCS.values(), ids=SYNCS)
def test_sync_ends(program: Program, monkeypatch: pytest.MonkeyPatch, told: Any, code: ExitCode) -> None:
    """Each outcome has its exit code; data is printed only where there is some."""
    monkeypatch.setattr(exchange, "sync", gives(told))
    arguments = ["sync", "--json", *(["--dry-run"] if getattr(told, "dry_run", False) else [])]
    ran = program(*arguments)
    assert ran.code is code
    if isinstance(told, Exception):
        assert ran.out == ""
        assert ran.error["code"] == int(code)
    else:
        assert list(ran.value) == list(shapes.SYNC.keys)
        assert ran.value["refused"] == list(told.refused)


def test_sync_hands_on_its_options(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cap and the dry run reach the action."""
    seen: dict[str, object] = {}

    def sync(_: object, **options: object) -> SyncReport:
        seen.update(options)
        return SyncReport()

    monkeypatch.setattr(exchange, "sync", sync)
    program("sync", "--max-bytes", "9000", "--dry-run")
    assert (seen["max_bytes"], seen["dry_run"]) == (9000, True)


def test_progress_is_talk(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress goes to standard error, each phase once, and not with --quiet."""

    def sync(_: object, *, progress: Callable[[Status], None], **__: object) -> SyncReport:
        for phase in (State.CONNECTING, State.CONNECTING, State.SENDING, State.DONE):
            progress(Status(phase=phase))
        progress(Status(phase=State.STOPPED, error="the connection was cut", advice="sync again"))
        return SyncReport(alarms=("two clocks disagree",))

    monkeypatch.setattr(exchange, "sync", sync)
    ran = program("sync")
    assert ran.err.splitlines() == [
        State.CONNECTING.value,
        State.SENDING.value,
        "going through what came",
        "Tell a coordinator: two clocks disagree",
    ]
    assert program("sync", "--quiet").err == ""


PULLS = {
    "all well": (PullReport(lanes={"main": 40, "sources": 2}, records_verified=42), ExitCode.OK),
    "a gap": (PullReport(lanes={"main": 1}, gaps=("ab12: 3 to 4 in lane 1",)), ExitCode.PARTIAL),
    "no key yet": (PullReport(lanes={}, awaiting_key=2), ExitCode.PARTIAL),
    "set aside": (PullReport(lanes={}, refused=1), ExitCode.PARTIAL),
    "strangers wait": (PullReport(lanes={}, unopened_pending=3), ExitCode.OK),
    "a fork": (
        PullReport(lanes={}, forks=("fork, ab12: two histories",), gaps=("x",)),
        ExitCode.VERIFICATION,
    ),
}


@pytest.mark.parametrize(("told", "code"), PULLS.values(), ids=PULLS)
def test_pull_ends(
    program: Program, monkeypatch: pytest.MonkeyPatch, told: PullReport, code: ExitCode
) -> None:
    """Each outcome has its exit code, and what is missing or forked is in the data either way."""
    monkeypatch.setattr(exchange, "pull", gives(told))
    ran = program("pull", "--json")
    assert ran.code is code
    assert list(ran.value) == list(shapes.PULL.keys)
    page = program("pull")
    for line in (*told.gaps, *told.forks):
        assert line in ran.value["gaps"] + ran.value["forks"]
        assert line in page.out


MEMBERS = [
    MemberLine(device="ab" * 16, role="coordinator", name="first", state="you", joined=1_790_000_000),
    MemberLine(device=None, role="reporter", name="north-7", state="invited", joined=None),
]
VERBS: dict[str, tuple[object, str, Any, list[str], Shape]] = {
    "create": (
        enrol,
        "create_organisation",
        ORGANISATION,
        ["org", "create", "Example group", "--server", "ticket"],
        shapes.ORGANISATION,
    ),
    "join": (enrol, "join", ORGANISATION, ["join", "invite"], shapes.ORGANISATION),
    "invite": (enrol, "invite", INVITE, ["org", "invite", "reporter", "north-7"], shapes.INVITE),
    "members": (enrol, "members", MEMBERS, ["org", "members"], shapes.MEMBERS),
    "export": (
        publish,
        "export",
        ExportReport(path="out.csv", incidents=3, bytes=900, left_out=1, reason_left_out="no position"),
        ["export", "out.csv", "--format", "csv"],
        shapes.EXPORT,
    ),
}


@pytest.mark.parametrize(("module", "name", "told", "arguments", "shape"), VERBS.values(), ids=VERBS)
def test_keys(
    program: Program,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    told: Any,
    arguments: list[str],
    shape: Shape,
) -> None:
    """The documented keys, read from what the action really returns."""
    monkeypatch.setattr(module, name, gives(told))
    value = program.json(*arguments)
    assert isinstance(value, list) is shape.array
    for one in value if shape.array else [value]:
        assert list(one) == list(shape.keys)
    assert program(*arguments).code is ExitCode.OK


def test_invite_is_alone_on_standard_output(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it can be piped to whatever shows it to the other person."""
    monkeypatch.setattr(enrol, "invite", gives(INVITE))
    ran = program("org", "invite", "reporter", "north-7")
    assert ran.out == "fkinvite1example\n"
    assert "next `fieldkit sync`" in ran.err


def test_no_members(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing at all looks like a fault."""
    monkeypatch.setattr(enrol, "members", gives([]))
    ran = program("org", "members")
    assert ran.out == "" and "No member is known here" in ran.err


def test_export_of_sources_warns(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes sources to a clear file is told so."""
    monkeypatch.setattr(publish, "export", gives(VERBS["export"][2]))
    ran = program("export", "out.csv", "--format", "csv", "--sources")
    assert "names sources" in ran.err
    assert "1 report left out: no position" in ran.err
    assert "names sources" not in program("export", "out.csv", "--format", "csv").err


def test_demo_does_not_overwrite(tmp_path: Path, program: Program) -> None:
    """A folder with something in it is left alone."""
    (tmp_path / "mine").touch()
    ran = program("demo", "--keep", str(tmp_path))
    assert ran.code is ExitCode.INPUT
    assert "not empty" in ran.err


class Exchanges:
    """Exchanges of somebody who watches: each gives a report or raises; the last one is stopped by ^C."""

    def __init__(self, *told: Any) -> None:
        self._left = list(told)
        self.done = 0

    def __call__(self, _: object, *, stop: threading.Event, **__: object) -> Any:
        self.done += 1
        told = self._left.pop(0) if self._left else PausedProblem("stopped on request", "sync again")
        if not self._left:
            stop.set()
        if isinstance(told, Exception):
            raise told
        return told


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits, and something is always due."""
    monkeypatch.setattr(watching, "FIRST_WAIT_SECONDS", 0.0)
    monkeypatch.setattr(outlook, "due", lambda _: (True, True))


@pytest.mark.usefixtures("at_once")
def test_sync_watches(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of data for each exchange that came to an end, talk for one that did not; ^C is no error."""
    exchanges = Exchanges(
        SyncReport(sent_frames=1), LinkProblem("the connection was cut", "wait"), SyncReport()
    )
    monkeypatch.setattr(exchange, "sync", exchanges)
    ran = program("sync", "--watch", "--json")
    assert [json.loads(line)["sent_frames"] for line in ran.out.splitlines()] == [1, 0]
    assert "the connection was cut; wait" in ran.err
    assert (ran.code, exchanges.done) == (ExitCode.OK, 3)


@pytest.mark.usefixtures("at_once")
def test_pull_watches(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for a coordinator."""
    exchanges = Exchanges(PullReport(lanes={}), PullReport(lanes={}, incidents_new=2))
    monkeypatch.setattr(exchange, "pull", exchanges)
    ran = program("pull", "--watch", "--json")
    assert [json.loads(line)["incidents_new"] for line in ran.out.splitlines()] == [0, 2]
    assert (ran.code, exchanges.done) == (ExitCode.OK, 2)


ENDS = {
    "limit": ("sync", SyncReport(capped=True, waiting_frames=1), ExitCode.PARTIAL),
    "fork": ("pull", PullReport(lanes={}, forks=("two histories",)), ExitCode.VERIFICATION),
    "refused": ("sync", RefusedProblem("the server refused"), ExitCode.REFUSED),
}


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("verb", "told", "code"), ENDS.values(), ids=ENDS)
def test_watching_ends_when_somebody_has_to_decide(
    program: Program, monkeypatch: pytest.MonkeyPatch, verb: str, told: Any, code: ExitCode
) -> None:
    """After these nothing is tried again by itself."""
    exchanges = Exchanges(told, SyncReport(), SyncReport())
    monkeypatch.setattr(exchange, verb, exchanges)
    ran = program(verb, "--watch")
    assert (ran.code, exchanges.done) == (code, 1)


def test_watching_is_no_dry_run(program: Program) -> None:
    """Both together make no sense."""
    assert program("sync", "--watch", "--dry-run").code is ExitCode.USAGE
