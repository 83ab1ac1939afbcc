"""A server and a coordinator's home as they are before a pull, to be taken up again for every run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fieldkit.actions import unlock
from fieldkit.actions.network import over_https
from fieldkit.actions.session import Session
from sync.protocol.ids import Chain
from tests.bench.feeding import Writer, feed
from tests.bench.world import PASSPHRASE, World
from tests.support.server import start_server

WRITERS: Final = 4
"""Reporters whose records are pulled."""

SETTINGS: Final = "member_frames = 100000000\nmember_bytes = 1000000000000\n"
"""Four laptops send what a whole organisation would in years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What was stored, and where."""

    folder: Path
    count: int
    """Records; beside them there are epoch frames."""
    frames: list[tuple[Chain, bytes]] = field(repr=False)
    """Every frame of the main lane, in the order of the feed."""
    keys: dict[bytes, bytes] = field(repr=False)
    """Public keys of the writers, by device."""

    @contextmanager
    def opened(self) -> Iterator[Session]:
        """A running copy of the server, and a copy of the coordinator's home that talks to it."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fieldkit-bench-")))
            for part in ("server", "officer"):
                shutil.copytree(self.folder / part, folder / part)
            server = start_server(folder, folder=folder / "server")
            stack.callback(server.stop)
            session = stack.enter_context(unlock.unlock(folder / "officer", PASSPHRASE))
            session.connect = lambda _, pins, proxy: over_https(server.address, pins, proxy)
            yield session


@contextmanager
def archive(count: int) -> Iterator[Archive]:
    """`count` records of the peers' kind on a server, and a coordinator who has pulled none of them."""
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
        with World(WRITERS, settings=SETTINGS) as world:
            writers = [Writer.of(reporter.session) for reporter in world.reporters]
            frames = feed(world.server.address, writers, count)
            world.officer.lock()
            world.server.stop()
            for part in ("server", "officer"):
                shutil.copytree(world.server.folder.parent / part, Path(name) / part)
        yield Archive(
            folder=Path(name),
            count=count,
            frames=frames,
            keys={writer.chain.device: writer.key.public for writer in writers},
        )
