"""A server that takes two requests and stops, killed somewhere on the way; and what must hold afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sync.protocol.frames import Frame
from sync.protocol.ids import MAIN, Chain, FrameHash
from sync.protocol.receipts import Receipt, covered
from tests.faults import audit, chains, organisation, server, strace_rig
from tests.faults.organisation import Party
from tests.faults.strace_rig import Point, Trace
from tests.faults.wire import Wire, receipt

FRAMES = 6
PARTS = (slice(0, 3), slice(3, 6))
"""Two requests: a kill in the second one may not touch what the first was promised."""


@dataclass(frozen=True, slots=True)
class Story:
    """Who sends what."""

    party: Party
    chain: Chain
    frames: tuple[Frame, ...]

    def send(self, address: str, part: slice) -> Receipt:
        """Send some of the frames; the verified receipt. Raises OSError when the server dies of it."""
        nonce = os.urandom(16)
        hello = self.party.hello(self.party.devices[0], self.chain, nonce)
        body = chains.request(hello, chains.uploads(self.chain, self.frames[part]))
        with Wire(address, self.party.pins) as wire:
            return receipt(wire.post("/v1/sync", body.data), self.party.log_key, self.chain, nonce)


@dataclass(slots=True)
class Life:
    """What a server's client was promised before the end, and how the end came."""

    promised: set[FrameHash] = field(default_factory=set)
    trace: Trace = field(default_factory=lambda: Trace(calls=(), killed=False))

    def send_all(self, story: Story, address: str) -> None:
        """Send every part, until the server dies."""
        for part in PARTS:
            try:
                self.send(story, address, part)
            except OSError:
                return

    def send(self, story: Story, address: str, part: slice) -> None:
        """Send one part and remember what its receipt promises. Raises OSError when the server dies of it."""
        proof = story.send(address, part)
        hashes = {frame.sequence: frame.hash for frame in story.frames}
        self.promised |= {hashes[sequence] for sequence in covered(proof, hashes)}


def prepare(folder: Path) -> Story:
    """A server's folder with an organisation in it, and frames to send there."""
    party = organisation.found(server.initialise(folder))
    with server.serving(folder) as serving:
        with Wire(serving.address, party.pins) as wire:
            wire.post("/v1/organisation", party.founding)
        server.stop(serving.process)
    chain = party.chain(party.devices[0], os.urandom(8))
    return Story(party, chain, tuple(chains.make(chain, party.devices[0], FRAMES - 1)))


def from_the_start(
    folder: Path, story: Story, point: Point | None, module: Sequence[str] = server.ADMIN
) -> Life:
    """Trace a server from its first call until its requests are answered; then at the latest it is killed."""
    life, log = Life(), folder.with_suffix(".log")
    process = strace_rig.start(server.command(folder, module), log, point=point)
    try:
        address = server.ready(process)
        if address is not None:
            life.send_all(story, address)
        strace_rig.kill_traced(process)
    finally:
        life.trace = strace_rig.finish(process, log).trace
    return life


def while_stopping(folder: Path, story: Story, point: Point | None) -> Life:
    """Trace a server that has answered all from the moment it is asked to stop."""
    life, log = Life(), folder.with_suffix(".log")
    with server.serving(folder) as serving:
        life.send_all(story, serving.address)
        tracer = strace_rig.attach(serving.process.pid, log, point=point)
        serving.process.send_signal(signal.SIGTERM)
        try:
            serving.process.wait(server.STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError("the server did not stop") from None
        finally:
            life.trace = strace_rig.finish(tracer, log).trace
    return life


def faults(folder: Path, story: Story, life: Life) -> list[str]:
    """Start the server again, look, send everything again, look again: what was wrong."""
    try:
        return _faults(folder, story, life)
    except (AssertionError, OSError, ValueError) as error:
        return [f"{type(error).__name__}: {error}"]


def _faults(folder: Path, story: Story, life: Life) -> list[str]:
    found = []
    order = [frame.hash for frame in story.frames]
    organisation_id = story.party.organisation
    with server.serving(folder) as serving:
        held = list(audit.lane(folder, organisation_id, MAIN).hashes)
        lost = life.promised - set(held)
        if lost:
            found.append(f"{len(lost)} frames with a receipt are lost")
        if held not in ([], *(order[: part.stop] for part in PARTS)):
            found.append(f"a request is there in part: {len(held)} of its frames")
        proof = story.send(serving.address, slice(0, FRAMES))
        if proof.count != FRAMES - len(held):
            found.append(f"{FRAMES - len(held)} frames were missing, {proof.count} were new to the server")
        if len(covered(proof, dict(enumerate(order, 1)))) != FRAMES:
            found.append("the second time the receipt does not cover everything")
        if list(audit.lane(folder, organisation_id, MAIN).hashes) != order:
            found.append("the second time did not complete the lane")
    return found
