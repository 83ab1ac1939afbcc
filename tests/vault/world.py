"""An organisation with keys, a laptop's vault in it, and the sealing a real caller would do."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from fieldkit.model.draft import Draft
from fieldkit.model.ids import RevisionId
from fieldkit.vault import keyslots, migrations
from fieldkit.vault.db import Database
from fieldkit.vault.finishing import Finished
from fieldkit.vault.home import Home
from fieldkit.vault.identity import Identity
from fieldkit.vault.incidents import Headline
from fieldkit.vault.keyslots import KeySlots
from fieldkit.vault.outbox import Item, LaneState, Produced
from fieldkit.vault.revisions import StoredRevision
from fieldkit.vault.vault import Vault
from sync.protocol.chain import ChainLog
from sync.protocol.directory import Coordinator, Directory, LaneEntry, sign_directory
from sync.protocol.encoding import decode, encode
from sync.protocol.frames import build
from sync.protocol.ids import (
    ADMIN,
    MAIN,
    SOURCES,
    Chain,
    Device,
    FrameHash,
    Incarnation,
    Lane,
    Organisation,
    SealId,
    device_id,
    first_generation,
    revision_id,
)
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.limits import PLAIN_BYTES
from sync.protocol.receipts import Receipt, covered, sign_receipt
from sync.protocol.records import encode_plain
from sync.protocol.root import Root, parse_root, sign_root
from sync.protocol.sealing import EpochSecret, InboxSecret, seal_epoch, seal_record
from sync.protocol.signing import RootKey, SigningKey

NOW = 1_790_000_000
"""A fixed hour, so that no test depends on the clock."""

ORGANISATION = Organisation(bytes(range(16)))


@dataclass
class World:
    """The keys of one organisation."""

    root_key: RootKey = field(default_factory=RootKey.generate)
    directory_key: SigningKey = field(default_factory=SigningKey.generate)
    log_key: SigningKey = field(default_factory=SigningKey.generate)
    laptop: SigningKey = field(default_factory=SigningKey.generate)
    coordinator: SigningKey = field(default_factory=SigningKey.generate)
    inboxes: dict[Lane, InboxSecret] = field(
        default_factory=lambda: {lane: InboxSecret(os.urandom(32)) for lane in (MAIN, SOURCES, ADMIN)}
    )

    @property
    def device(self) -> Device:
        """The laptop's id."""
        return device_id(self.laptop.public)

    def root(self, version: int = 1, previous: bytes | None = None) -> bytes:
        """A root document by the one root key."""
        root = Root(
            organisation=ORGANISATION,
            version=version,
            created=20_000,
            threshold=1,
            keys=(self.root_key.public,),
            directory_threshold=1,
            directory_keys=(self.directory_key.public,),
            previous=previous,
        )
        return sign_root(root, [self.root_key])

    def directory(
        self, version: int = 1, *, root: bytes, address: str = "127.0.0.1:9", roles: int = 1
    ) -> bytes:
        """A directory whose only reader is the coordinator."""
        signed = parse_root(root)
        reader = device_id(self.coordinator.public)
        directory = Directory(
            organisation=ORGANISATION,
            version=version,
            created=480_000,
            expires=490_000,
            root_version=signed.root.version,
            root_hash=signed.hash,
            lanes=tuple(
                LaneEntry(lane=lane, name=f"lane {lane}", term=1, inbox=inbox.public, readers=(reader,))
                for lane, inbox in self.inboxes.items()
            ),
            log_key=self.log_key.public,
            pins=(bytes(32),),
            address=address,
            coordinators=(Coordinator(device=reader, public_key=self.coordinator.public, roles=roles),),
        )
        return sign_directory(directory, [self.directory_key])

    def sealer(self, state: LaneState, item: Item) -> list[Produced]:
        """What the exchange action does: an epoch if none is open, then the record."""
        made: list[Produced] = []
        ratchet, sequence, previous = state.ratchet, state.sequence, state.previous
        if ratchet is None:
            epoch = seal_epoch(
                state.chain,
                self.laptop,
                inbox_public=self.inboxes[state.chain.lane].public,
                term=1,
                sequence=sequence + 1,
                previous=previous,
                secret=EpochSecret(os.urandom(32)),
            )
            made.append(epoch)
            ratchet, sequence, previous = epoch.ratchet, epoch.frame.sequence, epoch.frame.hash
        content = decode(item.content, limit=PLAIN_BYTES)
        assert isinstance(content, dict)
        plain = encode_plain(item.type, content)
        seal = SealId(os.urandom(16))
        made.append(
            seal_record(
                state.chain, self.laptop, ratchet, plain, seal=seal, sequence=sequence + 1, previous=previous
            )
        )
        return made

    def voider(self, sequence: int, hash_: bytes, code: int, previous: bytes = bytes(32)):  # type: ignore[no-untyped-def]
        """Builds the void that closes a refused sequence."""

        def make(state: LaneState) -> list[Produced]:
            header = {
                Key.SEQUENCE: state.sequence + 1,
                Key.PREVIOUS: state.previous,
                Key.VOIDED: sequence,
                Key.VOIDED_HASH: hash_,
                Key.REASON: code,
                Key.VOIDED_PREVIOUS: previous,
            }
            return [build(state.chain, self.laptop, Kind.VOID, header)]

        return make

    def receipt(self, chain: Chain, log: ChainLog, *, size: int, generation: bytes | None = None) -> Receipt:
        """What an honest server holding `log` would state."""
        held = first_generation(ORGANISATION, chain.lane) if generation is None else generation
        return Receipt(
            chain=chain,
            generation=held,  # type: ignore[arg-type]
            head=log.head,
            head_hash=log.head_hash,
            beyond=log.ranges(),
            first_index=0,
            count=0,
            size=size,
            root=bytes([size % 256]) * 32,
            nonce=bytes(16),
            hours=497_222,
        )


