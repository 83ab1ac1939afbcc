"""Benchmark row 4, first part: what one report weighs as the frame that is sent, in each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

from fieldkit.model.values import Answers
from sync.protocol.frames import parse
from sync.protocol.ids import MAIN, SOURCES, Lane
from sync.protocol.kinds import Kind
from sync.protocol.messages import Upload, encode_upload
from tests.bench.reports import json_bytes, with_source, words
from tests.bench.table import Budget, Limit, Row
from tests.bench.world import Reporter
from tests.dictionary.held_out import LANGUAGES, incidents

NAMES: Final = {"en": "English", "ar": "Arabic", "fr": "French", "uk": "Ukrainian"}

BUDGETS: Final = {"en": 750, "ar": 900, "uk": 1_011}
"""Bytes of the median frame; French is measured beside them.

The design allows 900 for 2.2 KB. The Arabic texts weigh that; the Ukrainian ones, of as many words, weigh
2.47 KB and are held against the same rate.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """Frames of some reports in one lane: their sizes, and of the same reports what compression leaves."""

    frames: list[int]
    envelopes: list[int]
    compressed: list[int]
    epoch: int
    """The epoch frame they began with, 0 when one was there."""

    @property
    def ratio(self) -> float:
        """Frame ÷ compressed, the median."""
        return median(frame / least for frame, least in zip(self.frames, self.compressed, strict=True))


def framed(reporter: Reporter, reports: list[Answers]) -> dict[Lane, Framed]:
    """Seal reports as a sync would and weigh them, by lane; they stay unsent in that laptop's vault."""
    compressed = reporter.finish(reports)
    frames = reporter.seal()
    found = {}
    for lane in sorted({Lane(frame.lane) for frame in frames}):
        made = [(frame.raw, parse(frame.raw).kind) for frame in frames if frame.lane == lane]
        records = [raw for raw, kind in made if kind is Kind.RECORD]
        found[lane] = Framed(
            frames=[len(raw) for raw in records],
            envelopes=[len(encode_upload(Upload(lane=lane, frame=raw))) - len(raw) for raw in records],
            compressed=[sizes[lane] for sizes in compressed if lane in sizes],
            epoch=sum(len(raw) for raw, kind in made if kind is Kind.EPOCH),
        )
    return found


def framed_rows(reporter: Reporter, another: Reporter) -> Iterator[Row | str]:
    """A row a language, one for what a source adds, and what they consist of.

    Another laptop tells of sources: the same report of the same second would be the same revision.
    """
    for language in LANGUAGES:
        reports = incidents(language)
        weighed = framed(reporter, reports)[MAIN]
        yield _row(f"one {NAMES[language]} incident, framed, median of {len(reports)}", weighed, language)
        spoken, size = median(map(words, reports)), median(map(json_bytes, reports))
        each = median(frame / words(report) for frame, report in zip(weighed.frames, reports, strict=True))
        yield (
            f"    {min(weighed.frames)} to {max(weighed.frames)}, {each:.2f} a word;"
            f" {spoken:.0f} words, {size:,.0f} bytes of JSON; envelope {max(weighed.envelopes)} more"
        )
    told = [with_source(answers, number) for number, answers in enumerate(incidents("en"))]
    weighed = framed(another, told)[SOURCES]
    yield _row("a source's identity: a frame in lane 2 beside it", weighed, "")
    yield f"    the lane's epoch frame, once in 30 days or 1,024 records: {weighed.epoch:,}"


def _row(what: str, weighed: Framed, language: str) -> Row:
    budget = BUDGETS.get(language)
    return Row(
        what=what,
        figure=median(weighed.frames),
        unit="bytes",
        limit=Limit(name="compressed", value=median(weighed.compressed), ratio=weighed.ratio),
        budget=None if budget is None else Budget(bound=budget),
    )
