"""Letters: acknowledgements, certificates and grants count with their proof, for their addressee."""

from __future__ import annotations

import os

import pytest

from fieldkit.actions import exchange
from fieldkit.actions.enrol import device_key
from fieldkit.actions.session import Session
from fieldkit.actions.trust import Trust
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.keys import Purpose
from sync.protocol.acknowledgement import OpenedFrame, build_acknowledgement
from sync.protocol.frames import Frame, parse
from sync.protocol.ids import ADMIN, MAIN, NO_HASH, SOURCES, Chain, Index, Lane
from sync.protocol.kinds import Key, Kind
from sync.protocol.messages import MailItem
from sync.protocol.sealing import InboxSecret, seal_seed
from sync.protocol.signing import SigningKey
from tests.actions.forging import letters, post, stray, write
from tests.actions.world import World, glyph, report


@pytest.fixture
def sent(world: World, reporter: Session) -> Session:
    """A reporter whose one report the server holds."""
    report(reporter)
    exchange.sync(reporter)
    return reporter


def chain_of(session: Session, lane: Lane = MAIN) -> Chain:
    """A laptop's own chain."""
    me = session.vault.identities.require()
    return Chain(organisation=me.organisation, lane=lane, device=me.device, incarnation=me.incarnation)


def acknowledgement(by: Session, to: Session) -> Frame:
    """A coordinator's frame that says it opened the first two frames, with whatever proof."""
    target = chain_of(to)
    header: dict[Key, object] = {
        Key.TO: target.device,
        Key.INCARNATION: target.incarnation,
        Key.RANGES: [[1, 2]],
        Key.PROOF: os.urandom(32),
    }
    return write(by, MAIN, Kind.ACKNOWLEDGEMENT, header)


def test_proof_that_was_made_up(world: World, first: Session, sent: Session) -> None:
    """A coordinator who opened nothing cannot make a report delivered."""
    own = chain_of(first)
    assert post(sent, acknowledgement(first, sent), own.device, own.incarnation) == 0
    assert glyph(sent) == "✓" and "does not prove" in letters(sent, EntryState.REFUSED)[0]


@pytest.mark.parametrize("ranges", [[[1, 3]], [[1, 9_223_372_036_854_775_807]], [[7, 8]]])
def test_frames_that_were_never_sent(world: World, first: Session, sent: Session, ranges: object) -> None:
    """Sequences beyond the own chain are refused before anything is counted up to them."""
    own = chain_of(first)
    frame = acknowledgement(first, sent)
    frame = write(
        first,
        MAIN,
        Kind.ACKNOWLEDGEMENT,
        {**{key: frame.header[key] for key in (Key.TO, Key.INCARNATION, Key.PROOF)}, Key.RANGES: ranges},
    )
    assert post(sent, frame, own.device, own.incarnation) == 0
    assert glyph(sent) == "✓"


def opened(to: Session) -> dict[int, OpenedFrame]:
    """What somebody who opened the reporter's frames knows."""
    target = chain_of(to)
    return dict(to.vault.delivery.opened_frames(MAIN, target.incarnation, [1, 2]))


def test_right_proof_by_a_stranger_waits(world: World, first: Session, sent: Session) -> None:
    """Even a right proof counts only from a reader whom the newest directory names; it waits for that."""
    key = SigningKey.generate()
    closing = {Key.VOIDED: 1, Key.VOIDED_HASH: bytes(32), Key.VOIDED_PREVIOUS: bytes(32)}
    closing |= {Key.REASON: 1, Key.SEQUENCE: 2}
    own, _ = stray(chain_of(sent).organisation, key, MAIN, Kind.VOID, closing)
    frame = build_acknowledgement(
        own, key, sequence=1, previous=NO_HASH, target=chain_of(sent), opened=opened(sent)
    )
    assert post(sent, frame, own.device, own.incarnation) == 0
    assert glyph(sent) == "✓" and len(letters(sent, EntryState.AWAITING_MEMBER)) == 1


def test_right_proof_by_a_reporter_waits(world: World, first: Session, sent: Session) -> None:
    """A reporter is no reader, and its own word about its own frames least of all."""
    own = chain_of(sent)
    state = sent.vault.outbox.state(MAIN)
    frame = build_acknowledgement(
        own,
        device_key(sent),
        sequence=state.sequence + 1,
        previous=state.previous,
        target=own,
        opened=opened(sent),
    )
    assert post(sent, frame, own.device, own.incarnation) == 0
    assert glyph(sent) == "✓" and "need coordinator" in letters(sent, EntryState.AWAITING_MEMBER)[0]