def bare_vault(folder: Path) -> Vault:
    """A vault without the cost of a passphrase: the key slots are empty."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key, vault_id = os.urandom(32), os.urandom(keyslots.VAULT_ID_BYTES)
    database = Database.create(folder / "vault.db", key, vault_id)
    migrations.migrate(database)
    return Vault(Home(folder), database, KeySlots(vault_id=vault_id, slots=(), mac=b""), key)


def joined_vault(folder: Path, world: World) -> Vault:
    """The laptop's vault after it joined."""
    vault = bare_vault(folder)
    incarnation = Incarnation(b"\1" * 8)
    vault.identities.store(
        Identity(
            organisation=ORGANISATION,
            device=world.device,
            incarnation=incarnation,
            role=Role.REPORTER,
            pseudonym="north-7",
            joined=NOW,
        )
    )
    return vault


def signed(world: World, answers: dict[str, object], *, parents: tuple[RevisionId, ...] = ()) -> Finished:
    """Answers as a finished revision with a part in the sources lane."""
    content: dict[int, object] = {1: "incident", 2: 1, 4: answers, 5: NOW}
    if parents:
        content[3] = list(parents)
    body = encode(content)
    id_ = RevisionId(revision_id(ORGANISATION, world.device, body))
    part = encode({1: "incident", 2: 1, 4: {"s_identity": "a name"}, 11: id_})
    return Finished(
        id=id_,
        parents=parents,
        created=NOW,
        parts={MAIN: body, SOURCES: part},
        headline=Headline(title=str(answers.get("title", "")), place="Aleppo"),
    )


def write(vault: Vault, world: World, title: str) -> StoredRevision:
    """A report drafted and finished."""
    draft = Draft(form_id="incident", form_version=1, answers={"title": title})
    number = vault.drafts.begin(draft, now=NOW).number
    return vault.finishing.finish(number, signed(world, {"title": title}), now=NOW)


def seal_all(vault: Vault, world: World) -> None:
    """Seal whatever waits."""
    for lane in vault.outbox.unsealed():
        while vault.outbox.seal_next(lane, world.sealer, now=NOW):
            pass


def confirm(vault: Vault, world: World, lane: Lane, *, upto: int | None = None, size: int = 1) -> set[int]:
    """Give the vault an honest receipt over its chain, up to a sequence; returns what it covered."""
    state = vault.outbox.state(lane)
    log = ChainLog()
    hashes = vault.delivery.chain_hashes(lane)
    last = max(hashes) if upto is None else upto
    log.head, log.head_hash = last, FrameHash(hashes[last])
    receipt = world.receipt(state.chain, log, size=size)
    found = covered(receipt, hashes)
    vault.delivery.keep_receipt(receipt, sign_receipt(receipt, world.log_key), found, at=NOW)
    return found
