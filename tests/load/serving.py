"""A server for these tests: the real program, or a variant of it, with an organisation on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.protocol.hello import Hello, Purpose, build_hello
from sync.protocol.ids import MAIN, first_generation, key_id
from sync.server.folder import Folder, create
from sync.server.settings import Settings
from tests.faults.organisation import Party, found
from tests.server.world import Person
from tests.support.server import ROOT, RealServer, post

PROGRAM = "sync.server.admin"


@contextmanager
def serving(folder: Path, *, settings: str = "", module: str = PROGRAM) -> Iterator[RealServer]:
    """A server on a new folder; `module` is what to run instead of the program."""
    create(folder, Settings())
    with (folder / "settings.toml").open("a") as file:
        file.write(settings)
    with folder.with_suffix(".log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "serve", str(folder), "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
        )
    assert process.stdout is not None
    address = json.loads(process.stdout.readline())["listening"]
    log_key = Folder(folder).log_key().public
    server = RealServer(folder, address, Folder(folder).pins(), log_key, process)
    try:
        yield server
    finally:
        server.stop()


def found_party(server: RealServer, devices: int = 1) -> Party:
    """An organisation on the server; its first device reads every lane."""
    party = found(server.ticket(), devices)
    assert post(server.address, "/v1/organisation", party.founding)[0] == 200
    return party


def person(party: Party, device: int = 0) -> Person:
    """Somebody of the party who writes frames by hand, in chains of their own."""
    return Person(party.organisation, key=party.devices[device])


def sync_body(party: Party, writer: Person, *uploads: bytes) -> bytes:
    """A request that brings uploads."""
    return party.hello(writer.key, writer.chain(MAIN), os.urandom(16)) + b"".join(uploads)


def pull_body(party: Party, *, reply_limit: int, start: int = 0, device: int = 0) -> bytes:
    """A request for the main lane's feed, from an index on."""
    chain = person(party, device).chain(MAIN)
    hello = Hello(
        organisation=party.organisation,
        device=chain.device,
        incarnation=chain.incarnation,
        log_key_id=key_id(party.log_key),
        purpose=Purpose.PULL,
        nonce=os.urandom(16),
        created=int(time.time()),
        reply_limit=reply_limit,
        directory_version=1,
        root_version=1,
        mail_cursor=0,
        lanes=((MAIN, first_generation(party.organisation, MAIN), start),),
    )
    return build_hello(hello, party.devices[device]).raw


def head(path: str, length: int, *more: str) -> bytes:
    """A request's head."""
    lines = [f"POST {path} HTTP/1.1", "host: f", f"content-length: {length}", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def fill(server: RealServer, party: Party, frames: int, size: int) -> None:
    """Put records of a size into the main lane, in one request."""
    writer = person(party)
    uploads = [writer.upload(MAIN, writer.record(size=size)) for _ in range(frames)]
    assert post(server.address, "/v1/sync", sync_body(party, writer, *uploads))[0] == 200
