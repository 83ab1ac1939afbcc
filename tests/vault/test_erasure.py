"""Used ratchet keys are gone from the vault's files after an exchange, and after locking.

Each test has its control: the same search finds the keys before the traces are cleared.
"""

from __future__ import annotations

import os

from fieldkit.model.draft import Draft
from fieldkit.vault.vault import Vault
from sync.protocol.ids import MAIN
from sync.protocol.records import RecordType
from tests.vault.pages import database_pages, log_pages
from tests.vault.world import NOW, World, seal_all, write


def used_keys(vault: Vault, world: World, reports: int) -> list[bytes]:
    """Seal some reports one by one; the ratchet keys that were stored on the way and are used now."""
    keys: list[bytes] = []
    for number in range(reports):
        write(vault, world, f"report {number}")
        while vault.outbox.seal_next(MAIN, world.sealer, now=NOW):
            ratchet = vault.outbox.state(MAIN).ratchet
            assert ratchet is not None
            keys.append(ratchet.key)
    return keys[:-1]


def found(vault: Vault, secrets: list[bytes]) -> int:
    """How many of the secrets stand somewhere in the decrypted files."""
    key = vault._live_key()
    clear = database_pages(vault.home.database, key) + log_pages(vault.home.database, key)
    return sum(secret in clear for secret in secrets)


def test_the_search_reads_the_files(vault: Vault) -> None:
    """The control of the search itself: it finds what is stored."""
    vault.clear_traces()
    assert b"CREATE TABLE incident" in database_pages(vault.home.database, vault._live_key())
    assert found(vault, [b"north-7"]) == 1


def test_used_keys_are_cleared(vault: Vault, world: World) -> None:
    """Before clearing the log shows used keys; after it no file does, and the current key still works."""
    keys = used_keys(vault, world, 40)
    assert found(vault, keys) > 0
    vault.clear_traces()
    assert found(vault, keys) == 0
    current = vault.outbox.state(MAIN).ratchet
    assert current is not None
    assert found(vault, [current.key]) == 1
    seal_all(vault, world)


def test_locking_clears_too(vault: Vault, world: World) -> None:
    """The same when the vault is locked without an exchange."""
    keys, key = used_keys(vault, world, 10), vault._live_key()
    assert found(vault, keys) > 0
    vault.lock()
    clear = database_pages(vault.home.database, key) + log_pages(vault.home.database, key)
    assert not any(secret in clear for secret in keys)


def test_discarded_drafts_are_cleared(vault: Vault) -> None:
    """What a discarded draft said is overwritten in its pages and gone from the log."""
    words = f"canary {os.urandom(8).hex()}"
    draft = Draft(form_id="incident", form_version=1, answers={"narrative": words * 300})
    number = vault.drafts.begin(draft, now=NOW).number
    assert found(vault, [words.encode()]) == 1
    vault.drafts.discard(number)
    vault.clear_traces()
    assert found(vault, [words.encode()]) == 0


def test_sealed_secrets_of_other_records_are_cleared(vault: Vault, world: World) -> None:
    """The content of a record that is not a revision stays only until it is sealed."""
    canary = os.urandom(32)
    vault.outbox.queue(MAIN, RecordType.INVITE, {1: bytes(16), 2: canary, 3: 1, 4: "x", 5: 1}, now=NOW)
    assert found(vault, [canary]) == 1
    seal_all(vault, world)
    vault.clear_traces()
    assert found(vault, [canary]) == 0


def test_nothing_stands_in_clear(vault: Vault, world: World) -> None:
    """No title, pseudonym or schema word is readable in the raw files of an open vault."""
    write(vault, world, "a title nobody may read")
    assert found(vault, [b"a title nobody may read"]) == 1, "the control: it stands in the opened pages"
    raw = b"".join(path.read_bytes() for path in vault.home.folder.rglob("*") if path.is_file())
    for word in (b"a title nobody", b"north-7", b"CREATE", b"incident", b"a name"):
        assert word not in raw
