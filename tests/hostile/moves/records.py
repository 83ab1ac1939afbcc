"""Sealed records that no honest program makes; only coordinators look into them (docs/protocol.md §4, §5)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fieldkit.cli.exit_codes import ExitCode
from fieldkit.forms.builtin import incident_form
from sync.protocol.encoding import encode
from sync.protocol.frames import build
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Generation, Incarnation
from sync.protocol.kinds import Key, Kind
from sync.protocol.padding import pad
from sync.protocol.records import Gossip, RecordType, encode_plain
from sync.protocol.sealing import InboxSecret
from sync.protocol.shapes import UINT_MAX
from tests.actions.world import ANSWERS
from tests.hostile.move import Move
from tests.hostile.rogue import Rogue

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

NOW = 1_900_000_000

HOSTILE_TEXT = (
    "\x1b]0;owned\x07\x1b[2J[red]bold[/red] <b>&amp;</b> \u202egnp.exe\u202c \u2066x\u2069 =1+1\t@SUM(A1)"
    "\x00\x7f\x9b31m \ufeff\U000e0041 \ue000 \ud7ff"
)
"""Escapes, markup, bidi controls, formulas, invisible and private letters."""


def revision(answers: Mapping[str, Any], **more: Any) -> dict[int, Any]:
    """A revision's content; `k10="x"` sets key 10."""
    body: dict[int, Any] = {1: "incident", 2: 1, 4: dict(answers), 5: NOW}
    return body | {int(name[1:]): value for name, value in more.items()}


def telling(*contents: tuple[RecordType, Mapping[Any, Any]]) -> Callable[[Rogue], None]:
    """Sends records of these contents."""

    def act(rogue: Rogue) -> None:
        frames = [rogue.epoch()]
        frames += [rogue.sealed(encode_plain(type_, content)) for type_, content in contents]
        rogue.send(*frames)

    return act


def revising(*bodies: Mapping[Any, Any]) -> Callable[[Rogue], None]:
    """Sends these revisions."""
    return telling(*((RecordType.REVISION, body) for body in bodies))


def bomb(rogue: Rogue) -> None:
    """A body of sixteen million zeros in a few hundred bytes."""
    epoch = rogue.epoch()
    squeezer = zstd.ZstdCompressor(options={zstd.CompressionParameter.content_size_flag: 0})
    squeezed = squeezer.compress(bytes(16 << 20), zstd.ZstdCompressor.FLUSH_FRAME)
    rogue.send(epoch, rogue.squeezed(pad(squeezed[4:])))


def no_zstd(rogue: Rogue) -> None:
    """Noise where the squeezed body should be, and padding that does not end."""
    epoch = rogue.epoch()
    rogue.send(epoch, rogue.squeezed(pad(b"\xff" * 200)), rogue.squeezed(bytes(256)))


def not_canonical(rogue: Rogue) -> None:
    """A plain body that is no canonical encoding, one of an unknown type, and one that is no body."""
    frames = [rogue.epoch(), rogue.sealed(b"\x9f\xff"), rogue.sealed(encode([99, {}, None]))]
    rogue.send(*frames, rogue.sealed(encode("words")))


def others_epoch(rogue: Rogue) -> None:
    """A record under an epoch nobody has, and one under an epoch that another chain began."""
    rogue.epoch()
    rogue.send(rogue.sealed(encode_plain(RecordType.REVISION, revision(ANSWERS))))
    other = replace(rogue, incarnation=Incarnation(os.urandom(8)), heads={}, ratchets=dict(rogue.ratchets))
    other.send(other.sealed(encode_plain(RecordType.REVISION, revision(ANSWERS))))


def sealed_elsewhere(rogue: Rogue) -> None:
    """An epoch sealed to a key that is not the lane's, and one that breaks its commitment."""
    wrong = rogue.epoch(inbox_public=InboxSecret(os.urandom(32)).public)
    true = rogue.epoch()
    rogue.heads[MAIN] = (1, wrong.hash)
    header = {**true.header, Key.COMMIT: bytes(32)}
    broken = build(rogue.chain(MAIN), rogue.key, Kind.EPOCH, header, true.body)  # type: ignore[arg-type]
    rogue.send(wrong, broken)


