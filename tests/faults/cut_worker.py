"""One worker of the cut sweep: its own server, a fresh chain for each cut, and what the server then holds."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sync.protocol.enrolment import Ticket
from sync.protocol.ids import MAIN, Chain
from sync.protocol.receipts import covered
from sync.protocol.signing import SigningKey
from sync.server.folder import Folder
from tests.faults import audit, chains, organisation, server
from tests.faults.chains import Body
from tests.faults.organisation import Party
from tests.faults.wire import Wire, receipt

FRAMES = 40
"""One epoch and 39 records."""

DEVICES = 100
"""As many as fit a directory: the server looks at every chain of a device with each request of it."""

POLL_SECONDS = 0.0005
PATIENCE_SECONDS = 10.0
"""How long a cut request may take to be committed on a busy machine."""

FRESH = 8
"""Every eighth request that was answered is the last of its connection."""

FAULTS = 20
"""After so many the rest would tell nothing new."""

HEAD = "SELECT head FROM chain WHERE organisation=? AND device=? AND lane=? AND incarnation=?"


@dataclass(slots=True)
class Outcome:
    """What a worker found: cuts that were made good, frames held in the end, and every fault."""

    cuts: int = 0
    held: int = 0
    faults: list[str] = field(default_factory=list)


def shape() -> Body:
    """A request of the sweep: its length and the ends of its frames are the same in all of them."""
    nowhere = Ticket(
        address="127.0.0.1:1", pins=(bytes(32),), log_key=SigningKey.generate().public, code=bytes(16)
    )
    party = organisation.found(nowhere)
    return _Attempt(party, party.devices[0]).body()


def work(
    folder: Path, sizes: Sequence[int], reset: bool = False, module: Sequence[str] = server.ADMIN
) -> Outcome:
    """Cut one request after each of these numbers of body bytes.

    With `reset` the connection is reset, and some of the bytes may never arrive. `module` is the server.
    """
    outcome = Outcome()
    party = organisation.found(server.initialise(folder), DEVICES)
    with server.serving(folder, module=module) as serving, closing(_reading(folder)) as database:
        with Wire(serving.address, party.pins) as wire:
            wire.post("/v1/organisation", party.founding)
        line = _Line(serving.address, party)
        for number, size in enumerate(sizes):
            attempt = _Attempt(party, party.devices[number % DEVICES])
            try:
                attempt.start(line, size)
                line.cut(reset=reset)
                if not reset:
                    attempt.wait(database)
                attempt.converge(line, outcome.cuts, exactly=not reset)
            except (AssertionError, OSError, ValueError) as error:
                outcome.faults.append(f"cut after {size} bytes: {error}")
                line.cut()
                if len(outcome.faults) >= FAULTS:
                    break
            else:
                outcome.cuts += 1
        line.cut()
    outcome.held = len(audit.lane(folder, party.organisation, MAIN).hashes)
    if not outcome.faults:
        shutil.rmtree(folder)  # up to 100 MB
    return outcome


def _reading(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{Folder(folder).database}?mode=ro", uri=True, isolation_level=None)


class _Line:
    """The connection in use; most cuts fall into the second request of one, some into the first."""

    def __init__(self, address: str, party: Party) -> None:
        self._address = address
        self._party = party
        self._wire: Wire | None = None
        self._made = 0

    def wire(self) -> Wire:
        """A connection that is open."""
        if self._wire is None:
            self._wire = Wire(self._address, self._party.pins)
        return self._wire

    def cut(self, *, reset: bool = False) -> None:
        """End it, without a word."""
        if self._wire is not None:
            self._wire.cut(reset=reset)
            self._wire = None

    def answered(self) -> None:
        """Use it again, but for every eighth time."""
        self._made += 1
        if self._made % FRESH == 0:
            self.cut()


class _Attempt:
    """A fresh chain whose request is cut once and then sent whole."""

    def __init__(self, party: Party, device: SigningKey) -> None:
        self._party = party
        self._device = device
        self._chain: Chain = party.chain(device, os.urandom(8))
        self._frames = chains.make(self._chain, device, FRAMES - 1)
        self._items = chains.uploads(self._chain, self._frames)
        self._nonce = b""
        self._expected = 0

    def body(self) -> Body:
        """The whole request, under a fresh nonce."""
        self._nonce = os.urandom(16)
        hello = self._party.hello(self._device, self._chain, self._nonce)
        return chains.request(hello, self._items)

    def start(self, line: _Line, size: int) -> None:
        """Send the first `size` bytes of the body."""
        body = self.body()
        self._expected = body.whole_frames(size)
        line.wire().begin("/v1/sync", body.data, size)

    def wait(self, database: sqlite3.Connection) -> None:
        """Wait until the frames that arrived whole are committed."""
        until = time.monotonic() + PATIENCE_SECONDS
        while (head := self._head(database)) < self._expected:
            if time.monotonic() > until:
                raise AssertionError(f"{self._expected} whole frames arrived, {head} were kept")
            time.sleep(POLL_SECONDS)

    def _head(self, database: sqlite3.Connection) -> int:
        chain = self._chain
        names = (chain.organisation, chain.device, chain.lane, chain.incarnation)
        row = database.execute(HEAD, names).fetchone()
        return 0 if row is None else int(row[0])

    def converge(self, line: _Line, before: int, *, exactly: bool) -> None:
        """Send all of it again: the receipt tells how many frames were missing, and now covers all."""
        items = line.wire().post("/v1/sync", self.body().data)
        line.answered()
        found = receipt(items, self._party.log_key, self._chain, self._nonce)
        hashes = {frame.sequence: frame.hash for frame in self._frames}
        missing = FRAMES - self._expected
        assert found.count == missing or (found.count > missing and not exactly), (
            f"{missing} frames had not arrived, {found.count} were new to the server"
        )
        assert covered(found, hashes) == set(hashes), "the receipt does not cover every frame"
        total = (before + 1) * FRAMES
        assert found.size == total, f"expected {total} frames in the lane, got {found.size}"
