"""A notebook that was copied or put back: both copies go on, nothing is lost, people are told (§9)."""

from __future__ import annotations

import shutil

import pytest

from fieldkit.actions import enrol, exchange, records
from fieldkit.actions.copies import COPIED, DOUBTFUL, alarm, begin_anew
from fieldkit.actions.enrol import device_key
from fieldkit.actions.session import Session
from fieldkit.actions.status import doctor, status
from fieldkit.vault.inbox import EntryState
from sync.protocol.ids import ADMIN, MAIN
from sync.protocol.records import RecordType
from sync.protocol.signing import SigningKey
from tests.actions.forging import tell
from tests.actions.world import World, glyph, report


def copy_of(world: World, session: Session, name: str = "copy") -> Session:
    """A second laptop with the same disk."""
    session.vault._database.checkpoint()
    there = session.vault.home.folder
    shutil.copytree(there, there.with_name(name))
    return world._session(world.template.open(there.with_name(name)))


def put_back(world: World, session: Session, backup: Session) -> Session:
    """The laptop with its disk as it was when `backup` was copied from it."""
    there, copy = session.vault.home.folder, backup.vault.home.folder
    session.lock()
    backup.lock()
    shutil.rmtree(there)
    shutil.copytree(copy, there)
    return world._session(world.template.open(there))


def titles(session: Session) -> list[str]:
    """What a coordinator holds, each report once."""
    return sorted(line.title for line in records.list_records(session))


def incarnation(session: Session) -> bytes:
    """Under which one a laptop writes."""
    return session.vault.identities.require().incarnation


def test_both_copies_of_a_reporters_notebook_go_on(world: World, first: Session, reporter: Session) -> None:
    """The second is refused, takes a new incarnation by itself and says so; the first goes on as it was."""
    report(reporter, title="before")
    exchange.sync(reporter)
    clone = copy_of(world, reporter)
    report(reporter, title="by the one")
    report(clone, title="by the other")
    assert exchange.sync(reporter).alarms == ()
    told = exchange.sync(clone)
    assert (told.waiting_frames, COPIED in told.alarms) == (0, True)
    assert incarnation(reporter) != incarnation(clone)
    for session, title in ((reporter, "later, one"), (clone, "later, other")):
        report(session, title=title)
        assert exchange.sync(session).waiting_frames == 0
    exchange.pull(first)
    assert titles(first) == ["before", "by the one", "by the other", "later, one", "later, other"]
    for session in (reporter, clone):
        exchange.sync(session)
        states = {line.title: line.state for line in records.list_records(session)}
        # An acknowledgement that names it with frames of one branch proves itself to that one alone.
        assert states.pop("before") in ("received", "delivered")
        assert set(states.values()) == {"delivered"}


