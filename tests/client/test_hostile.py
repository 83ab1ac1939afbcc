"""A server that lies: whatever it answers, nothing it did not prove is marked, and nothing kept is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from sync.client.engine import Engine
from sync.client.errors import ExchangeError, LinkError, VerificationError
from sync.protocol.encoding import encode
from sync.protocol.errors import Refusal
from sync.protocol.hello import Hello
from sync.protocol.ids import Chain, Device, Incarnation, Organisation
from sync.protocol.limits import REPLY_ITEM_BYTES
from sync.protocol.messages import (
    ContradictionItem,
    EndItem,
    ErrorItem,
    MailItem,
    ReceiptItem,
    RefusedItem,
    ReplyItem,
    encode_reply,
)
from tests.client.laptop import MemoryStore, identity, make_frames
from tests.client.memory import (
    DEVICE,
    INCARNATION,
    OTHER_KEY,
    FakeClock,
    MemoryLink,
    MemoryServer,
    chain,
    counting_random,
)

Tamper = Callable[[MemoryServer, Hello, list[ReplyItem]], list[ReplyItem]]
END = EndItem(request_limit=65_536, more=False)


def build(number: int = 3) -> tuple[Engine, MemoryStore, MemoryServer]:
    """A laptop with some frames waiting, and its server."""
    clock = FakeClock()
    store, server = MemoryStore(make_frames(1, number)), MemoryServer()
    engine = Engine(
        identity=identity,
        store=store,
        transport=MemoryLink(server, clock),
        clock=clock,
        random=counting_random(),
    )
    return engine, store, server


def receipt(*, whose: Chain | None = None, **changes: object) -> Tamper:
    """Answers with a receipt in which some fields are others."""

    def tamper(server: MemoryServer, hello: Hello, items: list[ReplyItem]) -> list[ReplyItem]:
        other = {} if whose is None else {"chain": whose}
        return [ReceiptItem(receipt=server.receipt(hello, chain(1), 0, 3, **changes, **other)), END]

    return tamper


def answer(*items: ReplyItem) -> Tamper:
    """Answers with these items."""
    return lambda server, hello, honest: list(items)


def replayed() -> Tamper:
    """Answers every time with the receipt of the first time."""
    first: list[ReplyItem] = []

    def tamper(server: MemoryServer, hello: Hello, items: list[ReplyItem]) -> list[ReplyItem]:
        first.extend([] if first else items)
        return first

    return tamper


def mail(index: int) -> MailItem:
    """A piece of mail."""
    return MailItem(
        mail_index=index,
        lane=chain(3).lane,
        index=0,
        device=DEVICE,
        incarnation=INCARNATION,
        frame=make_frames(3, 1)[0].raw,
    )


def proof(device: bytes) -> ContradictionItem:
    """A frame that is said to contradict a device's own."""
    frame = make_frames(1, 1)[0]
    return ContradictionItem(
        lane=chain(1).lane, device=Device(device), incarnation=INCARNATION, frame=frame.raw
    )


LIES: list[tuple[str, Tamper, str]] = [
    ("forged: another key", receipt(key=OTHER_KEY), "log key"),
    ("other nonce", receipt(nonce=bytes(16)), "old receipt"),
    (
        "other organisation",
        receipt(whose=replace(chain(1), organisation=Organisation(bytes(16)))),
        "another organisation",
    ),
    ("other device", receipt(whose=chain(1, device=bytes(16))), "did not send"),
    ("other incarnation", receipt(whose=chain(1, incarnation=Incarnation(bytes(8)))), "did not send"),
    ("other head hash", receipt(head_hash=b"\1" * 32), "do not cover"),
    ("head we never wrote", receipt(head=9), "do not cover"),
    ("head without its hash", receipt(head_hash=bytes(32)), "do not cover|does not hold"),
    ("head of nothing", receipt(head=0, head_hash=bytes(32)), "do not cover"),
    ("no receipt at all", answer(END), "do not cover"),
    ("proof of a fork, and no receipt", answer(proof(DEVICE), END), "do not cover"),
    ("proof of somebody else's fork", answer(proof(bytes(16)), END), "another laptop"),
    ("garbage for a receipt", answer(ReceiptItem(receipt=b"\xff" * 200), END), "does not hold"),
    ("items after the end", answer(END, END), "after the end"),
    ("error inside an answer", answer(mail(0), ErrorItem(code=Refusal.BUSY)), "had begun"),
    ("mail twice", answer(mail(4), mail(4)), "out of order"),
    ("mail backwards", answer(mail(4), mail(3)), "out of order"),
    ("more, but nothing", answer(EndItem(request_limit=0, more=True)), "do not cover"),
]


@pytest.mark.parametrize(
    ("tamper", "words"), [(lie, words) for _, lie, words in LIES], ids=[n for n, _, _ in LIES]
)
def test_a_lie_is_named_and_marks_nothing(tamper: Tamper, words: str) -> None:
    """Nothing counts as received, everything stays waiting, and the words say what was wrong."""
    engine, store, server = build()
    server.tamper = lambda hello, items: tamper(server, hello, items)
    with pytest.raises(VerificationError, match=words) as caught:
        engine.sync()
    assert caught.value.advice
    assert store.received == set()
    assert store.refusals == {}
    assert store.pending_totals()[0] == 3
    assert engine.status.error


def test_a_replayed_answer_is_not_taken_twice() -> None:
    """Yesterday's true receipt does not answer today's request."""
    engine, store, server = build()
    lie = replayed()
    server.tamper = lambda hello, items: lie(server, hello, items)
    engine.sync()
    store.frames += make_frames(2, 1)
    with pytest.raises(VerificationError, match="old receipt"):
        engine.sync()
    assert store.pending_totals()[0] == 1


