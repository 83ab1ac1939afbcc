"""The pull of the benchmark brings what was fed, and the bare loop does the same work."""

from __future__ import annotations

import pytest

from tests.bench import pulling
from tests.bench.archive import archive
from tests.bench.pulling import INSERT, STORED, Bare, pull_rows, pulled
from tests.bench.table import Row

pytestmark = pytest.mark.apart

RECORDS = 24


def test_row_six_is_whole() -> None:
    """Figures, a ratio and a budget; a pull that misses a record raises."""
    row, *beside, remark = pull_rows(1, records=RECORDS)
    assert isinstance(row, Row) and row.limit is not None and row.budget is not None
    assert row.figure > 0 and row.limit.ratio > 0
    assert len(beside) == 2
    for other in beside:
        assert isinstance(other, Row) and other.limit is not None and other.budget is None
    assert isinstance(remark, str) and "processor time" in remark


def test_the_loop_that_reads_bodies_reads_every_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each record once, and the other loop none."""
    read = []
    monkeypatch.setattr(pulling, "decode_main", lambda content, size: read.append((content, size)))
    with archive(RECORDS) as stored:
        with stored.opened() as session:
            pulled(stored, session)
            bare = Bare.after(stored, session)
        bare.run()
        assert not read
        bare.run(bodies=True)
    assert len(read) == RECORDS and all(content and size for content, size in read)


def test_the_bare_loop_opens_and_inserts_everything() -> None:
    """Every frame is verified, every record opened, every row of the pulled vault inserted again."""
    with archive(RECORDS) as stored:
        assert len(stored.frames) == RECORDS + len(stored.keys)
        with stored.opened() as session:
            pulled(stored, session)
            bare = Bare.after(stored, session)
        assert {table: len(rows) >= RECORDS for table, rows in bare.rows.items()} == dict.fromkeys(
            STORED, True
        )
        assert INSERT.keys() == STORED.keys()
        assert bare.run().clock > 0
        chain, raw = stored.frames[-1]
        stored.frames[-1] = (chain, raw[:-1] + bytes([raw[-1] ^ 1]))
        with pytest.raises(Exception, match="signature"):
            bare.run()