def test_early_letter_counts_once_the_directory_comes(world: World, first: Session, sent: Session) -> None:
    """A new coordinator's acknowledgement that came before the directory naming it is not lost."""
    second = world.joiner(first, "second", "coordinator")
    exchange.sync(second)
    exchange.sync(first)
    exchange.pull(second)
    own, target = chain_of(second), chain_of(sent)
    frame = build_acknowledgement(
        own, device_key(second), sequence=99, previous=NO_HASH, target=target, opened=opened(sent)
    )
    assert post(sent, frame, own.device, own.incarnation) == 0
    assert glyph(sent) == "✓"
    newest = second.vault.documents.directory().raw
    sent.vault.documents.keep([], newest, now=world.time.now)
    assert Trust(sent).read_mail() == 1
    assert glyph(sent) == "✓✓"


def test_replay_changes_nothing(world: World, first: Session, sent: Session) -> None:
    """The same acknowledgement again counts once; put to another laptop it is refused."""
    exchange.pull(first)
    exchange.sync(sent)
    assert glyph(sent) == "✓✓"
    frame_raw = sent.vault.mailbox.letters(EntryState.HANDLED)[-1]
    frame, own = parse(frame_raw.raw), chain_of(first)
    post(sent, frame, own.device, own.incarnation, frame_raw.lane)
    me = chain_of(sent)
    assert sent.vault.delivery.acknowledged_by(frame_raw.lane, me.incarnation, 1) == [own.device]
    other = world.reporter(first, "south")
    report(other)
    exchange.sync(other)
    assert post(other, frame, own.device, own.incarnation, frame_raw.lane) == 0
    assert glyph(other) == "✓" and "another laptop" in letters(other, EntryState.REFUSED)[0]


def test_acknowledgement_of_another_lane(world: World, first: Session, sent: Session) -> None:
    """The lane is part of the signature: moved to another one it does not verify."""
    own = chain_of(first)
    target = chain_of(sent)
    frame = build_acknowledgement(
        own, device_key(first), sequence=9, previous=NO_HASH, target=target, opened=opened(sent)
    )
    assert post(sent, frame, own.device, own.incarnation, SOURCES) == 0
    assert "signature" in letters(sent, EntryState.REFUSED)[0]


def test_letters_for_others_tell_a_reporter_nothing(world: World, first: Session, reporter: Session) -> None:
    """A server that hands a laptop all certificates does not make it a list of members."""
    other = world.reporter(first, "south")
    certificate = other.vault.mailbox.letters(EntryState.HANDLED)[0]
    post(reporter, parse(certificate.raw), certificate.device, certificate.incarnation, ADMIN)
    device = other.vault.identities.require().device
    assert reporter.vault.members.find(device) is None


def test_noise_holds_up_no_letter(world: World, first: Session, sent: Session) -> None:
    """A letter that cannot be read is set aside; the acknowledgement behind it counts."""
    me = chain_of(first)
    item = MailItem(
        mail_index=sent.vault.mailbox.cursor(),
        lane=MAIN,
        index=Index(0),
        device=me.device,
        incarnation=me.incarnation,
        frame=b"\xff noise",
    )
    sent.vault.mailbox.keep([item], at=world.time.now)
    state = first.vault.outbox.state(MAIN)
    frame = build_acknowledgement(
        me,
        device_key(first),
        sequence=state.sequence + 1,
        previous=state.previous,
        target=chain_of(sent),
        opened=opened(sent),
    )
    assert post(sent, frame, me.device, me.incarnation) == 1
    assert len(letters(sent, EntryState.REFUSED)) == 1
    assert glyph(sent) == "✓✓"


@pytest.mark.parametrize("term", [1, 2])
def test_grant_of_another_seed(world: World, first: Session, term: int) -> None:
    """A second seed for a term held, or one that is not the directory's: it replaces nothing."""
    second = world.coordinator(first)
    reader = InboxSecret(second.vault.keys.require(Purpose.READER))
    me, own = chain_of(second), chain_of(first, ADMIN)
    kept = {}
    for seed in (os.urandom(32), os.urandom(32)):
        body = seal_seed(
            seed, reader.public, organisation=me.organisation, lane=MAIN, term=term, to=me.device
        )
        frame = write(first, ADMIN, Kind.GRANT, {Key.TO: me.device, Key.TERM: term, Key.LANE: MAIN}, body)
        post(second, frame, own.device, own.incarnation, ADMIN)
        kept[seed] = second.vault.keys.find(Purpose.INBOX, lane=MAIN, term=term)
    assert len(set(kept.values())) == 1 and letters(second, EntryState.REFUSED)
    assert exchange.pull(second).refused == 0


def test_grant_to_a_reporter(world: World, first: Session, reporter: Session) -> None:
    """A laptop without a reader key takes no seed."""
    me, own = chain_of(reporter), chain_of(first, ADMIN)
    header = {Key.TO: me.device, Key.TERM: 1, Key.LANE: MAIN}
    frame = write(first, ADMIN, Kind.GRANT, header, os.urandom(1_168))
    post(reporter, frame, own.device, own.incarnation, ADMIN)
    assert "no reader key" in letters(reporter, EntryState.REFUSED)[0]