def test_another_history_is_an_alarm() -> None:
    """A receipt for frames this laptop never wrote tells of a copied vault, and is kept as evidence."""
    engine, store, server = build()
    clone = make_frames(1, 5, size=320)
    other = MemoryStore(clone)
    Engine(
        identity=identity,
        store=other,
        transport=MemoryLink(server, FakeClock()),
        clock=FakeClock(),
        random=lambda size: b"\x77" * size,
    ).sync()
    status = engine.sync()
    assert {one.code for one in status.refused} == {Refusal.FORK}
    assert set(store.refusals) == {(1, 1), (1, 2), (1, 3)}
    assert any("copied or restored" in alarm for alarm in status.alarms)
    assert store.received == set()
    assert [covered for _, covered in store.receipts] == [frozenset()]


def test_refusals_of_frames_that_were_not_sent_change_nothing() -> None:
    """A server cannot quarantine what it was not given, nor what its own receipt covers."""
    engine, store, server = build()

    def lie(hello: Hello, items: list[ReplyItem]) -> list[ReplyItem]:
        extra: list[ReplyItem] = [
            RefusedItem(lane=lane, device=DEVICE, incarnation=INCARNATION, sequence=n, code=Refusal.SIGNATURE)
            for lane, n in ((1, 2), (1, 99), (7, 1), (1, 0))
        ]
        return [*extra, *items]

    server.tamper = lie
    status = engine.sync()
    assert store.refusals == {}
    assert store.received == {(1, 1), (1, 2), (1, 3)}
    assert status.refused == ()
    assert any("not sent" in alarm for alarm in status.alarms)


SPOILS: list[tuple[str, Callable[[bytes], bytes], type[ExchangeError]]] = [
    ("garbage", lambda raw: b"\xff\x00garbage", VerificationError),
    ("html", lambda raw: b"<html>busy</html>", VerificationError),
    ("a tag first", lambda raw: b"\xc0" + raw, VerificationError),
    ("not an item", lambda raw: encode({1: 2}) + raw, VerificationError),
    ("unknown item", lambda raw: encode([77, 1]) + raw, VerificationError),
    ("garbage after the end", lambda raw: raw + b"\xff", VerificationError),
    ("half an item after the end", lambda raw: raw + b"\x82\x01", VerificationError),
    ("an endless item", lambda raw: b"\x5a\x7f\xff\xff\xff" + bytes(600_000), VerificationError),
    ("a huge reply", lambda raw: encode_reply(mail(0)) * 2_000, VerificationError),
    (
        "far more than asked",
        lambda raw: b"".join(encode_reply(mail(n)) for n in range(3_000)),
        VerificationError,
    ),
    ("empty", lambda raw: b"", LinkError),
    ("end missing", lambda raw: raw[:-8], LinkError),
]


@pytest.mark.parametrize(
    ("spoil", "error"), [(spoil, error) for _, spoil, error in SPOILS], ids=[n for n, _, _ in SPOILS]
)
def test_an_answer_that_cannot_be_read_is_an_error_and_loses_nothing(
    spoil: Callable[[bytes], bytes], error: type[ExchangeError]
) -> None:
    """Only the one family of errors comes out, in bounded memory, and no frame is given up."""
    engine, store, server = build()
    server.spoil = spoil
    with pytest.raises(error):
        engine.sync()
    assert store.refusals == {}
    server.spoil = lambda raw: raw
    server.seen.clear()
    if store.mail:
        store.mail.clear()
    engine.sync()
    assert store.pending_totals()[0] == 0


def test_whole_items_before_the_garbage_are_used() -> None:
    """A receipt that came whole counts, whatever follows it."""
    engine, store, server = build()
    server.spoil = lambda raw: raw[:-4] + b"\xff\xff\xff\xff"
    with pytest.raises(VerificationError):
        engine.sync()
    assert store.received == {(1, 1), (1, 2), (1, 3)}


@pytest.mark.parametrize("status", [204, 302, 404, 500, 502])
def test_an_http_status_is_not_believed(status: int) -> None:
    """Anything but 200 without an error item is not fieldkit's answer, even with true receipts in it."""
    engine, store, server = build()
    true = server.answer
    server.answer = lambda body: (status, true(body)[1])  # type: ignore[method-assign]
    with pytest.raises(LinkError, match=str(status)):
        engine.sync()
    assert store.received == set()


@pytest.mark.parametrize("page", [b"\xff\xff", b"<html>no</html>", encode([1, b"x"]) * 2_000, b""])
def test_an_error_page_is_not_read_far(page: bytes) -> None:
    """Whatever stands on it, an error page is an error page, and a long one is not read to its end."""
    engine, store, server = build()
    server.answer = lambda body: (500, page)  # type: ignore[method-assign]
    with pytest.raises(LinkError, match="500"):
        engine.sync()
    assert (store.received, store.refusals) == (set(), {})


def test_mutated_answers_raise_only_the_declared_errors() -> None:
    """A few bytes changed in two thousand answers: an error of the family or none, never a false tick."""
    draw = counting_random()
    for _ in range(2_000):
        engine, store, server = build(2)

        def mutate(raw: bytes) -> bytes:
            changed = bytearray(raw)
            for _ in range(1 + draw(1)[0] % 3):
                changed[int.from_bytes(draw(2), "big") % len(changed)] = draw(1)[0]
            return bytes(changed[: len(changed) - draw(1)[0] % 3])

        server.spoil = mutate
        held = {(1, 1), (1, 2)}
        with suppress(ExchangeError):
            engine.sync()
        assert store.received <= held
        assert len(store.frames) == 2
        assert not store.refusals


def test_the_limits_of_the_tests_are_those_of_the_protocol() -> None:
    """The huge replies above are larger than an item may be."""
    assert REPLY_ITEM_BYTES < 600_000
