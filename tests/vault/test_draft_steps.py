"""Steps of undo are kept as what differs: a long account does not grow the vault (threat model R7)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.model.draft import Draft
from fieldkit.vault import draft_steps
from fieldkit.vault.draft_steps import STEPS_KEPT, WHOLE_EVERY, difference, with_difference
from fieldkit.vault.vault import Vault
from sync.protocol.encoding import encode
from tests.vault.world import NOW

LETTERS = 100_000
ACCOUNT = "".join(chr(0x627 + at * 7 % 28) + " " * (at % 5 == 0) for at in range(LETTERS))
EMPTY = Draft(form_id="incident", form_version=1)
SIZES = "SELECT sum(length(answers) + length(unread)), count(*), count(whole) FROM draft_step"

texts = st.lists(st.binary(max_size=6), max_size=8).map(lambda parts: b"".join(parts * 3))


@given(text=texts, whole=texts)
def test_a_difference_gives_the_text_again(text: bytes, whole: bytes) -> None:
    """Whatever the two have in common, nothing, or all."""
    assert with_difference(difference(text, whole), whole) == text


@pytest.mark.parametrize("at", (0, 1, LETTERS // 2, LETTERS))
@pytest.mark.parametrize("put", ("x", "ى", "", "two words "))
def test_a_letter_is_a_small_difference(at: int, put: str) -> None:
    """Its text's length stands before the text, and changes too: that is not all that lies between."""
    typed = f"{ACCOUNT[:at]}{put}{ACCOUNT[at + (not put) :]}"
    one, other = (encode({"narrative": text, "title": "t"}) for text in (typed, ACCOUNT))
    assert with_difference(difference(one, other), other) == one
    assert len(difference(one, other)) < 80


def write(vault: Vault, count: int) -> list[str]:
    """So many steps of a long account, a sentence each, some at its end and some in its middle."""
    vault.drafts.begin(EMPTY, now=NOW)
    said, text = [], ACCOUNT
    for step in range(count):
        at = len(text) if step % 3 else len(text) // 2
        text = f"{text[:at]} Sentence {step}.{text[at:]}"
        vault.drafts.save(1, replace(EMPTY, answers={"narrative": text}), now=NOW + 10 * (step + 1))
        said.append(text)
    return said


def test_a_long_account_does_not_grow_the_vault_by_all_of_it(vault: Vault) -> None:
    """Sixty steps of 200 kB take a few times that, and each can be gone back to, also after a restart."""
    said = write(vault, 60)
    size, steps, differing = vault._database.row(SIZES) or (0, 0, 0)
    assert steps == 61 and differing >= steps - 2 - 60 // WHOLE_EVERY
    assert size < 5 * len(ACCOUNT.encode())
    back = [vault.drafts.undo(1, now=NOW + 1_000 + step).draft.answers["narrative"] for step in range(59)]
    assert back == said[-2::-1]
    past, later = vault.drafts.steps(1)
    read = [step.answers["narrative"] for step in later]
    assert read == said[1 : 1 + len(read)] and len(read) > 20 and len(past) == 1


def test_kept_whole_it_would_grow(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where no difference is worth keeping, the same steps take ten times as much."""
    monkeypatch.setattr(draft_steps, "WORTH", LETTERS * 10)
    write(vault, 30)
    size, _, differing = vault._database.row(SIZES) or (0, 0, 0)
    assert differing == 0 and size > 25 * len(ACCOUNT.encode())


def test_all_steps_together_are_bounded(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where steps have nothing in common the oldest are forgotten: the last ones are all there."""
    monkeypatch.setattr(draft_steps, "STEPS_BYTES", 50_000)
    vault.drafts.begin(EMPTY, now=NOW)
    for step in range(30):
        text = chr(0x61 + step % 20) * 5_000
        vault.drafts.save(1, replace(EMPTY, answers={"narrative": text}), now=NOW + 10 * (step + 1))
    size, steps, _ = vault._database.row(SIZES) or (0, 0, 0)
    assert size <= 50_000 and steps == 9
    gone_back = [vault.drafts.undo(1, now=NOW + 1_000).draft.answers["narrative"] for _ in range(8)]
    assert [str(text)[0] for text in gone_back] == [chr(0x61 + step % 20) for step in range(28, 20, -1)]
    assert not vault.drafts.load(1).can_undo


def test_what_others_differ_from_is_never_forgotten(vault: Vault) -> None:
    """Past the last step that is kept, each can still be put together."""
    said = write(vault, STEPS_KEPT + WHOLE_EVERY + 5)
    _, steps, _ = vault._database.row(SIZES) or (0, 0, 0)
    assert STEPS_KEPT <= steps < STEPS_KEPT + WHOLE_EVERY
    for step in range(steps - 1):
        assert vault.drafts.undo(1, now=NOW + 9_000).draft.answers["narrative"] == said[-2 - step]


def test_writing_after_an_undo_goes_on_from_there(vault: Vault) -> None:
    """What differs from a step that was given up is given up with it."""
    said = write(vault, 8)
    for _ in range(3):
        vault.drafts.undo(1, now=NOW + 500)
    vault.drafts.save(1, replace(EMPTY, answers={"narrative": f"{said[4]} Other."}), now=NOW + 600)
    assert vault.drafts.undo(1, now=NOW + 700).draft.answers["narrative"] == said[4]
    assert vault.drafts.redo(1, now=NOW + 701).draft.answers["narrative"] == f"{said[4]} Other."
    assert not vault.drafts.load(1).can_redo


def test_a_discarded_draft_comes_back_with_its_steps(vault: Vault) -> None:
    """Differences go with what they differ from."""
    said = write(vault, 6)
    vault.discarded.discard(1, now=NOW + 500)
    vault.discarded.restore(1, now=NOW + 501)
    assert vault.drafts.load(1).draft.answers["narrative"] == said[-1]
    assert vault.drafts.undo(1, now=NOW + 502).draft.answers["narrative"] == said[-2]


def test_a_vault_from_before_is_read(vault: Vault) -> None:
    """Steps that an earlier fieldkit stored are whole; what is written now differs from the last of them."""
    said = write(vault, 3)
    for step, text in enumerate(said, start=2):
        whole = encode({"narrative": text})
        vault._database.run(
            "UPDATE draft_step SET answers = ?, unread = ?, whole = NULL WHERE step = ?",
            (whole, encode([]), step),
        )
    vault.drafts.save(1, replace(EMPTY, answers={"narrative": f"{said[-1]} Now."}), now=NOW + 500)
    assert vault._database.rows("SELECT step, whole FROM draft_step ORDER BY step")[1:] == [
        (2, None), (3, None), (4, None), (5, 4),
    ]  # fmt: skip
    assert vault.drafts.undo(1, now=NOW + 600).draft.answers["narrative"] == said[-1]
    assert vault.drafts.undo(1, now=NOW + 601).draft.answers["narrative"] == said[-2]
    assert vault.drafts.redo(1, now=NOW + 602).draft.answers["narrative"] == said[-1]
