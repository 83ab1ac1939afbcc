"""Reading what was pulled: nothing hostile is believed, nothing hostile stops the rest."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pytest

from fieldkit.actions import capture, enrol, exchange, publish, records
from fieldkit.actions.enrol import device_key
from fieldkit.actions.errors import LinkProblem
from fieldkit.actions.reading import Reader, Tally
from fieldkit.actions.session import Session
from fieldkit.actions.trust import Trust
from fieldkit.forms.builtin import incident_form
from fieldkit.vault.evidence import Finding
from fieldkit.vault.inbox import EntryState
from sync.protocol.frames import build
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Chain, EpochId, InviteId, Lane, SealId
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.records import (
    InviteNote,
    Member,
    RecordType,
    encode_plain,
    invite_content,
    member_content,
)
from sync.protocol.sealing import Ratchet, seal_record
from tests.actions.forging import BODY, feed, refused, tell
from tests.actions.world import ANSWERS, CANARY, SOURCED, World, only, report

NOW = 1_900_000_000


def revision(answers: Mapping[str, object], *parents: str, **more: object) -> dict[int, Any]:
    """A main-lane body by hand."""
    body: dict[int, Any] = {1: "incident", 2: 1, 5: NOW + 60}
    if answers:
        body[4] = dict(answers)
    if parents:
        body[3] = [bytes.fromhex(parent) for parent in parents]
    return body | {int(key[1:]): value for key, value in more.items()}


BAD_BODIES: dict[str, tuple[Lane, RecordType, object]] = {
    "no form": (MAIN, RecordType.REVISION, {4: {"title": "x"}, 5: NOW}),
    "unknown key": (MAIN, RecordType.REVISION, {**BODY, 99: 1}),
    "answers a list": (MAIN, RecordType.REVISION, {**BODY, 4: [1]}),
    "answer too long": (MAIN, RecordType.REVISION, {**BODY, 4: {"title": "x" * 60_000}}),
    "time beyond": (MAIN, RecordType.REVISION, {**BODY, 5: 1 << 62}),
    "parent short": (MAIN, RecordType.REVISION, {**BODY, 3: [b"x"]}),
    "number beyond": (MAIN, RecordType.REVISION, {**BODY, 4: {"killed": 1 << 60}}),
    "part in main": (MAIN, RecordType.PART, {1: "incident", 2: 1, 4: {}, 11: bytes(16)}),
    "revision in sources": (SOURCES, RecordType.REVISION, BODY),
    "part of nothing": (SOURCES, RecordType.PART, {1: "incident", 2: 1, 4: {}}),
    "member in main": (MAIN, RecordType.MEMBER, {1: bytes(16), 2: 1, 3: "x"}),
    "heartbeat as record": (MAIN, RecordType.HEARTBEAT, {1: 1}),
}


@pytest.mark.parametrize("bad", BAD_BODIES.values(), ids=BAD_BODIES)
def test_bad_record_is_set_aside_alone(
    world: World, first: Session, reporter: Session, bad: tuple[Lane, RecordType, object]
) -> None:
    """It is refused with a reason and not acknowledged; the good report behind it is read and delivered."""
    tell(reporter, *bad)
    report(reporter)
    exchange.sync(reporter)
    pulled = exchange.pull(first)
    assert (pulled.refused, pulled.incidents_new) == (1, 1)
    assert refused(first)[0] and only(first).title == ANSWERS["title"]
    assert exchange.pull(first).refused == 0
    exchange.sync(reporter)
    assert records.show(reporter, "1").line.glyph == "✓✓"


WRONG: tuple[object, ...] = (
    "x",
    -5,
    True,
    [],
    [1, ["a"]],
    ["2026-13-45", "\x1b[2J"],
    {"min": "a"},
    {"a": {"b": 1}},
)


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_answers_of_the_wrong_type_stop_nothing(
    world: World, first: Session, reporter: Session, value: object
) -> None:
    """A signed revision whose answers are not what the form asks: list, show and export go on."""
    names = {name for name, placed in incident_form().placed.items() if placed.repeat is None}
    repeats = {repeat.name for repeat in incident_form().repeats()}
    tell(reporter, MAIN, RecordType.REVISION, revision(dict.fromkeys(names | repeats, value)))
    tell(reporter, MAIN, RecordType.REVISION, revision({"acts": [{"act": value}], "unheard_of": value}))
    tell(
        reporter,
        MAIN,
        RecordType.REVISION,
        revision({"sources": [{"src": value, "src_name": CANARY}, value]}),
    )
    report(reporter)
    exchange.sync(reporter)
    assert exchange.pull(first).refused == 0
    lines = records.list_records(first)
    assert len(lines) == 4 and not any("\x1b" in line.title + line.date + line.kind for line in lines)
    for line in lines:
        assert CANARY not in str(records.show(first, line.incident or "").answers)
    for kind in publish.FORMATS:
        out = world.folder / f"out.{kind}"
        told = publish.export(first, kind, out)
        assert told.incidents + told.left_out == 4 and CANARY not in out.read_text()
        publish.export(first, kind, world.folder / f"all.{kind}", sources=True)


def test_unknown_form_is_listed_and_left_out(world: World, first: Session, reporter: Session) -> None:
    """A revision of a form this program lacks is kept, told, and left out of exports with a reason."""
    tell(reporter, MAIN, RecordType.REVISION, {**BODY, 1: "another\x1b"})
    exchange.sync(reporter)
    exchange.pull(first)
    view = records.show(first, only(first).incident or "")
    assert "another" in view.problems[0] and "\x1b" not in view.problems[0]
    told = publish.export(first, "csv", world.folder / "out.csv")
    assert (told.incidents, told.left_out) == (0, 1) and told.reason_left_out


def test_another_reporters_revision_takes_nobodys_place(
    world: World, first: Session, reporter: Session
) -> None:
    """Whoever learns an id can add beside a report, never replace it: it is shown as divided."""
    report(reporter)
    exchange.sync(reporter)
    exchange.pull(first)
    incident = only(first).incident or ""
    stranger = world.reporter(first, "south")
    tell(stranger, MAIN, RecordType.REVISION, revision({**ANSWERS, "title": "Nothing happened"}, incident))
    exchange.sync(stranger)
    exchange.pull(first)
    view = records.show(first, incident)
    assert view.divided and len(view.revisions) == 2
    out = world.folder / "out.jsonl"
    publish.export(first, "jsonl", out)
    assert '"divided":true' in out.read_text()


def test_only_author_or_coordinator_takes_back(world: World, first: Session, reporter: Session) -> None:
    """A reporter's withdrawal of another's report is refused; a coordinator's counts."""
    report(reporter)
    exchange.sync(reporter)
    exchange.pull(first)
    incident = only(first).incident or ""
    stranger = world.reporter(first, "south")
    tell(stranger, MAIN, RecordType.REVISION, revision({}, incident, k12="lies"))
    exchange.sync(stranger)
    assert exchange.pull(first).refused == 1 and only(first).state == "received"
    second = world.coordinator(first)
    exchange.pull(second)
    capture.withdraw(second, incident, "a duplicate")
    exchange.sync(second)
    exchange.pull(first)
    assert only(first).state == "withdrawn"