def test_an_exchange_that_died_has_told_nothing(
    world: World, reporter: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof is stored, then the power goes: the next exchange tells, the one after need not."""
    clone = copy_of(world, reporter)
    for session, title in ((reporter, "by the one"), (clone, "by the other")):
        report(session, title=title)
    exchange.sync(reporter)

    def dying(session: Session, key: SigningKey) -> bool:
        if begin_anew(session, key):
            raise KeyboardInterrupt
        return False

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("fieldkit.actions.turn.begin_anew", dying)
        exchange.sync(clone)
    assert exchange.sync(clone).alarms == (COPIED,)
    assert exchange.sync(clone).alarms == ()


def test_what_the_owner_and_the_coordinators_see(world: World, first: Session, reporter: Session) -> None:
    """In plain words: in status, doctor and list here; with the report and the sender there."""
    clone = copy_of(world, reporter)
    for session, title in ((reporter, "by the one"), (clone, "by the other")):
        report(session, title=title)
        exchange.sync(session)
    assert alarm(reporter) == ""
    assert alarm(clone) == f"{COPIED}. Tell your coordinator"
    assert any(COPIED in problem for problem in status(clone).problems)
    assert any(COPIED in found.detail for found in doctor(clone.vault.home.folder, clone))
    pulled = exchange.pull(first)
    assert (pulled.forks, pulled.alarms) == ((), (f"north: {DOUBTFUL}",))
    (sender,) = [line for line in enrol.members(first) if line.role == "reporter"]
    assert (sender.doubtful, sender.state) == (True, "certified")
    assert [records.show(first, str(number)).doubt for number in (1, 2)] == [DOUBTFUL] * 2
    assert any(DOUBTFUL in found.detail for found in doctor(first.vault.home.folder, first))
    assert records.show(clone, "1").doubt == ""


def test_a_notebook_put_back_goes_on(world: World, first: Session, reporter: Session) -> None:
    """What it had sent is with the coordinators, what it writes next arrives; the loss is told honestly."""
    backup = copy_of(world, reporter)
    report(reporter, title="sent, then lost here")
    exchange.sync(reporter)
    report(reporter, title="never sent, and lost")
    again = put_back(world, reporter, backup)
    report(again, title="written after")
    told = exchange.sync(again)
    assert (told.waiting_frames, COPIED in told.alarms) == (0, True)
    assert "What only the other copy held is not here" in COPIED
    exchange.pull(first)
    assert titles(first) == ["sent, then lost here", "written after"]


def test_a_notebook_put_back_whose_frames_the_server_holds(
    world: World, first: Session, reporter: Session
) -> None:
    """They wait here, are held there under a head beyond all of ours: one frame more brings the proof."""
    report(reporter, title="written before the copy")
    backup = copy_of(world, reporter)
    exchange.sync(reporter)
    report(reporter, title="written after it")
    exchange.sync(reporter)
    again = put_back(world, reporter, backup)
    told = exchange.sync(again)
    assert (told.waiting_frames, COPIED in told.alarms) == (0, True)
    assert glyph(again) == "✓"
    exchange.pull(first)
    assert titles(first) == ["written after it", "written before the copy"]


def test_a_server_cannot_force_a_new_incarnation(
    world: World, reporter: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the frame itself a refusal is only a refusal: the report waits, and its owner is told why."""
    monkeypatch.setattr("sync.server.service.contradiction_items", lambda found: ())
    clone = copy_of(world, reporter)
    for session in (reporter, clone):
        report(session)
        exchange.sync(session)
    before = incarnation(reporter)
    assert incarnation(clone) == before
    assert (glyph(clone), clone.vault.copies.due(), alarm(clone)) == ("⇅", [], "")
    assert any("another frame under the same number" in problem for problem in status(clone).problems)
    assert begin_anew(clone, device_key(clone)) is False


def test_both_copies_of_a_coordinators_notebook_go_on(world: World, first: Session) -> None:
    """Each lets somebody in under one directory version: in the end both are listed and both copies pull."""
    second = world.coordinator(first)
    newcomers = [world.joiner(first, name, "coordinator") for name in ("third", "fourth")]
    clone = copy_of(world, first)
    for session, newcomer in zip((first, clone), newcomers, strict=True):
        exchange.sync(newcomer)
        report(session, title=f"by a copy, with {newcomer.vault.identities.require().pseudonym}")
        exchange.pull(session)
    for _ in range(3):
        for session in (first, clone, second, *newcomers):
            exchange.sync(session)
            exchange.pull(session)
    everybody = (first, clone, second, *newcomers)
    directories = {session.vault.documents.directory().hash for session in everybody}
    assert len(directories) == 1
    directory = first.vault.documents.directory().directory
    assert {session.vault.identities.require().device for session in everybody} == {
        entry.device for entry in directory.coordinators
    }
    assert {tuple(titles(session)) for session in everybody} == {
        ("by a copy, with fourth", "by a copy, with third")
    }
    assert any((alarm(first), alarm(clone)))


def test_names_and_invites_of_a_chain_that_is_left_are_told_again(world: World, first: Session) -> None:
    """Another coordinator learns them, and an invite that was not known to the server works."""
    second = world.coordinator(first)
    clone = copy_of(world, first)
    enrol.invite(first, "reporter", "by the one")
    exchange.sync(first)
    text = enrol.invite(clone, "reporter", "by the other").text
    tell(clone, ADMIN, RecordType.MEMBER, {1: b"d" * 16, 2: 1, 3: "somebody"})
    exchange.sync(clone)
    newcomer = world.laptop("newcomer")
    enrol.join(newcomer, text, pseudonym="newcomer")
    report(newcomer)
    assert exchange.sync(newcomer).waiting_frames == 0
    exchange.pull(second)
    exchange.pull(second)
    assert {"by the one", "by the other"} <= {line.name for line in enrol.members(second)}
    assert second.vault.inbox.counts().get((MAIN, EntryState.AWAITING_MEMBER), 0) == 0
