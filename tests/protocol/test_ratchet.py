"""The ratchet: records open in any order, for their own place only, at a bounded cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.protocol import sealing
from sync.protocol.compression import expand
from sync.protocol.errors import Refusal
from sync.protocol.frames import parse
from sync.protocol.ids import NO_HASH, EpochId, SealId
from sync.protocol.kinds import Key, Kind
from sync.protocol.limits import RATCHET_STEPS
from sync.protocol.padding import unpad
from sync.protocol.records import RecordType, encode_plain, heartbeat_content
from sync.protocol.sealing import EpochReader, EpochSecret, Ratchet, Sealed, open_record, seal_record
from tests.protocol import derivations, samples
from tests.protocol.refusing import refused
from tests.protocol.samples import ELSEWHERE, KEY, SECRET, chain, changed, octets, raw_frame

PLAIN = encode_plain(RecordType.REVISION, {1: "a form", 2: 3})
EPOCH = samples.epoch()


def sealed_run(count: int) -> list[Sealed]:
    """Records of one epoch in the order of sealing."""
    ratchet, made = EPOCH.ratchet, list[Sealed]()
    for number in range(count):
        plain = encode_plain(RecordType.REVISION, {1: f"record {number}"})
        made.append(samples.record(ratchet, plain, sequence=number + 2))
        ratchet = made[-1].ratchet
    return made


RUN = sealed_run(12)


def test_a_record_opens_by_the_specification_alone() -> None:
    """Ratchet, record key, token, tag, padding and compression of a third record, made a second time."""
    frame, place = RUN[2].frame, chain()
    key = derivations.derive(derivations.derive(SECRET, "fieldkit/step"), "fieldkit/step")
    seal = frame.header[Key.SEAL]
    fields = [place.organisation, 1, place.device, place.incarnation, EPOCH.ratchet.epoch, 2, seal]
    record_key = derivations.derive(key, "fieldkit/record", *fields)
    padded = ChaCha20Poly1305(record_key).decrypt(bytes(12), frame.body, frame.header_bytes)
    assert expand(unpad(padded)) == encode_plain(RecordType.REVISION, {1: "record 2"})
    assert RUN[2].token == derivations.derive(key, "fieldkit/ack", seal)


@settings(max_examples=30)
@given(st.permutations(range(12)))
def test_records_open_in_any_order(order: list[int]) -> None:
    """A reader opens records as they come, each with its own text and the sender's token."""
    reader = EpochReader(EPOCH.ratchet.epoch, SECRET)
    for number in order:
        opened = reader.open(parse(RUN[number].frame.raw), chain())
        assert opened.plain == encode_plain(RecordType.REVISION, {1: f"record {number}"})
        assert opened.token == RUN[number].token


def test_tokens_and_keys_are_all_different() -> None:
    """No two frames of an epoch share a token, and none is the epoch's."""
    assert len({EPOCH.token, *(made.token for made in RUN)}) == 13
    assert len({made.ratchet.key for made in RUN} | {SECRET}) == 13


def test_the_ratchet_goes_forward_only() -> None:
    """With the state that is kept after sealing, what was sealed before does not open."""
    sealed = RUN[3]
    assert sealed.ratchet.step == 4
    with refused(Refusal.SIGNATURE):
        open_record(sealed.frame, chain(), sealed.ratchet)
    assert open_record(sealed.frame, chain(), RUN[2].ratchet).token == sealed.token


@pytest.mark.parametrize("field", ELSEWHERE)
def test_a_record_moved_elsewhere(field: str) -> None:
    """The record key is bound to the chain as the signature is."""
    with refused(Refusal.SIGNATURE):
        open_record(RUN[0].frame, replace(chain(), **{field: ELSEWHERE[field]}), EPOCH.ratchet)


