"""Making a vault and opening it, with the real key derivation."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fieldkit.actions import capture, records, unlock
from fieldkit.actions.errors import ActionError, InputProblem, LockedProblem
from fieldkit.vault.keyslots import FLOOR_COST
from fieldkit.vault.vault import Vault
from tests.actions.world import ANSWERS, PASSPHRASE, Template


def test_made_locked_and_opened_again(tmp_path: Path) -> None:
    """What was written is there after unlocking; locked, nothing can be asked."""
    home = tmp_path / "home"
    assert not unlock.home_exists(home)
    with unlock.initialise(home, PASSPHRASE, cost=FLOOR_COST) as session:
        capture.new_draft(session, ANSWERS)
    with pytest.raises(LockedProblem):
        records.list_records(session)
    assert unlock.home_exists(home)
    with unlock.unlock(home, PASSPHRASE) as session:
        assert records.list_records(session)[0].title == ANSWERS["title"]


def test_drawn_words_open_in_any_spelling(tmp_path: Path) -> None:
    """A vault made with the offered words, however typed, opens with them as they stand on paper."""
    drawn = unlock.suggest_passphrase()
    unlock.initialise(tmp_path / "home", drawn.replace(" ", "  ").upper(), cost=FLOOR_COST).close()
    for typed in (drawn, drawn.title(), drawn.replace(" ", "   ")):
        unlock.unlock(tmp_path / "home", typed).close()
    with pytest.raises(LockedProblem):
        unlock.unlock(tmp_path / "home", drawn.replace(" ", ""))


def test_a_vault_made_before_words_were_tidied_opens(tmp_path: Path) -> None:
    """It opens with exactly what was typed then, and with nothing else; a try that opens counts as none."""
    typed = unlock.suggest_passphrase().replace(" ", "  ").title()
    Vault.create(tmp_path / "home", typed, cost=FLOOR_COST, random=os.urandom).lock()
    with unlock.unlock(tmp_path / "home", typed):
        assert not (tmp_path / "home" / "attempts").exists()
    with pytest.raises(LockedProblem):
        unlock.unlock(tmp_path / "home", typed.lower())


def test_a_vault_made_with_words_as_they_were_drawn_opens(tmp_path: Path) -> None:
    """The screens drew two blanks between the words; on paper there is one."""
    drawn = unlock.suggest_passphrase()
    made = drawn.replace(" ", "  ")
    Vault.create(tmp_path / "home", made, cost=FLOOR_COST, random=os.urandom).lock()
    unlock.unlock(tmp_path / "home", drawn.upper()).close()


def test_wrong_passphrase(tmp_path: Path, template: Template) -> None:
    """It is told, and told how long to wait after several."""
    template.copy(tmp_path / "home").lock()
    for _ in range(6):
        with pytest.raises(LockedProblem) as caught:
            unlock.unlock(tmp_path / "home", "something else entirely", clock=lambda: 1)
    assert caught.value.hint


def test_weak_passphrase_makes_no_vault(tmp_path: Path) -> None:
    """A guessable passphrase is refused before anything is on the disk; a suggested one is not."""
    with pytest.raises(InputProblem, match="guessed"):
        unlock.initialise(tmp_path / "home", "password1", cost=FLOOR_COST)
    assert not (tmp_path / "home").exists()
    assert unlock.judge_passphrase("password1") is not None
    assert unlock.judge_passphrase(unlock.suggest_passphrase()) is None


def test_homes_that_are_none(tmp_path: Path, template: Template) -> None:
    """No vault, a vault there already, a file in the way: each is told."""
    with pytest.raises(LockedProblem, match="no vault"):
        unlock.unlock(tmp_path / "nothing", PASSPHRASE)
    template.copy(tmp_path / "home").lock()
    (tmp_path / "file").write_text("x")
    for home in (tmp_path / "home", tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ActionError):
            unlock.initialise(home, PASSPHRASE, cost=FLOOR_COST)
