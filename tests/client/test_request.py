"""What goes into one request, and what is believed about a request that broke."""

from __future__ import annotations

from dataclasses import replace

from sync.client.request import CUTS_IN_DOUBT, Doubt, Facts, Request, choose, compose, place
from sync.protocol.encoding import SequenceReader
from sync.protocol.hello import Purpose, parse_hello, verify_hello
from sync.protocol.ids import Incarnation, key_id
from sync.protocol.limits import HELLO_LANES
from sync.protocol.messages import parse_upload
from tests.client.laptop import Sealed, identity, make_frames
from tests.client.memory import DEVICE, DEVICE_KEY, INCARNATION, LOG_KEY

FACTS = Facts(
    purpose=Purpose.SYNC,
    nonce=b"n" * 16,
    created=1_790_000_000,
    reply_limit=9_000,
    versions=(7, 3),
    mail_cursor=5,
    lanes=[(1, 4), (2, 2)],
)


def request(frames: list[Sealed]) -> Request:
    """A request with these frames."""
    return compose(identity(), FACTS, frames)


def test_a_request_says_who_speaks_and_carries_frames_as_they_are() -> None:
    """The hello verifies and tells every fact; frames follow byte for byte, in order, at the places named."""
    frames = make_frames(1, 2) + make_frames(2, 1)
    made = request(frames)
    (value, raw), *uploads = list(SequenceReader().feed(made.body))
    hello, frame = parse_hello(value, raw)
    verify_hello(hello, frame, DEVICE_KEY.public)
    assert (hello.nonce, hello.reply_limit, hello.mail_cursor) == (b"n" * 16, 9_000, 5)
    assert (hello.directory_version, hello.root_version) == (7, 3)
    assert hello.log_key_id == key_id(LOG_KEY.public)
    assert [parse_upload(upload).frame for upload, _ in uploads] == [one.raw for one in frames]
    assert made.ends[-1] == len(made.body)
    assert [end - start for start, end in zip((len(raw), *made.ends), made.ends, strict=False)] == [
        len(item) for _, item in uploads
    ]


def test_only_a_foreign_chain_is_named() -> None:
    """The envelope names device and incarnation where they are not the hello's, and saves them otherwise."""
    own = make_frames(1, 1)[0]
    older = replace(own, incarnation=Incarnation(b"older-00"))
    plain = parse_upload(values([own])[1])
    assert (plain.device, plain.incarnation) == (None, None)
    carried = parse_upload(values([older])[1])
    assert (carried.device, carried.incarnation) == (DEVICE, b"older-00")


def values(frames: list[Sealed]) -> list[object]:
    """The items of a request."""
    return [value for value, _ in SequenceReader().feed(request(frames).body)]


def test_a_clock_before_1970_and_many_lanes_do_not_stop_a_hello() -> None:
    """A dead clock battery and an organisation with many compartments still speak."""
    facts = replace(FACTS, created=-5_000_000, lanes=[(lane, 1) for lane in (1, 2, 3, *range(16, 40))])
    value, raw = next(SequenceReader().feed(compose(identity(), facts, ()).body))
    hello, _ = parse_hello(value, raw)
    assert (hello.created, len(hello.lanes)) == (0, HELLO_LANES)


def test_choosing_takes_the_oldest_up_to_a_size_and_at_least_one() -> None:
    """A frame larger than the size goes alone; what is skipped leaves no hole in the order."""
    frames = make_frames(1, 5)
    size = len(frames[0].raw)
    assert choose(frames, 0, ()) == frames[:1]
    assert choose(frames, 3 * size + 10, ()) == frames[:3]
    assert choose(frames, 2 * size + 10, {place(frames[0]), place(frames[2])}) == [frames[1], frames[3]]
    assert choose(frames, 10**6, {place(frame) for frame in frames}) == []


def test_doubt_takes_only_whole_frames() -> None:
    """A frame is in doubt when its last byte was confirmed, and not a byte earlier."""
    frames = make_frames(1, 3)
    made = request(frames)
    for end, number in zip(made.ends, (1, 2, 3), strict=True):
        early, late = Doubt(), Doubt()
        assert early.after_cut(made, end - 1) is (number > 1)
        assert len(early.places) == number - 1
        assert late.after_cut(made, end)
        assert len(late.places) == number
        assert late.bytes == sum(len(frame.raw) for frame in frames[:number])
        assert not late.after_cut(made, end)


def test_witnesses_touch_each_chain_in_doubt_once() -> None:
    """The smallest frame of each untouched chain; none when the hello alone draws the receipt."""
    main, sources = make_frames(1, 3), make_frames(2, 2, size=640)
    doubt = Doubt()
    doubt.after_cut(request([*main, *sources]), 10**6)
    assert {frame.lane for frame in doubt.witnesses([])} == {1, 2}
    assert [frame.lane for frame in doubt.witnesses([make_frames(2, 3)[2]])] == [1]
    assert doubt.lane() is None
    one = Doubt()
    one.after_cut(request(main), 10**6)
    assert one.witnesses([]) == []
    assert one.lane() == 1


def test_after_some_cuts_a_receipt_is_due() -> None:
    """Confirmations of a network are believed for a few cuts, not for ever; a whole answer settles it."""
    doubt, made = Doubt(), request(make_frames(1, 1))
    due = []
    for _ in range(CUTS_IN_DOUBT):
        due.append(doubt.due)
        doubt.after_cut(made, 10**6)
    due.append(doubt.due)
    doubt.clear()
    assert [*due, doubt.due] == [*[False] * CUTS_IN_DOUBT, True, False]
    assert not doubt.places


def test_the_incarnation_is_part_of_a_place() -> None:
    """The same sequence of an older incarnation is another frame."""
    frame = make_frames(1, 1)[0]
    assert place(frame) == (INCARNATION, 1, 1)
    assert place(replace(frame, incarnation=b"older-00")) != place(frame)
