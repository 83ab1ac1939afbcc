"""The weight of a report, and its limit."""

from __future__ import annotations

import random

import pytest

from fieldkit.actions import capture, exchange, outlook, status, weighing, writing
from fieldkit.actions.contents import finished
from fieldkit.actions.errors import InputProblem
from fieldkit.actions.sealing import Sealer
from fieldkit.actions.session import Session
from fieldkit.actions.weighing import CONNECTION_BYTES, EPOCH_BYTES, load, sending_cost
from fieldkit.model.revision import Content
from fieldkit.vault.keys import Purpose
from sync.protocol.ids import Device, Organisation
from sync.protocol.signing import SigningKey
from tests.actions.world import ANSWERS, SOURCED


def test_estimate_leaves_room_for_gossip() -> None:
    """The estimate is of the record alone; that it fits with what rides along is checked."""
    content = Content(form_id="incident", form_version=1, answers={"title": "x"}, created=1)
    made = finished(content, Organisation(bytes(16)), Device(bytes(16)))
    assert 256 < sending_cost(made) < 512


def test_what_no_frame_carries_is_refused() -> None:
    """With a hint at what to do."""
    noise = random.Random(1)
    text = "".join(chr(noise.randrange(0x4E00, 0x9FA5)) for _ in range(45_000))
    content = Content(form_id="incident", form_version=1, answers={"title": text}, created=1)
    with pytest.raises(InputProblem, match="too long") as caught:
        sending_cost(finished(content, Organisation(bytes(16)), Device(bytes(16))))
    assert caught.value.hint


@pytest.mark.parametrize("answers", [ANSWERS, SOURCED], ids=["one lane", "two lanes"])
def test_a_report_has_one_size(first: Session, reporter: Session, answers: dict[str, object]) -> None:
    """The review, what Finish says, the queue, the sum above it, `status` and a dry run: one figure, and it
    is what the frames weigh; what goes beside them is told apart.
    """
    for round_ in ("with keys", "without"):
        written = capture.new_draft(reporter, {**answers, "title": f"report {round_}"})
        seen = writing.review(reporter, written.number)
        done = writing.finish(reporter, written.number)
        view, dry = outlook.outlook(reporter), exchange.sync(reporter, dry_run=True)
        (line,) = (one for one in view.queue if one.number is not None)
        figures = {seen.cost, done.size_estimate, line.size, view.size, dry.sent_bytes}
        assert figures == {status.status(reporter).unsent_bytes}, round_
        assert view.beside == dry.beside_bytes == seen.beside
        sent = exchange.sync(reporter)
        keys = len(done.lanes) * EPOCH_BYTES if round_ == "with keys" else 0
        assert abs(sent.sent_bytes - keys - done.size_estimate) < 100
        assert view.beside == keys + CONNECTION_BYTES
    assert (load(reporter).reports, load(reporter).beside) == (0, CONNECTION_BYTES)


def test_what_is_sealed_keeps_its_size(first: Session, reporter: Session) -> None:
    """Sealed and not confirmed, the figure stays what it was, to a few bytes."""
    writing.finish(reporter, capture.new_draft(reporter, SOURCED).number)
    before = load(reporter)
    directory = reporter.vault.documents.directory().directory
    Sealer(
        reporter, directory, SigningKey.from_bytes(reporter.vault.keys.require(Purpose.DEVICE))
    ).seal_waiting()
    after = load(reporter)
    assert abs(after.reports - before.reports) < 100 and abs(after.beside - before.beside) < 100


def test_more_than_is_weighed_is_estimated(
    first: Session, reporter: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long queue is weighed in part; the whole stays near what it is."""
    for number in range(6):
        writing.finish(reporter, writing.begin(reporter, {**ANSWERS, "title": f"report {number}"}).number)
    exact = load(reporter).reports
    monkeypatch.setattr(weighing, "WEIGHED", 2)
    assert 0.75 < load(reporter).reports / exact < 1.33