def test_withdrawal_before_what_it_takes_back_waits(world: World, first: Session, reporter: Session) -> None:
    """A withdrawal of something unknown is kept until it is known whose that is."""
    number = report(reporter)
    incident = only(reporter).incident or ""
    stranger = world.reporter(first, "south")
    tell(stranger, MAIN, RecordType.REVISION, revision({}, incident, k12="lies"))
    exchange.sync(stranger)
    assert exchange.pull(first).refused == 0
    assert records.list_records(first) == []
    exchange.sync(reporter)
    exchange.pull(first)
    exchange.pull(first)
    assert (only(first).state, number) == ("received", 1) and "only its author" in refused(first)[0]


def test_part_of_another_authors_report(world: World, first: Session, reporter: Session) -> None:
    """A sources part counts only from who wrote the report."""
    report(reporter)
    exchange.sync(reporter)
    stranger = world.reporter(first, "south")
    part = {1: "incident", 2: 1, 4: {"sources": [{"src": "S1", "src_name": "FALSE"}]}}
    tell(stranger, SOURCES, RecordType.PART, {**part, 11: bytes.fromhex(only(reporter).incident or "")})
    exchange.sync(stranger)
    exchange.pull(first)
    assert "FALSE" not in str(records.show(first, only(first).incident or "", sources=True).sources_answers)


def test_second_part_is_evidence(world: World, first: Session, reporter: Session) -> None:
    """Two contents for one lane of one revision: the first stays, both are evidence."""
    report(reporter, SOURCED)
    part = {1: "incident", 2: 1, 4: {"sources": [{"src": "S1", "src_name": "LATER"}]}}
    tell(reporter, SOURCES, RecordType.PART, {**part, 11: bytes.fromhex(only(reporter).incident or "")})
    exchange.sync(reporter)
    pulled = exchange.pull(first)
    (found,) = first.vault.evidence.all()
    assert found.kind is Finding.PART and b"LATER" in found.raw and pulled.forks
    assert CANARY in str(records.show(first, only(first).incident or "", sources=True).sources_answers)


def test_same_record_twice_changes_nothing(world: World, first: Session, reporter: Session) -> None:
    """The same revision in two frames is one revision."""
    tell(reporter, MAIN, RecordType.REVISION, revision(ANSWERS))
    tell(reporter, MAIN, RecordType.REVISION, revision(ANSWERS))
    exchange.sync(reporter)
    assert exchange.pull(first).incidents_new == 1
    assert len(records.show(first, only(first).incident or "").revisions) == 1