def everywhere(value: Any) -> dict[str, Any]:
    """Answers in which every question has this value."""
    form = incident_form()
    names = {name for name, placed in form.placed.items() if placed.repeat is None}
    return dict.fromkeys(names | {repeat.name for repeat in form.repeats()}, value)


def others_report(rogue: Rogue) -> None:
    """Revisions that follow a report which is not the rogue's: one claims to be older, one newer."""
    lie = {**ANSWERS, "title": "Nothing happened"}
    bodies = [{**revision(lie, k3=[rogue.victim]), 5: NOW + days * 86_400} for days in (-9, 9)]
    revising(*bodies)(rogue)


def takes_back(rogue: Rogue) -> None:
    """A withdrawal of a report that somebody else wrote."""
    rogue.send(*rogue.told({1: "incident", 2: 1, 3: [rogue.victim], 5: NOW, 12: "lies"}))


def nests(rogue: Rogue) -> None:
    """Answers inside answers, deeper than any encoder writes."""
    epoch = rogue.epoch()
    rogue.send(epoch, rogue.sealed(b"\x83\x01\xa1\x04" + b"\xa1\x61a" * 12 + b"\x01\xf6"))


def wrong_lanes(rogue: Rogue) -> None:
    """Contents in lanes where they do not belong."""
    rogue.send(*rogue.told({1: "incident", 2: 1, 4: {}, 11: bytes(16)}, RecordType.PART))
    rogue.send(*rogue.told(revision(ANSWERS), lane=SOURCES), lane=SOURCES)
    rogue.send(*rogue.told({1: bytes(16), 2: 2, 3: "boss"}, RecordType.MEMBER))
    rogue.send(*rogue.told({1: 1}, RecordType.HEARTBEAT))


def lying_gossip(rogue: Rogue) -> None:
    """A record that says the server showed another log, and one of a log nobody can have."""
    generation = Generation(bytes(8))
    frames = rogue.told(
        revision(ANSWERS, k5=NOW + 1),
        gossip=Gossip(lane=MAIN, generation=generation, size=UINT_MAX, root=b"\1" * 32),
    )
    more = encode_plain(
        RecordType.REVISION,
        revision(ANSWERS, k5=NOW + 2),
        Gossip(lane=ADMIN, generation=generation, size=1, root=b"\2" * 32),
    )
    rogue.send(*frames, rogue.sealed(more))


def _refused(
    name: str, does: str, act: Callable[[Rogue], None], check: str, *why: str, section: str = "§4"
) -> Move:
    return Move(
        name=name,
        does=does,
        check=check,
        section=section,
        act=act,
        exit=ExitCode.PARTIAL,
        why=why,
    )


def _listed(name: str, does: str, act: Callable[[Rogue], None], check: str, reports: int) -> Move:
    return Move(name=name, does=does, check=check, section="§4", act=act, reports=reports)