CHANGES: dict[str, Any] = {
    "SEQUENCE": 3,
    "PREVIOUS": octets("other", 32),
    "STEP": 1,
    "SEAL": octets("other"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_record_with_another_header(name: str) -> None:
    """Header and body cannot be parted, even by the sender who signs both."""
    with refused(Refusal.SIGNATURE):
        open_record(changed(RUN[0].frame, **{name: CHANGES[name]}), chain(), EPOCH.ratchet)


def test_a_record_of_another_epoch() -> None:
    """A reader of one epoch refuses another's record before deriving anything."""
    with refused(words="another epoch"):
        EpochReader(EpochId(octets("other")), SECRET).open(RUN[0].frame, chain())
    with refused(Refusal.SIGNATURE):
        EpochReader(EPOCH.ratchet.epoch, EpochSecret(octets("other", 32))).open(RUN[0].frame, chain())


def test_a_record_whose_sealed_bytes_are_bad() -> None:
    """Behind a good tag, padding and compression are still checked."""
    key, body = sealing._record_key(EPOCH.ratchet, chain(), SealId(octets("seal 2"))), RUN[0].frame
    for padded, words in ((bytes(256), "padding"), (b"\0\0" + b"\x80".ljust(254, b"\0"), "compress")):
        box = ChaCha20Poly1305(key).encrypt(bytes(12), padded, body.header_bytes)
        with refused(words=words):
            open_record(changed(body, box), chain(), EPOCH.ratchet)


class Counting:
    """Counts derivations while it stands in for `derive`."""

    def __init__(self) -> None:
        self.labels: list[str] = []

    def __call__(self, secret: bytes, label: str, *fields: object, length: int = 32) -> bytes:
        self.labels.append(label)
        return derivations.derive(secret, label, *fields, length=length)

    @property
    def steps(self) -> int:
        """Derivations of the next ratchet key."""
        return self.labels.count("fieldkit/step")


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Derivations are counted, and made by the second implementation."""
    counter = Counting()
    monkeypatch.setattr(sealing, "derive", counter)
    return counter


def test_a_step_beyond_the_limit_costs_no_derivation(counting: Counting) -> None:
    """A forged step number is refused when the frame is parsed; the last allowed one costs what it must."""
    header = dict(RUN[0].frame.header)
    for step in (RATCHET_STEPS, 2**63 - 1):
        with refused(words="from 0 to 1023"):
            parse(raw_frame(Kind.RECORD, header | {Key.STEP: step}, RUN[0].frame.body))
    assert counting.labels == []
    last = parse(raw_frame(Kind.RECORD, header | {Key.STEP: RATCHET_STEPS - 1}, RUN[0].frame.body))
    with refused(Refusal.SIGNATURE):
        EpochReader(EPOCH.ratchet.epoch, SECRET).open(last, chain())
    assert counting.steps == RATCHET_STEPS - 1


def test_reading_forward_costs_one_step_a_record(counting: Counting) -> None:
    """In order, each record costs one step; going back starts over, going on does not."""
    reader = EpochReader(EPOCH.ratchet.epoch, SECRET)
    for made in RUN:
        reader.open(made.frame, chain())
    assert counting.steps == len(RUN) - 1
    reader.open(RUN[0].frame, chain())
    reader.open(RUN[5].frame, chain())
    assert counting.steps == len(RUN) - 1 + 5


def test_a_spent_epoch_seals_nothing_more() -> None:
    """After 1,024 steps a sender must begin another epoch."""
    last = Ratchet(epoch=EPOCH.ratchet.epoch, step=RATCHET_STEPS - 1, key=SECRET)
    spent = samples.record(last, PLAIN).ratchet
    assert not last.spent
    assert spent.spent
    with pytest.raises(ValueError, match="begin another"):
        samples.record(spent, PLAIN)


def test_a_copied_vault_does_not_use_a_key_twice() -> None:
    """The same step sealed twice with other seal ids gives unrelated bodies and tokens (R12)."""
    first, second = (
        seal_record(
            chain(), KEY, EPOCH.ratchet, PLAIN, seal=SealId(octets(name)), sequence=2, previous=NO_HASH
        )
        for name in ("one", "two")
    )
    assert first.frame.body != second.frame.body
    assert first.token != second.token
    assert first.ratchet == second.ratchet


def test_a_heartbeat_has_one_size() -> None:
    """A heartbeat is sealed like a record, always 272 bytes, and nothing longer can be one."""
    plain = encode_plain(RecordType.HEARTBEAT, heartbeat_content(495_000))
    sealed = samples.record(EPOCH.ratchet, plain, kind=Kind.HEARTBEAT)
    assert len(sealed.frame.body) == 272
    assert EpochReader(EPOCH.ratchet.epoch, SECRET).open(sealed.frame, chain()).plain == plain
    with refused(Refusal.SIGNATURE):
        open_record(parse(raw_frame(3, dict(sealed.frame.header), octets("x", 272))), chain(), EPOCH.ratchet)
    with refused(Refusal.SIZE):
        samples.record(EPOCH.ratchet, octets("much", 900), kind=Kind.HEARTBEAT)


def test_a_body_that_no_frame_holds() -> None:
    """Too large after squeezing: said when it is sealed."""
    with refused(Refusal.SIZE):
        samples.record(EPOCH.ratchet, octets("noise", 62_000))


def test_secrets_are_not_shown() -> None:
    """Neither keys nor tokens nor texts appear when the objects are printed."""
    opened = open_record(RUN[0].frame, chain(), EPOCH.ratchet)
    for shown in (repr(RUN[0]), repr(opened), repr(RUN[0].ratchet)):
        for secret in (RUN[0].token, RUN[0].ratchet.key, b"record 0"):
            assert repr(secret)[2:-1] not in shown