def test_fork_is_evidence_and_replaces_nothing(world: World, first: Session, reporter: Session) -> None:
    """Another frame under a sequence that is held, by a server that passes on anything."""
    report(reporter)
    exchange.sync(reporter)
    exchange.pull(first)
    me = reporter.vault.identities.require()
    chain = Chain(organisation=me.organisation, lane=MAIN, device=me.device, incarnation=me.incarnation)
    header = {
        Key.SEQUENCE: 2,
        Key.PREVIOUS: bytes(32),
        Key.EPOCH: bytes(16),
        Key.STEP: 0,
        Key.SEAL: bytes(16),
    }
    feed(first, chain, build(chain, device_key(reporter), Kind.RECORD, header, os.urandom(272)))
    Reader(first, Trust(first)).read([MAIN])
    assert Finding.FORK in [found.kind for found in first.vault.evidence.all()]
    assert only(first).title == ANSWERS["title"]


def test_epoch_of_another_chain_opens_nothing(
    world: World, first: Session, reporter: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader of the lane knows everybody's epoch keys; a record under another's epoch is not opened."""
    report(reporter)
    exchange.sync(reporter)
    with monkeypatch.context() as patch:
        patch.setattr(Reader, "read", lambda self, lanes: Tally())
        exchange.pull(first)
    epoch = first.vault.inbox.entries(MAIN, EntryState.NEW)[0]
    Reader(first, Trust(first)).read([MAIN])
    known = first.vault.inbox.epoch(epoch, EpochId(epoch.hash[:16]))
    assert known is not None
    own = first.vault.outbox.state(MAIN)
    sealed = seal_record(
        own.chain,
        device_key(first),
        Ratchet(epoch=EpochId(epoch.hash[:16]), step=0, key=known.secret),
        encode_plain(RecordType.REVISION, revision(ANSWERS)),
        seal=SealId(bytes(16)),
        sequence=own.sequence + 1,
        previous=own.previous,
    )
    # Read in one turn with a record that the epoch's own chain wrote, so that the epoch is at hand.
    report(reporter, title="Another")
    exchange.sync(reporter)
    with monkeypatch.context() as patch:
        patch.setattr(Reader, "read", lambda self, lanes: Tally())
        exchange.pull(first)
    feed(first, own.chain, sealed.frame)
    tally = Reader(first, Trust(first)).read([MAIN])
    waiting = first.vault.inbox.entries(MAIN, EntryState.AWAITING_KEY)
    assert (tally.incidents_new, [entry.hash for entry in waiting]) == (1, [sealed.frame.hash])


def test_invite_told_by_a_reporter_is_nothing(world: World, first: Session, reporter: Session) -> None:
    """Records of the admin lane need a coordinator; invites and names of others count for nothing."""
    note = InviteNote(
        invite=InviteId(b"i" * 16), org_key=bytes(32), role=Role.COORDINATOR, name="x", expires=1 << 20
    )
    tell(reporter, ADMIN, RecordType.INVITE, invite_content(note))
    me = reporter.vault.identities.require()
    tell(
        reporter,
        ADMIN,
        RecordType.MEMBER,
        member_content(Member(device=me.device, role=Role.COORDINATOR, name="boss")),
    )
    exchange.sync(reporter)
    exchange.pull(first)
    assert first.vault.members.invite(note.invite) is None
    assert [line.name for line in enrol.members(first) if line.state == "certified"] == ["north"]


def test_names_are_cleaned(world: World, first: Session) -> None:
    """A name another coordinator tells cannot drive a terminal."""
    second = world.coordinator(first)
    me = second.vault.identities.require()
    tell(
        second,
        ADMIN,
        RecordType.MEMBER,
        member_content(Member(device=me.device, role=me.role, name="\x1b[2Jx\n")),
    )
    exchange.sync(second)
    exchange.pull(first)
    assert "[2Jx" in [line.name for line in enrol.members(first)]


def test_void_closes_what_was_refused(world: World, first: Session, reporter: Session) -> None:
    """A frame the server will not take leaves no gap and blocks nothing; the reporter sees which report."""
    chain = reporter.vault.outbox.state(MAIN)
    report(reporter)
    world.network.dead = True
    with pytest.raises(LinkProblem):
        exchange.sync(reporter)
    world.network.mend()
    reporter.vault.delivery.keep_refusal(MAIN, chain.sequence + 2, 5)
    report(reporter, title="Another")
    exchange.sync(reporter)
    assert [line.stuck for line in records.list_records(reporter)].count(True) == 1
    pulled = exchange.pull(first)
    assert (pulled.gaps, pulled.incidents_new) == ((), 1)