READER = "fieldkit/model/body_reader.py::"
EXPAND = "sync/protocol/compression.py::expand"
MOVES = (
    _refused(
        "decompression bomb",
        "puts 16 MB of zeros into a record",
        bomb,
        EXPAND,
        "the body expands beyond 1048576 bytes",
    ),
    _refused(
        "no compression at all",
        "seals noise and bad padding",
        no_zstd,
        EXPAND,
        "the compressed frame states a size, a checksum or a dictionary",
        "the padding does not end as it must",
    ),
    _refused(
        "bodies that are none",
        "seals what has no meaning",
        not_canonical,
        "sync/protocol/records.py::decode_plain",
        "an indefinite length or reserved head",
        "expected a known type of record, got 99",
        "expected an array of 3, got 'words'",
    ),
    Move(
        name="an epoch of another chain",
        does="seals under keys that are not its own",
        check="fieldkit/actions/unsealing.py::Unsealer._epoch_reader",
        section="§5",
        act=others_epoch,
        exit=ExitCode.PARTIAL,
        told=("waiting for a key  2",),
    ),
    _refused(
        "an epoch for another key",
        "seals to a key that is not the lane's",
        sealed_elsewhere,
        "sync/protocol/sealing.py::open_epoch",
        "the wrapped key does not open with this inbox key",
        "the wrapped key does not open with this inbox key",
        section="§5",
    ),
    _listed(
        "hostile text everywhere",
        "answers every question with escapes and markup",
        revising(revision(everywhere(HOSTILE_TEXT))),
        "fieldkit/model/text.py::clean",
        1,
    ),
    _listed(
        "hostile text in lists",
        "the same inside lists and maps",
        revising(revision(everywhere([HOSTILE_TEXT, {"a": HOSTILE_TEXT}]))),
        "fieldkit/model/text.py::clean",
        1,
    ),
    _listed(
        "hostile names of answers",
        "calls its answers by hostile names",
        revising(revision({HOSTILE_TEXT[:60]: "x", "title": "y"})),
        "fieldkit/model/text.py::clean",
        1,
    ),
    _listed(
        "hostile pseudonym",
        "calls itself by control characters",
        revising(revision(ANSWERS, k10=HOSTILE_TEXT, k8=HOSTILE_TEXT)),
        "fieldkit/actions/authorship.py::author_name",
        1,
    ),
    _listed(
        "hostile form",
        "names a form of hostile words",
        revising(revision(ANSWERS, k1=HOSTILE_TEXT)),
        "fieldkit/model/text.py::clean",
        1,
    ),
    _listed(
        "other people's report as parent",
        "follows a report of somebody else",
        others_report,
        "fieldkit/actions/contents.py::incident_of",
        0,
    ),
    _listed(
        "answers of wrong types",
        "answers with numbers, lists and maps",
        revising(revision(everywhere(7)), revision(everywhere({"a": 1})), revision(everywhere([]))),
        "fieldkit/actions/records.py::_divide",
        3,
    ),
    _listed(
        "invalid dates",
        "gives days that are none",
        revising(
            *(
                revision({**ANSWERS, "start": one})
                for one in (["2026-13-45"], ["9999-99-99", "x"], "never", ["-99999999-01-01"], [["a"]])
            )
        ),
        "fieldkit/actions/listing.py::_days",
        5,
    ),
    _refused(
        "a megabyte of text",
        "writes a million letters",
        revising(revision({**ANSWERS, "narrative": "a" * 1_000_000})),
        READER + "_AnswerReader._text",
        "text too long: at most 50000 characters here, 100000 in all",
    ),
    _refused(
        "too many answers",
        "writes a hundred thousand answers",
        revising(revision({**ANSWERS, "acts": [{"act": "x"}] * 60_000})),
        READER + "_AnswerReader._list",
        "60000 entries in one place, at most 1000 are allowed",
    ),
    _refused(
        "nested answers",
        "nests as deep as the encoding allows",
        nests,
        "sync/protocol/decoding.py::_bound",
        "nested deeper than 8",
    ),
    _refused(
        "numbers beyond all",
        "writes numbers of 64 bits",
        revising(
            revision({**ANSWERS, "killed": 2**64 - 1}),
            revision(ANSWERS, k5=UINT_MAX),
            revision(ANSWERS, k6=UINT_MAX),
            revision(ANSWERS, k9=99),
        ),
        READER + "BodyReader.integer",
        "a number in the answers is too large",
        "entry 5 must lie between 0 and 253402300799",
        "entry 6 must lie between -1080 and 1080",
        "entry 9 must lie between 0 and 9",
    ),
    _refused(
        "many parents",
        "follows a thousand revisions",
        revising(revision(ANSWERS, k3=[n.to_bytes(16, "big") for n in range(1_000)])),
        READER + "BodyReader.ids",
        "entry 3 must be a list of at most 16 ids",
    ),
    _refused(
        "keys of no meaning",
        "adds keys that nobody knows",
        revising({**revision(ANSWERS), 77: 1}, {**revision(ANSWERS), "x": 1}),
        READER + "BodyReader",
        "unknown entry 77: made by a newer version, or damaged",
        "unknown entry 'x': made by a newer version, or damaged",
    ),
    _refused(
        "takes back what is not its own",
        "withdraws reports of others",
        takes_back,
        "fieldkit/actions/reading.py::Reader._check_withdrawal",
        "only its author or a coordinator can take a report back",
    ),
    _refused(
        "records in wrong lanes",
        "says things where they do not belong",
        wrong_lanes,
        "fieldkit/actions/reading.py::Reader._take",
        "a part record does not belong in lane 1",
        "a member record does not belong in lane 1",
        "a record frame holds a heartbeat",
        "a revision record does not belong in lane 2",
    ),
    _listed(
        "lying gossip",
        "says that the server showed it another log",
        lying_gossip,
        "fieldkit/vault/feeds.py::Feeds.take_gossip",
        2,
    ),
)
