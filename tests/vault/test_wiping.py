"""Panic erase: no key slot survives it, whatever it was called; nothing of anybody else's is touched (R9)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit.vault import platform, wiping
from fieldkit.vault.errors import DamagedVault, NotErased, NoVault, VaultError, VaultExists
from fieldkit.vault.home import ERASED_MARK, Home
from fieldkit.vault.keyslots import FLOOR_COST, SlotKind
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW

SECRET = "lid coat five mouse sixty useful"

HOLDING = """
import sys
from pathlib import Path
from fieldkit.vault.vault import Vault
with Vault.unlock(Path(sys.argv[1]), sys.argv[2], now=int(sys.argv[3])):
    print("open", flush=True)
    input()
"""
"""Another program with the vault open, until a line comes."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a vault, locked, and with everything a home can hold beside it."""
    folder = tmp_path_factory.mktemp("template") / "home"
    Vault.create(folder, SECRET, cost=FLOOR_COST, random=os.urandom).lock()
    slots = (folder / "slots.cbor").read_bytes()
    for name in ("slots.cbor.new", "slots.cbor~", "Copy of my slots"):
        (folder / name).write_bytes(slots)
    # The last one is what a program that was killed leaves.
    for name in ("vault.db-wal", "attempts", "settings.toml", "blobs/a", "lock", "open-0dd4509de2f87a0d"):
        (folder / name).write_bytes(name.encode())
    (folder / "an old backup").write_bytes(b"fkv1" + bytes(100_000) + slots)
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(template, tmp_path / "home")


def places(folder: Path) -> set[str]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_everything_of_the_vault_goes(home: Path) -> None:
    """Slots by name and by content, the database, the attachments, the folder itself."""
    os.link(home / "slots.cbor", home.with_name("linked"))
    gone = wiping.destroy_slots(home)
    assert (gone.files, gone.overwritten) == (5, True)
    assert b"fieldkit-vault" not in home.with_name("linked").read_bytes(), "only unlinked, not overwritten"
    with pytest.raises(NoVault):
        Vault.unlock(home, SECRET, now=NOW)
    rest = wiping.destroy_rest(home)
    assert rest.left == ()
    assert not home.exists()


def test_a_mark_stays_until_all_is_done(home: Path) -> None:
    """The first slots become it, whole; with it no vault opens and none is made; the rest takes it away."""
    before = (home / "slots.cbor").read_bytes()
    wiping.destroy_slots(home)
    after = (home / "slots.cbor").read_bytes()
    assert after.startswith(ERASED_MARK)
    assert len(after) == len(before)
    kept = sum(mine == theirs for mine, theirs in zip(before[16:], after[16:], strict=True))
    assert kept < len(before) // 16, "what stands behind the mark is not random"
    assert Home(home).erased()
    with pytest.raises(NoVault, match="was erased"):
        Vault.unlock(home, SECRET, now=NOW)
    with pytest.raises(VaultExists, match="left of an erased"):
        Vault.create(home, SECRET, cost=FLOOR_COST, random=os.urandom)
    wiping.destroy_slots(home)
    wiping.destroy_rest(home)
    assert not home.exists()


