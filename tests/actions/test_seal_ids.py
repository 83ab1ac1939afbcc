"""Two copies of one vault never seal under the same key: seal ids come from the system."""

from __future__ import annotations

from fieldkit.actions.enrol import device_key
from fieldkit.actions.sealing import Sealer
from fieldkit.actions.session import Session
from sync.protocol.frames import Frame
from sync.protocol.ids import MAIN
from sync.protocol.kinds import Key
from sync.protocol.sealing import Sealed
from tests.actions.world import World, report


def sealed(session: Session) -> Frame:
    """The frame that the next record of the vault becomes, without storing anything: what a copy would do."""
    directory = session.vault.documents.directory().directory
    item = session.vault.outbox._next(MAIN)
    assert item is not None
    *_, last = Sealer(session, directory, device_key(session))._seal_item(
        session.vault.outbox.state(MAIN), item
    )
    assert isinstance(last, Sealed)
    return last.frame


def test_copies_share_no_key(world: World, reporter: Session) -> None:
    """The same record at the same step of the same ratchet, sealed by two copies, shares only its place."""
    report(reporter)
    directory = reporter.vault.documents.directory().directory
    Sealer(reporter, directory, device_key(reporter)).seal_waiting()
    report(reporter, title="what both copies have written")
    one, other = sealed(reporter), sealed(reporter)
    for key in (Key.SEQUENCE, Key.EPOCH, Key.STEP):
        assert one.header[key] == other.header[key]
    assert one.header[Key.SEAL] != other.header[Key.SEAL]
    assert one.body != other.body
