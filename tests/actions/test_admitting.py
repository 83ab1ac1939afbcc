"""Certifying newcomers: whose word counts, and that nobody holds up anybody."""

from __future__ import annotations

import os
from dataclasses import replace

from fieldkit.actions import capture, enrol, exchange, publish, records, status
from fieldkit.actions.admitting import Admission
from fieldkit.actions.enrol import device_key
from fieldkit.actions.reading import Reader
from fieldkit.actions.session import Session
from fieldkit.actions.trust import Trust
from fieldkit.vault.keys import Purpose
from fieldkit.vault.members import MemberState
from sync.protocol.enrolment import JoinClaim, build_join, invite_keys, parse_invite
from sync.protocol.frames import Frame
from sync.protocol.ids import ADMIN, Chain, Device, Incarnation, device_id
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.limits import INBOX_PUBLIC_BYTES
from sync.protocol.signing import SigningKey
from tests.actions.forging import feed, refused, stray, write
from tests.actions.world import CANARY, SOURCED, World, only, report


def joining(first: Session, text: str, role: Role, **changes: object) -> tuple[Chain, Frame]:
    """The join of a laptop made by hand, with an invite's real secret unless changed."""
    offer, key = parse_invite(text), SigningKey.generate()
    signed_directory = first.vault.documents.directory()
    keys = invite_keys(offer.secret)
    claim = JoinClaim(
        invite=keys.invite,
        role=role,
        root_hash=first.vault.documents.root().hash,
        directory_version=signed_directory.directory.version,
        directory_hash=signed_directory.hash,
        public_key=key.public,
        log_key=signed_directory.directory.log_key,
        reader_key=os.urandom(INBOX_PUBLIC_BYTES) if role is Role.COORDINATOR else b"",
    )
    mac = changes.pop("org_key", keys.org_key)
    chain = Chain(
        organisation=offer.organisation,
        lane=ADMIN,
        device=device_id(key.public),
        incarnation=Incarnation(b"\7" * 8),
    )
    used = replace(keys, org_key=mac)  # type: ignore[arg-type]
    return chain, build_join(chain, key, replace(claim, **changes), used)  # type: ignore[arg-type]


def judge(session: Session) -> tuple[list[str], list[str], list[str]]:
    """Read the admin lane and admit: (certified, refused, waiting)."""
    trust = Trust(session)
    Reader(session, trust).read([ADMIN])
    admitted = Admission(session, trust, device_key(session)).admit_waiting()
    return admitted.certified, admitted.refused, admitted.waiting


def test_new_coordinator_reads_the_past(world: World, first: Session, reporter: Session) -> None:
    """Grants of every lane come with the certificate: what was sent before is read, sources included."""
    report(reporter, SOURCED)
    exchange.sync(reporter)
    exchange.pull(first)
    second = world.joiner(first, "second", "coordinator")
    exchange.sync(second)
    told = exchange.sync(first)
    assert (told.certified, told.granted, told.directory_version) == (("second",), ("second",), 2)
    pulled = exchange.pull(second)
    assert (pulled.incidents_new, pulled.awaiting_key, pulled.forks, pulled.gaps) == (1, 0, (), ())
    shown = records.show(second, only(second).incident or "", sources=True)
    assert CANARY in str(shown.sources_answers)
    assert publish.export(second, "jsonl", world.folder / "out.jsonl", sources=True).incidents == 1


def test_pending_reporter_stays_unopened(world: World, first: Session) -> None:
    """A coordinator who cannot judge keeps the frames and opens nothing; a later certificate opens them."""
    text = enrol.invite(first, "reporter", "north").text
    exchange.sync(first)
    second = world.coordinator(first)
    north = world.laptop("north")
    enrol.join(north, text, pseudonym="north")
    report(north)
    exchange.sync(north)
    # The second coordinator joined after directory 1, so it does not know the one the reporter relied on.
    second.vault.documents.knows = lambda *_: False  # type: ignore[method-assign]
    pulled = exchange.pull(second)
    assert (pulled.incidents_new, pulled.unopened_pending > 0, pulled.certified) == (0, True, ())
    assert pulled.pending[0].startswith("north: ") and "not known here" in pulled.pending[0]
    assert records.list_records(second) == []
    exchange.sync(first)
    pulled = exchange.pull(second)
    assert (pulled.incidents_new, pulled.unopened_pending) == (1, 0)


def test_wrong_proof_is_refused_and_told(world: World, first: Session) -> None:
    """Whoever got past the server without the invite's secret is refused here; others are not held up."""
    text = enrol.invite(first, "reporter", "north").text
    good = enrol.invite(first, "reporter", "south").text
    exchange.sync(first)
    feed(first, *joining(first, text, Role.REPORTER, org_key=bytes(32)))
    feed(first, *joining(first, good, Role.REPORTER))
    certified, not_let_in, _ = judge(first)
    assert certified == ["south"] and "proof of holding the invite" in not_let_in[0]
    assert [line.state for line in enrol.members(first) if line.state == "refused"] == ["refused"]
    assert any(found.title == "newcomer" for found in status.doctor(first.vault.home.folder, first))
    assert judge(first) == ([], [], [])


def test_role_is_the_invites(world: World, first: Session) -> None:
    """A reporter's invite makes no coordinator, whatever the join claims."""
    text = enrol.invite(first, "reporter", "north").text
    feed(first, *joining(first, text, Role.COORDINATOR))
    _, (problem,), _ = judge(first)
    assert "invite was for a reporter" in problem
    assert first.vault.documents.versions()[0] == 1


