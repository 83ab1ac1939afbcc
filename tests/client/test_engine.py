"""The engine against a server and a link in memory: what is sent, kept, refused and believed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from sync.client.engine import CONNECT_TRIES, FRUITLESS_TRIES, Engine
from sync.client.errors import Break, LinkError, RefusedError, StoppedError, VerificationError
from sync.client.plan import State
from sync.client.ports import Identity
from sync.client.request import CUTS_IN_DOUBT
from sync.client.status import Status
from sync.protocol.errors import Refusal
from sync.protocol.ids import Incarnation
from sync.protocol.messages import DirectoryItem, MailItem, RootItem
from tests.client.laptop import MemoryStore, Sealed, identity, make_frames
from tests.client.memory import (
    DEVICE,
    INCARNATION,
    FakeClock,
    MemoryLink,
    MemoryServer,
    chain,
    counting_random,
)


@dataclass
class World:
    """One laptop, one server, one link."""

    store: MemoryStore
    server: MemoryServer
    link: MemoryLink
    clock: FakeClock
    engine: Engine
    seen: list[Status]


def world(frames: Sequence[Sealed] = (), *, who: Callable[[], Identity] = identity) -> World:
    """A fresh world with these frames waiting."""
    clock = FakeClock()
    store, server = MemoryStore(frames), MemoryServer()
    link = MemoryLink(server, clock)
    seen: list[Status] = []
    engine = Engine(
        identity=who,
        store=store,
        transport=link,
        clock=clock,
        random=counting_random(),
        progress=seen.append,
    )
    return World(store=store, server=server, link=link, clock=clock, engine=engine, seen=seen)


def two_lanes() -> list[Sealed]:
    """Forty frames, in the order they are sent."""
    main, sources = make_frames(1, 26), make_frames(2, 14)
    return [main[0], sources[0], *main[1:], *sources[1:]]


def held(server: MemoryServer) -> set[tuple[int, int]]:
    """(lane, sequence) of every frame the server committed."""
    return {(owner.lane, sequence) for owner, kept in server.chains.items() for sequence in kept.hashes}


def test_one_round_trip_sends_and_confirms_everything() -> None:
    """Twenty reports leave in one request, and a verified receipt confirms each."""
    w = world(make_frames(1, 20, size=640))
    status = w.engine.sync()
    assert len(w.server.requests) == 1
    assert w.store.pending_totals() == (0, 0)
    assert held(w.server) == {(1, n) for n in range(1, 21)}
    assert (status.phase, status.requests, status.receipts_verified) == (State.DONE, 1, 1)
    assert (status.frames_sent, status.frames_confirmed, status.frames_waiting) == (20, 20, 0)
    assert status.bytes_confirmed == sum(len(frame.raw) for frame in w.store.frames)
    assert status.bytes_up == w.link.bodies[0]
    assert not status.error


def test_nothing_new_is_one_bare_hello() -> None:
    """Without anything to send a run is one small exchange that still draws a receipt."""
    w = world(make_frames(1, 3))
    w.engine.sync()
    status = w.engine.sync()
    assert (status.requests, status.receipts_verified, status.frames_sent) == (1, 1, 0)
    assert status.bytes_up <= 256
    assert status.bytes_up + status.bytes_down <= 800


def test_a_fresh_laptop_without_any_chain_can_still_ask() -> None:
    """No frame was ever written: the run ends well, without a receipt."""
    status = world().engine.sync()
    assert (status.phase, status.receipts_verified) == (State.DONE, 0)


def test_requests_follow_the_limit_and_the_link() -> None:
    """A small limit of the server splits the queue; a fast link makes requests grow."""
    w = world(make_frames(1, 200))
    w.server.request_limit = 8_192
    w.engine.sync()
    assert w.link.bodies[0] > 20_000
    assert all(size <= 8_192 + 512 for size in w.link.bodies[1:])
    fast = world(make_frames(1, 1_200))
    fast.engine.sync()
    assert fast.link.bodies[1] > 2 * fast.link.bodies[0]
    assert held(fast.server) == {(1, n) for n in range(1, 1_201)}


def test_progress_tells_every_phase_with_true_counts() -> None:
    """A watcher sees the phases in order and counts that never shrink."""
    w = world(make_frames(1, 5))
    w.engine.sync()
    phases = list(dict.fromkeys(status.phase for status in w.seen))
    assert phases == [State.CONNECTING, State.SENDING, State.WAITING, State.STORING, State.DONE]
    for name in ("bytes_up", "bytes_down", "frames_confirmed", "requests"):
        counts = [getattr(status, name) for status in w.seen]
        assert counts == sorted(counts)
    assert "confirmed" in w.engine.status.words()


def test_a_link_that_is_not_there_ends_after_three_tries() -> None:
    """Offline is said quickly and in plain words; everything stays waiting."""
    w = world(make_frames(1, 2))
    w.link.cuts = [("connect", 0)] * 10
    with pytest.raises(LinkError, match="cannot be reached") as caught:
        w.engine.sync()
    assert caught.value.kind is Break.UNREACHABLE
    assert 10 - len(w.link.cuts) == CONNECT_TRIES
    assert w.engine.status.phase is State.STOPPED
    assert "try again" in w.engine.status.words()
    assert w.store.pending_totals()[0] == 2
    assert sum(w.clock.slept) < 5


def test_endless_cuts_without_progress_end() -> None:
    """When nothing ever gets through the run ends; when something does it goes on."""
    w = world(make_frames(1, 2))
    w.link.cuts = [("up", 0)] * 50
    with pytest.raises(LinkError, match="cut"):
        w.engine.sync()
    assert 50 - len(w.link.cuts) == FRUITLESS_TRIES
    lucky = world(make_frames(1, 40))
    lucky.link.cuts = [("up", 1_500)] * 30
    lucky.engine.sync()
    assert lucky.store.pending_totals() == (0, 0)


def test_what_probably_arrived_is_not_sent_twice() -> None:
    """After a cut the next request goes on behind what was confirmed; the receipt covers both parts."""
    frames = make_frames(1, 30)
    w = world(frames)
    w.link.cuts = [("up", 256 + 5 + 20 * (len(frames[0].raw) + 4))]
    status = w.engine.sync()
    assert w.server.duplicates == 0
    assert (status.requests, status.frames_confirmed) == (2, 30)
    assert held(w.server) == {(1, n) for n in range(1, 31)}


def test_a_wrong_guess_about_what_arrived_is_made_good() -> None:
    """A middlebox confirmed bytes the server never got: a receipt shows it, and they are sent again."""
    w = world(make_frames(1, 10))
    answer = w.server.answer

    def lose(body: bytes) -> tuple[int, bytes]:
        w.server.answer = answer  # type: ignore[method-assign]
        return 200, b""

    w.server.answer = lose  # type: ignore[method-assign]
    w.link.cuts = [("down", 0)]
    status = w.engine.sync()
    assert w.link.bodies[1] <= 256
    assert (status.requests, status.frames_confirmed) == (3, 10)


def test_a_proxy_that_confirms_what_never_arrives_is_not_believed_for_long() -> None:
    """After a few cuts in a row only a receipt is asked for, and without one the run ends."""
    w = world(make_frames(1, 2_400))
    w.server.answer = lambda body: (200, b"")  # type: ignore[method-assign]
    with pytest.raises(LinkError):
        w.engine.sync()
    large = [size for size in w.link.bodies if size > 1_000]
    assert len(large) == CUTS_IN_DOUBT
    assert len(w.link.bodies) == CUTS_IN_DOUBT + FRUITLESS_TRIES
    assert w.store.pending_totals()[0] == 2_400


def test_a_witness_draws_a_receipt_for_each_chain_in_doubt() -> None:
    """Two lanes in doubt and one more frame to send: one request settles all of it."""
    frames = two_lanes()
    last = frames[-1]
    w = world(frames)
    body = 256 + sum(len(frame.raw) + 4 for frame in frames) + 10
    w.link.cuts = [("up", body - len(last.raw) // 2)]
    status = w.engine.sync()
    assert (status.requests, status.frames_confirmed, w.server.duplicates) == (2, 40, 1)


@pytest.mark.parametrize("code", [code for code in Refusal if not code.temporary])
def test_a_final_refusal_quarantines_one_frame_and_the_rest_goes_on(code: Refusal) -> None:
    """One bad frame is set aside with its reason; the others are confirmed beyond the gap."""
    w = world(make_frames(1, 6))
    w.server.refuse = {(1, 3): code}
    status = w.engine.sync()
    assert w.store.refusals == {(1, 3): int(code)}
    assert w.store.received == {(1, n) for n in (1, 2, 4, 5, 6)}
    assert [(one.lane, one.sequence, one.code) for one in status.refused] == [(1, 3, code)]
    assert status.requests == 1


@pytest.mark.parametrize("code", [code for code in Refusal if code.temporary])
def test_a_temporary_refusal_leaves_the_frame_waiting(code: Refusal) -> None:
    """The frame is not sent again in this run, not quarantined, and goes with a later one."""
    w = world(make_frames(1, 4))
    w.server.refuse = {(1, 4): code}
    status = w.engine.sync()
    assert (status.requests, w.store.refusals, status.frames_waiting) == (1, {}, 1)
    w.server.refuse = {}
    assert w.engine.sync().frames_waiting == 0


def test_a_busy_server_is_asked_again_later() -> None:
    """Busy means back off and try again; a server that stays busy ends the run in plain words."""
    answers = iter([Refusal.BUSY, Refusal.NONCE])
    w = world(make_frames(1, 2))
    w.server.whole_refusal = lambda: next(answers, None)
    assert w.engine.sync().frames_confirmed == 2
    assert len(w.clock.slept) >= 2
    w.store.frames += make_frames(2, 1)
    w.server.whole_refusal = lambda: Refusal.BUSY
    with pytest.raises(LinkError, match="busy"):
        w.engine.sync()


def test_a_busy_server_keeps_nothing() -> None:
    """What a busy server had taken in is not believed to have arrived: everything is sent again as it was."""
    answers = iter([Refusal.BUSY, Refusal.BUSY])
    w = world(make_frames(1, 2))
    w.server.whole_refusal = lambda: next(answers, None)
    assert w.engine.sync().frames_confirmed == 2
    assert len(w.link.bodies) == 3 and len(set(w.link.bodies)) == 1


@pytest.mark.parametrize("breaks", ["busy", "cut"])
def test_a_server_that_keeps_nothing_and_knows_nobody_ends_the_run(breaks: str) -> None:
    """Full disk or strange proxy: what carries frames fails, what carries none is refused. That must end."""
    w = world(make_frames(1, 3))
    alone = 512  # no hello of one lane is longer

    def refusal() -> Refusal:
        return Refusal.BUSY if breaks == "busy" and w.link.bodies[-1] > alone else Refusal.DEVICE

    w.server.whole_refusal = refusal
    w.link.cuts = [("down", 0), ("none", 0)] * 100 if breaks == "cut" else []
    with pytest.raises(LinkError):
        w.engine.sync()
    assert FRUITLESS_TRIES <= len(w.link.bodies) < 2 * FRUITLESS_TRIES


@pytest.mark.parametrize("code", [code for code in Refusal if code not in (Refusal.BUSY, Refusal.NONCE)])
def test_a_refused_request_ends_the_run_with_the_reason(code: Refusal) -> None:
    """The whole request was refused: nothing changes here, and the person reads why and what to do."""
    w = world(make_frames(1, 2))
    w.server.whole_refusal = lambda: code
    with pytest.raises(RefusedError, match="the server refused") as caught:
        w.engine.sync()
    assert caught.value.code is code
    assert caught.value.advice
    assert w.store.pending_totals()[0] == 2
    assert not w.store.refusals


def test_a_server_that_lost_the_join_is_told_again() -> None:
    """Frames believed to have arrived are offered again when the server does not know the device."""
    w = world(make_frames(1, 3))
    w.link.cuts = [("down", 0)]
    answers = iter([None, Refusal.DEVICE])
    w.server.whole_refusal = lambda: next(answers, None)
    assert w.engine.sync().frames_confirmed == 3
    assert w.server.duplicates == 3


def mail(number: int, first: int = 0) -> list[MailItem]:
    """Frames addressed to the laptop."""
    frame = make_frames(3, 1)[0].raw
    return [
        MailItem(
            mail_index=first + n,
            lane=chain(3).lane,
            index=n,
            device=DEVICE,
            incarnation=INCARNATION,
            frame=frame,
        )
        for n in range(number)
    ]


def test_mail_comes_in_pages_until_none_is_left() -> None:
    """`more` makes the engine ask again from the new cursor."""
    w = world()
    w.server.mail = mail(25)
    w.server.page = 10
    status = w.engine.sync()
    assert (status.requests, status.mail) == (3, 25)
    assert [item.mail_index for item in w.store.mail] == list(range(25))


def test_documents_reach_the_store_before_mail() -> None:
    """Roots and directory are handed over together, for the store to verify."""
    w = world()
    w.server.before = [RootItem(root=b"r2"), RootItem(root=b"r3"), DirectoryItem(directory=b"d9")]
    assert w.engine.sync().documents == 3
    assert w.store.documents == [((b"r2", b"r3"), b"d9")]
    w.store.bad_documents = True
    with pytest.raises(VerificationError, match="does not hold"):
        w.engine.sync()


def test_a_byte_cap_stops_between_requests() -> None:
    """A cap is kept, said, and leaves the rest waiting for the next run."""
    w = world(make_frames(1, 100))
    status = w.engine.sync(max_bytes=30_000)
    assert status.capped
    assert status.phase is State.STOPPED
    assert status.bytes_up + status.bytes_down <= 30_000
    assert 0 < status.frames_waiting < 100
    large = world(make_frames(1, 1, size=20_480))
    assert large.engine.sync(max_bytes=10_000).capped
    assert large.link.bodies == []
    tiny = w.engine.sync(max_bytes=1_000)
    assert (tiny.capped, tiny.requests, tiny.phase) == (True, 0, State.STOPPED)
    assert w.engine.sync().frames_waiting == 0


def test_asking_to_stop_ends_the_run_and_keeps_what_was_done() -> None:
    """Stop works while bytes move and during a back-off; a later run goes on."""
    w = world(make_frames(1, 5))
    w.link.cuts = [("up", 0)] * 3
    original = w.clock.sleep

    def sleep(seconds: float) -> None:
        original(seconds)
        w.engine.stop()

    w.clock.sleep = sleep  # type: ignore[method-assign]
    with pytest.raises(StoppedError):
        w.engine.sync()
    assert w.engine.status.phase is State.STOPPED
    w.link.cuts = []
    assert w.engine.sync().frames_waiting == 0


def test_an_older_incarnations_frames_are_sent_under_their_own_name() -> None:
    """What was sealed before a vault was restored still travels, and counts by its own receipt."""
    w = world(make_frames(1, 3), who=lambda: replace(identity(), incarnation=Incarnation(bytes(8))))
    status = w.engine.sync()
    assert status.frames_confirmed == 3
    assert {owner.incarnation for owner in w.server.chains} == {INCARNATION}
