"""One sync request against every store: receipts, idempotence, order, forks, voids (docs/protocol.md §7, §9)."""

from __future__ import annotations

from sync.protocol.ids import MAIN
from sync.protocol.messages import EndItem, ReceiptItem
from sync.protocol.receipts import open_receipt
from tests.server.world import Person, Site, World


def test_receipt_covers_frames(site: Site, world: World, reporter: Person) -> None:
    """Frames that were committed are covered by a receipt bound to the nonce."""
    frames = [reporter.record() for _ in range(5)]
    body = world.hello(reporter) + b"".join(reporter.upload(MAIN, frame) for frame in frames)
    status, items = site.post("/v1/sync", body)
    assert status == 200
    assert [type(item) for item in items] == [ReceiptItem, EndItem]
    receipt = open_receipt(items[0].receipt, site.log_key.public)
    assert (receipt.head, receipt.head_hash, receipt.count, receipt.size) == (5, frames[-1].hash, 5, 5)