def test_used_invite_alarms(world: World, first: Session) -> None:
    """Two laptops with one invite, by a server that let both in: the second is refused with an alarm."""
    text = enrol.invite(first, "reporter", "north").text
    feed(first, *joining(first, text, Role.REPORTER))
    assert judge(first)[0] == ["north"]
    feed(first, *joining(first, text, Role.REPORTER))
    certified, (problem,), _ = judge(first)
    assert certified == [] and "used by another laptop" in problem


def test_unknown_directory_waits(world: World, first: Session) -> None:
    """A join that relied on documents nobody here knows is not certified, and that is told."""
    text = enrol.invite(first, "reporter", "north").text
    feed(first, *joining(first, text, Role.REPORTER, directory_hash=bytes(32)))
    certified, not_let_in, (waiting,) = judge(first)
    assert (certified, not_let_in) == ([], []) and waiting.startswith("north: ")


def test_key_that_is_none_holds_up_nobody(world: World, first: Session) -> None:
    """A newcomer's reader key may be noise: everything done for it is taken back, the next one is served."""
    text = enrol.invite(first, "coordinator", "noise").text
    good = enrol.invite(first, "reporter", "south").text
    exchange.sync(first)
    heads = first.vault.outbox.heads()
    chain, join = joining(first, text, Role.COORDINATOR, reader_key=b"\xff" * INBOX_PUBLIC_BYTES)
    feed(first, chain, join)
    assert judge(first)[1] and first.vault.outbox.heads() == heads
    assert first.vault.documents.versions()[0] == 1
    member = first.vault.members.find(chain.device)
    assert member is not None and member.state is MemberState.REFUSED
    feed(first, *joining(first, good, Role.REPORTER))
    assert judge(first)[0] == ["south"]


def test_two_coordinators_admit_the_same_newcomer(world: World, first: Session) -> None:
    """Both certify at once: the newcomer is one member, and nobody is alarmed."""
    second = world.coordinator(first)
    text = enrol.invite(first, "reporter", "north").text
    exchange.sync(first)
    exchange.sync(second)
    north = world.laptop("north")
    enrol.join(north, text, pseudonym="north")
    report(north)
    exchange.sync(north)
    world.network.only = lambda path: path == "/v1/sync"
    for session in (first, second):
        exchange.pull(session)
    for session in (first, second):
        pulled = exchange.pull(session)
        assert (pulled.alarms, pulled.forks, len(records.list_records(session))) == ((), (), 1)
        assert [line.state for line in enrol.members(session) if line.name == "north"] == ["certified"]
    exchange.sync(north)
    assert records.show(north, "1").line.glyph == "✓✓"


def test_second_coordinator_lists_nobody(world: World, first: Session) -> None:
    """Without the directory key it leaves a coordinator to who has it, says so, and certifies reporters."""
    second = world.coordinator(first)
    third = world.joiner(first, "third", "coordinator")
    exchange.sync(third)
    told = exchange.sync(second)
    assert told.certified == () and "directory key" in told.pending[0]
    assert exchange.sync(first).certified == ("third",)
    assert exchange.sync(second).pending == ()
    fourth = world.joiner(second, "fourth")
    exchange.sync(fourth)
    assert exchange.sync(second).certified == ("fourth",)


def test_directory_the_server_refused_is_issued_again(world: World, first: Session) -> None:
    """When the server would not take a directory, the next sync issues it anew instead of believing in it."""
    second = world.joiner(first, "second", "coordinator")
    exchange.sync(second)
    pins, world.site.server = world.site.server, replace(world.site.server, pins=(b"\3" * 32,))
    server = world.site.service._server
    world.site.service._server = world.site.server
    told = exchange.sync(first)
    assert told.certified == ("second",) and any("directory" in line for line in told.refused)
    world.site.service._server = server
    world.site.server = pins
    exchange.sync(first)
    assert exchange.pull(second).lanes["admin"] > 0


def test_certificates_only_from_officers(world: World, first: Session, reporter: Session) -> None:
    """A certificate by a reporter, or by a stranger, makes nobody a member."""
    victim = SigningKey.generate()
    header = {
        Key.TO: device_id(victim.public),
        Key.INVITE: bytes(16),
        Key.ROLE: int(Role.COORDINATOR),
        Key.PUBLIC_KEY: victim.public,
        Key.JOIN_HASH: bytes(32),
    }
    me = reporter.vault.identities.require()
    forged = write(reporter, ADMIN, Kind.CERTIFICATE, header)
    chain = Chain(organisation=me.organisation, lane=ADMIN, device=me.device, incarnation=me.incarnation)
    feed(first, chain, forged)
    feed(first, *stray(me.organisation, SigningKey.generate(), ADMIN, Kind.CERTIFICATE, header))
    judge(first)
    assert first.vault.members.find(Device(device_id(victim.public))) is None
    assert "need officer" in refused(first)[0]


def test_reporter_admits_nobody(world: World, first: Session, reporter: Session) -> None:
    """On a laptop that is no officer's nothing is considered."""
    admission = Admission(reporter, Trust(reporter), device_key(reporter))
    assert admission.admit_waiting().certified == []
    admission.publish_again()
    assert reporter.vault.keys.find(Purpose.DIRECTORY) is None
    assert capture.new_draft(reporter).number == 1
