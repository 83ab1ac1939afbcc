"""What the operator of a server can see of it: the names of its files and the sizes of frames, no more."""

from __future__ import annotations

import shutil
import sqlite3
from collections import defaultdict
from contextlib import closing

import pytest

from sync.protocol.compression import expand
from sync.protocol.errors import ProtocolError
from sync.protocol.frames import Frame, parse
from sync.protocol.kinds import Kind
from sync.protocol.padding import unpad
from tests.faults.figures import Figures
from tests.forensics.course import Course

FILES = {
    *("server.db", "settings.toml", "log.key", "ticket.key", "tls.key", "tls.crt", "tls-spare.key"),
    *("server.db-wal", "server.db-shm", "lock"),
}
"""What a server's folder holds; the last three only while it serves."""

TAG_BYTES = 16


def _record_sizes() -> set[int]:
    """docs/protocol.md §4, worked out once more: steps of 64 up to 1,024, then Padmé."""
    fine = set(range(256, 1_025, 64))
    coarse = set()
    for length in range(1_025, 61_441):
        exponent = length.bit_length() - 1
        step = 1 << (exponent - exponent.bit_length())
        coarse.add(-(-length // step) * step)
    return {size + TAG_BYTES for size in fine | coarse}


SIZES: dict[Kind, set[int]] = {
    Kind.EPOCH: {1_168},
    Kind.RECORD: _record_sizes(),
    Kind.HEARTBEAT: {272},
    Kind.VOID: {0},
    Kind.ACKNOWLEDGEMENT: {0},
    Kind.CERTIFICATE: {0},
    Kind.GRANT: {1_168},
    Kind.INVITE: {32},
    Kind.JOIN: {0, 1_216},
}
"""Kind → body sizes that an operator may see. Roots and directories are public documents of any size."""


@pytest.fixture(scope="module")
def frames(course: Course, tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    """Every frame that the server holds, read from a copy of its database."""
    copy = shutil.copytree(course.server.folder, tmp_path_factory.mktemp("held") / "server")
    with closing(sqlite3.connect(copy / "server.db")) as connection:
        return [parse(raw) for (raw,) in connection.execute("SELECT raw FROM frame")]


def test_sizes_are_of_the_closed_list(frames: list[Frame], figures: Figures) -> None:
    """R14: each frame that the course produced has one of the few sizes of its kind."""
    seen: dict[Kind, set[int]] = defaultdict(set)
    for frame in frames:
        seen[frame.kind].add(len(frame.body))
    documents = {Kind.ROOT, Kind.DIRECTORY}
    assert {kind: sizes - SIZES[kind] for kind, sizes in seen.items() if kind not in documents} == {
        kind: set() for kind in seen if kind not in documents
    }
    assert {Kind.EPOCH, Kind.RECORD, Kind.INVITE, Kind.JOIN, Kind.CERTIFICATE} <= set(seen)
    told = ", ".join(f"{kind.name.lower()} {sorted(sizes)}" for kind, sizes in sorted(seen.items()))
    figures.add(f"body sizes that {len(frames)} frames of the course show: {told}")


def test_no_record_is_only_squeezed(frames: list[Frame]) -> None:
    """What is stored of a record is neither readable nor merely compressed."""
    records = [frame for frame in frames if frame.kind in (Kind.RECORD, Kind.HEARTBEAT)]
    assert records
    for frame in records:
        for attempt in (frame.body, frame.body[:-TAG_BYTES]):
            with pytest.raises(ProtocolError):
                expand(unpad(attempt) if len(attempt) % 64 == 0 else attempt)


def test_no_name_comes_from_a_peer(course: Course) -> None:
    """R23: the server's files have the names they always have; nothing a client sent is a path."""
    names = {str(path.relative_to(course.server.folder)) for path in course.server.folder.rglob("*")}
    assert {"server.db", "settings.toml"} <= names <= FILES
    around = {path.name for path in course.server_disk.folder.iterdir()}
    assert around == {"server", "server.log", "lost+found"}


def test_every_byte_the_server_wrote(course: Course, figures: Figures) -> None:
    """From its start to its end, to disk, network and log: none of the texts, and no file but its own."""
    done = course.server_audit
    assert done.places_with(course.texts) == {}
    own = {str(course.server.folder / name) for name in FILES}
    assert {str(course.server.folder / "server.db-wal")} <= done.changed.keys() <= own
    assert (done.unseen, done.started) == (set(), [])
    figures.add(f"write audit of the server: {sum(map(len, done.written.values())):,} bytes, 0 texts")
