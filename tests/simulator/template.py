"""The world every history begins with, made once by the real use cases and copied for each seed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Final

from fieldkit.actions.enrol import create_organisation, invite, join
from fieldkit.actions.exchange import pull, sync
from sync.protocol.ids import Organisation
from tests.simulator.chance import drawn_keys, stream
from tests.simulator.disk import new_disk
from tests.simulator.laptop import Laptop, Snapshot, WorldClock
from tests.simulator.network import Network
from tests.simulator.server import Durable, SimServer, SimStore

NOW: Final = 1_900_000_000
"""Seconds: in 2030."""

COORDINATORS: Final = ("chief", "second", "late")
REPORTERS: Final = ("first", "other", "new")
NAMES: Final = (*COORDINATORS, *REPORTERS)
"""*late* and *new* have used their invites, but no server has heard of them yet."""

NEWCOMERS: Final = frozenset({"late", "new"})


@dataclass(frozen=True, slots=True)
class Template:
    """Laptops and server at the beginning."""

    laptops: dict[str, Snapshot]
    server: Durable
    organisation: Organisation
    homes: Path
    on_files: bool


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    memory = Path("/dev/shm")
    folder = tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None, prefix="simulator-")
    # A worker process of a pool ends without the usual farewell, but not without this one.
    Finalize(None, folder.cleanup, exitpriority=1)
    return folder


@cache
def template(*, on_files: bool = False) -> Template:
    """An organisation with two coordinators and two reporters; one more of each is about to arrive."""
    clock = WorldClock(NOW)
    server = SimServer(SimStore(), clock.now)
    network = Network(server)
    homes = Path(_folder().name) / ("files" if on_files else "memory")
    laptops = {
        name: Laptop(name, new_disk(homes / name, on_files=on_files), homes / name, clock, network)
        for name in NAMES
    }
    with drawn_keys(stream("keys")):
        _found(laptops, server)
    made = Template(
        laptops={name: laptop.snapshot() for name, laptop in laptops.items()},
        server=server.store.durable,
        organisation=laptops["chief"].vault.identities.require().organisation,
        homes=homes,
        on_files=on_files,
    )
    for laptop in laptops.values():
        laptop.disk.let_go()
    return made


def _found(laptops: dict[str, Laptop], server: SimServer) -> None:
    chief = laptops["chief"]
    with chief.acting(stream("founding")):
        create_organisation(chief.session, "Example Watch", server.ticket(), pseudonym="chief")
        invites = {}
        for name in NAMES[1:]:
            role = "coordinator" if name in COORDINATORS else "reporter"
            invites[name] = invite(chief.session, role, name).text
        sync(chief.session)
    for name, text in invites.items():
        with laptops[name].acting(stream("joining", name)):
            join(laptops[name].session, text, pseudonym=name)
    settled = [name for name in NAMES[1:] if name not in NEWCOMERS]
    for number in range(2):
        for name in settled:
            with laptops[name].acting(stream("settling", number, name)):
                sync(laptops[name].session)
        with chief.acting(stream("settling", number, "chief")):
            pull(chief.session)
    for name in settled:
        with laptops[name].acting(stream("settled", name)):
            sync(laptops[name].session)
            if name in COORDINATORS:
                pull(laptops[name].session)
