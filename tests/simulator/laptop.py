"""One laptop: its storage, its clock, its link, and what its owner remembers of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from fieldkit.actions.network import PinnedTransport
from fieldkit.actions.session import Session
from fieldkit.vault.home import Home
from fieldkit.vault.keyslots import KeySlots
from fieldkit.vault.vault import Vault
from sync.protocol.ids import Device
from tests.simulator.chance import Bytes
from tests.simulator.disk import Disk, Mortal
from tests.simulator.network import Link, Network, Trouble

NO_SLOTS: Final = KeySlots(vault_id=bytes(12), slots=(), mac=b"")
"""Histories change no passphrase, so that no derivation has to be waited for."""


@dataclass(slots=True)
class WorldClock:
    """True time, which passes when somebody waits or an event says so."""

    time: float

    def now(self) -> float:
        """Seconds since 1970."""
        return self.time


@dataclass(slots=True)
class LaptopClock:
    """A laptop's clock as the engine sees it: wrong by `skew` seconds."""

    world: WorldClock
    skew: int = 0

    def now(self) -> int:
        """UTC seconds by this laptop."""
        return int(self.world.time) + self.skew

    def monotonic(self) -> float:
        """True time."""
        return self.world.time

    def sleep(self, seconds: float) -> None:
        """Let time pass for everybody."""
        self.world.time += seconds


class SimSession(Session):
    """A session whose time zone is not the machine's."""

    def utc_offset(self) -> int:
        """Always UTC."""
        return 0


@dataclass(slots=True)
class Word:
    """One finished revision, as its author remembers it."""

    revision: bytes
    narrative: str
    incident: bytes
    source: str | None
    """Name of a source that only *sources* may hold."""


@dataclass(slots=True)
class Memory:
    """What the owner of a laptop remembers of it; goes back with a rollback, as the vault does."""

    words: list[Word] = field(default_factory=list)
    drafts: dict[int, str] = field(default_factory=dict)
    """Narratives of open drafts by local number."""
    ticked: set[bytes] = field(default_factory=set)
    """Hashes of frames that were ever shown as received."""
    delivered: set[bytes] = field(default_factory=set)
    """Revisions that were ever shown as delivered."""

    def copy(self) -> Memory:
        """An independent copy."""
        return Memory(list(self.words), dict(self.drafts), set(self.ticked), set(self.delivered))


@dataclass(slots=True)
class Snapshot:
    """A laptop as it was: what a rollback goes back to."""

    image: object
    memory: Memory


class Laptop:
    """A vault with its owner. Everything is done through `session`."""

    def __init__(self, name: str, disk: Disk, home: Path, clock: WorldClock, network: Network) -> None:
        self.name = name
        self.disk = disk
        self.clock = LaptopClock(clock)
        self.memory = Memory()
        self.doubtful = False
        """Rolled back or cloned: two copies of one device speak."""
        self.incarnation: bytes | None = None
        """Under which it was seen to write, until it is copied or put back."""
        self.mute = False
        """Its owner has stopped exchanging."""
        self.exchanged = False
        """Whether the act that is going on exchanged with the server to its end."""
        self._home = Home(home)
        self._network = network
        self._troubles: tuple[Trouble, ...] = ()
        self._random: Bytes = bytes
        self.warned: list[str] = []
        """Everything its owner was ever told of refusals, alarms and contradictions."""
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.start()

    @property
    def home(self) -> Path:
        """Folder of the lock file; clones share nothing but its parent."""
        return self._home.folder

    def start(self) -> None:
        """Open the vault, as after switching on."""
        self.database: Mortal = self.disk.open()
        self.vault = Vault(self._home, self.database, NO_SLOTS, b"")
        self.session = SimSession(
            vault=self.vault,
            clock=self.clock.now,
            random=self._draw,
            connect=self._connect,
            engine_clock=self.clock,
        )

    def _draw(self, size: int) -> bytes:
        return self._random(size)

    def restart(self) -> None:
        """Switch off without a word, and on again."""
        self.disk.let_go()
        self.start()

    @contextmanager
    def acting(self, random: Bytes, troubles: tuple[Trouble, ...] = ()) -> Iterator[None]:
        """One event on this laptop: its randomness and the troubles of its link."""
        self._random, self._troubles = random, troubles
        try:
            yield
        finally:
            self._troubles = ()

    def snapshot(self) -> Snapshot:
        """A backup of the whole laptop."""
        return Snapshot(self.disk.image(), self.memory.copy())

    def put(self, snapshot: Snapshot) -> None:
        """Become what it was then."""
        self.disk.let_go()
        self.disk.put(snapshot.image)
        self.memory = snapshot.memory.copy()
        self.start()

    @property
    def device(self) -> Device:
        """Who it is."""
        return self.vault.identities.require().device

    @property
    def listed(self) -> bool:
        """Whether the directory it holds names it as a coordinator."""
        return self.vault.documents.directory().directory.coordinator(self.device) is not None

    def _connect(
        self, address: str, pins: tuple[bytes, ...] | None, proxy: str | None
    ) -> AbstractContextManager[PinnedTransport]:
        @contextmanager
        def connected() -> Iterator[PinnedTransport]:
            yield cast(PinnedTransport, Link(self._network, self._troubles))

        return connected()
