"""Recovery words open a vault beside its passphrase, and only after they were kept."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from fieldkit.actions import recovery, unlock
from fieldkit.actions.errors import LockedProblem
from fieldkit.vault.keyslots import FLOOR_COST, SlotKind
from fieldkit.vault.words import RECOVERY_WORDS, word_list

STRONG = "orbit lantern maple quilt harbor tunnel"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A vault."""
    folder = tmp_path / "home"
    unlock.initialise(folder, STRONG, cost=FLOOR_COST).lock()
    return folder


def test_drawn() -> None:
    """Thirteen words of the list, two different ones asked for, in their order; never the same twice."""
    drawn = [recovery.draw() for _ in range(20)]
    assert len({one.words for one in drawn}) == 20
    for one in drawn:
        assert len(one.words) == RECOVERY_WORDS and set(one.words) <= set(word_list())
        first, second = one.asked
        assert 0 <= first < second < RECOVERY_WORDS
        assert one.words[0] not in repr(one)


def test_asking_twice_for_one_word_asks_for_another() -> None:
    """A source that repeats itself does not make one word enough."""
    numbers = itertools.cycle([4, 4, 9])

    def random(size: int) -> bytes:
        return bytes([next(numbers)]) if size == 1 else os.urandom(size)

    assert recovery.draw(random).asked == (4, 9)


@pytest.mark.parametrize(
    "typed",
    [
        " ".join,
        lambda words: " ".join(words).upper(),
        lambda words: "\n".join(f"{number}. {word}" for number, word in enumerate(words, start=1)),
    ],
    ids=["as drawn", "capitals", "numbered"],
)
def test_they_open(home: Path, typed: object) -> None:
    """However they are typed off the paper; the passphrase goes on to open it too."""
    drawn = recovery.draw()
    with unlock.unlock(home, STRONG) as session:
        assert not recovery.has_recovery(session) and not unlock.recoverable(session.vault.home.folder)
        recovery.keep(session, drawn.words)
        assert unlock.recoverable(session.vault.home.folder)
    for secret, kind in ((typed(drawn.words), SlotKind.RECOVERY), (STRONG, SlotKind.PASSPHRASE)):  # type: ignore[operator]
        with unlock.unlock(home, secret) as session:
            assert session.vault.opened_by is kind
            assert recovery.has_recovery(session)


def test_words_that_were_not_kept_open_nothing(home: Path) -> None:
    """Drawing alone changes nothing."""
    drawn = recovery.draw()
    with pytest.raises(LockedProblem):
        unlock.unlock(home, " ".join(drawn.words))


def test_new_ones_take_the_place_of_old(home: Path) -> None:
    """A paper that was lost stops to open the vault as it stands."""
    old, new = recovery.draw(), recovery.draw()
    with unlock.unlock(home, STRONG) as session:
        recovery.keep(session, old.words)
        recovery.keep(session, new.words)
        assert len(session.vault.slots.slots) == 2
    with pytest.raises(LockedProblem):
        unlock.unlock(home, " ".join(old.words))
    unlock.unlock(home, " ".join(new.words)).lock()