def test_the_mark_stays_while_something_is_left(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be removed today is tried again at the next start."""
    wiping.destroy_slots(home)
    real = Path.unlink

    def refusing(path: Path, missing_ok: bool = False) -> None:
        if path.name == "vault.db":
            raise PermissionError(path)
        real(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refusing)
        assert wiping.destroy_rest(home).left == ("vault.db",)
    assert Home(home).erased()
    assert wiping.destroy_rest(home).left == ()
    assert not home.exists()


def test_no_vault_is_taken_for_an_erased_one(home: Path) -> None:
    """The control: slots, damaged slots, an empty file and none at all are no mark."""
    slots = home / "slots.cbor"
    for content in (slots.read_bytes(), b"", os.urandom(4_096), ERASED_MARK[:-1]):
        slots.write_bytes(content)
        assert not Home(home).erased()
    slots.unlink()
    assert not Home(home).erased()


def test_what_is_not_the_vaults_stays(home: Path) -> None:
    """A home may be a folder that holds other things: they are not ours to erase."""
    (home / "notes").mkdir()
    for name in ("letter.txt", "notes/slots.cbor", "vaults", "locksmith"):
        (home / name).write_text("mine")
    wiping.destroy_slots(home)
    wiping.destroy_rest(home)
    assert places(home) == {"letter.txt", "notes/slots.cbor", "vaults", "locksmith"}
    assert all((home / name).read_text() == "mine" for name in places(home))


def test_looking_changes_nothing(home: Path) -> None:
    """The survey of a drill reads the first bytes of files, and of the database not even those."""
    before = {name: ((home / name).read_bytes(), (home / name).stat().st_mtime_ns) for name in places(home)}
    opened: list[str] = []
    real = Path.open

    def noting(path: Path, *given: object, **named: object) -> object:
        opened.append(path.name)
        return real(path, *given, **named)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", noting)
        found = wiping.survey(home)
    assert {path.name for path in found.slots} == {
        "slots.cbor", "slots.cbor.new", "slots.cbor~", "Copy of my slots",
    }  # fmt: skip
    assert found.slots[0].name == "slots.cbor"
    assert [path.name for path in found.backups] == ["an old backup"]
    assert found.others[-1].name == "vault.db", "the large one comes last"
    assert found.size == sum(len(content) for content, _ in before.values())
    assert not [name for name in opened if name.startswith("vault.db")]
    after = {name: ((home / name).read_bytes(), (home / name).stat().st_mtime_ns) for name in places(home)}
    assert after == before


def fail(*given: object, **named: object) -> None:
    """A disk that takes no more."""
    raise OSError(5, "Input/output error")


@pytest.mark.parametrize(
    ("broken", "opens"),
    [((), False), (("pwrite",), False), (("unlink",), False), (("pwrite", "unlink"), True)],
    ids=lambda value: "+".join(value) or "nothing" if isinstance(value, tuple) else "",
)
def test_it_says_so_when_a_slot_is_still_there(
    home: Path, monkeypatch: pytest.MonkeyPatch, broken: tuple[str, ...], opens: bool
) -> None:
    """Overwriting or removing is enough; where the disk refuses both, nothing is called erased."""
    with monkeypatch.context() as patch:
        if "pwrite" in broken:
            patch.setattr(os, "pwrite", fail)
        if "unlink" in broken:
            patch.setattr(Path, "unlink", fail)
        if opens:
            with pytest.raises(NotErased, match=r"slots\.cbor.*STILL OPENS"):
                wiping.destroy_slots(home)
        else:
            assert wiping.destroy_slots(home).overwritten is ("pwrite" not in broken)
    if opens:
        Vault.unlock(home, SECRET, now=NOW).lock()
    else:
        with pytest.raises((NoVault, DamagedVault)):
            Vault.unlock(home, SECRET, now=NOW)


def test_a_write_that_is_not_on_the_disk_is_no_overwriting(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is asked; when it fails, the slots count as only removed."""
    monkeypatch.setattr(wiping, "sync_data", fail)
    assert wiping.destroy_slots(home).overwritten is False


def test_a_read_only_file_is_no_obstacle(home: Path) -> None:
    """Rights that a copy brought with it are changed."""
    (home / "slots.cbor").chmod(0o400)
    assert wiping.destroy_slots(home).overwritten


def test_slots_before_everything_else(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All slots are overwritten, and on the disk, before the first byte of the database is touched."""
    said: list[str] = []
    real: Callable[..., int] = os.open

    def noting(path: Path, *given: int) -> int:
        said.append(Path(path).name)
        return real(path, *given)

    monkeypatch.setattr(os, "open", noting)
    wiping.destroy_slots(home)
    assert said[0] == "slots.cbor"
    assert "vault.db" not in said
    monkeypatch.undo()
    told: list[tuple[int, int]] = []
    wiping.destroy_rest(home, lambda done, all_: told.append((done, all_)))
    assert told[-1][0] == told[-1][1] == max(all_ for _, all_ in told)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_an_open_vault_does_not_bring_slots_back(home: Path) -> None:
    """Another program that still has it open cannot write new slots over what was erased."""
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        wiping.destroy_slots(home)
        with pytest.raises(VaultError, match="no longer those"):
            vault.add_slot(SlotKind.RECOVERY, "some other words", cost=FLOOR_COST, random=os.urandom)
        assert Home(home).erased()


def test_whoever_has_it_open_is_named(home: Path) -> None:
    """By the lock on the shared file beside the database; nobody when nobody has."""
    shared = home / "vault.db-shm"
    shared.write_bytes(bytes(32_768))
    assert platform.held_by(shared) is None
    assert platform.held_by(home / "nowhere") is None
    words = [sys.executable, "-c", HOLDING, str(home), SECRET, str(NOW)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"open\n"
        assert platform.held_by(shared) == other.pid
        other.communicate(b"\n")
    assert platform.held_by(shared) is None
