"""Drafts: saved as typed, undo-safe, only in the vault (threat model R6, R7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.model.draft import Draft, set_answer
from fieldkit.model.ids import RevisionId
from fieldkit.model.values import Answers
from fieldkit.vault import drafts
from fieldkit.vault.db import Database
from fieldkit.vault.draft_rows import StoredDraft
from fieldkit.vault.draft_steps import STEPS_KEPT
from fieldkit.vault.errors import NoSuchRecord, VaultError
from fieldkit.vault.incidents import Headline
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW, World, write

EMPTY = Draft(form_id="incident", form_version=1)


def begun(vault: Vault, **answers: str) -> StoredDraft:
    """A new draft."""
    draft = replace(EMPTY, answers=dict(answers))
    return vault.drafts.begin(draft, now=NOW)


def test_every_kind_of_answer_comes_back(vault: Vault) -> None:
    """Text of all scripts, numbers, booleans, lists, repeats: what is loaded is what was saved."""
    answers: Answers = {
        "title": "قصف مدفعي — Обстріл",
        "lat": -36_200_000,
        "urgent": True,
        "kinds": ["arrest", "attack"],
        "killed": {"min": 3},
        "start": ["2026-08~", "early August"],
        "victims": [{"v_name": "أحمد", "acts": [{"a_kind": "arrest"}]}, {}],
        "note": "line\nline\ttab \u200d",
    }
    draft = replace(EMPTY, answers=answers, base=(RevisionId(b"r" * 16),), language="ar", sensitivity=2)
    made = vault.drafts.begin(draft, now=NOW)
    assert made.number == 1
    assert vault.drafts.load(1).draft == draft
    assert (made.created, made.updated, made.can_undo, made.can_redo) == (NOW, NOW, False, False)


def test_saves_are_seen_by_others_at_once(vault: Vault) -> None:
    """What a save returned is committed: another connection reads it."""
    begun(vault)
    other = Database.open(vault.home.database, vault._live_key(), vault.slots.vault_id)
    vault.drafts.save(1, set_answer(EMPTY, "title", "typed"), now=NOW + 1)
    assert drafts.Drafts(other).load(1).draft.title == "typed"
    other.close()


def test_undo_and_redo(vault: Vault) -> None:
    """Undo goes back step by step, redo forward, and a save after an undo gives up what was undone."""
    begun(vault, title="one")
    for later, title in ((10, "two"), (20, "three")):
        vault.drafts.save(1, set_answer(EMPTY, "title", title), now=NOW + later)
    assert vault.drafts.undo(1, now=NOW + 30).draft.title == "two"
    back = vault.drafts.undo(1, now=NOW + 31)
    assert (back.draft.title, back.can_undo, back.can_redo) == ("one", False, True)
    assert vault.drafts.undo(1, now=NOW + 32).draft.title == "one"
    assert vault.drafts.redo(1, now=NOW + 33).draft.title == "two"
    assert vault.records.line(1).headline.title == "two"
    saved = vault.drafts.save(1, set_answer(EMPTY, "title", "other"), now=NOW + 40)
    assert (saved.can_undo, saved.can_redo) == (True, False)
    assert vault.drafts.redo(1, now=NOW + 41).draft.title == "other"
    assert vault.drafts.undo(1, now=NOW + 42).draft.title == "two"


def test_keystrokes_of_one_moment_are_one_step(vault: Vault) -> None:
    """Saving on every key does not make undo crawl; the first state is never rewritten."""
    begun(vault, title="")
    for seconds, title in ((0, "a"), (1, "ar"), (2, "arr"), (9, "arrest")):
        vault.drafts.save(1, set_answer(EMPTY, "title", title), now=NOW + seconds)
    assert vault.drafts.undo(1, now=NOW + 10).draft.title == "arr"
    assert vault.drafts.undo(1, now=NOW + 11).draft.title == ""


def test_saving_the_same_again_is_no_step(vault: Vault) -> None:
    """Autosave without a change leaves undo alone."""
    begun(vault, title="one")
    for later in range(10, 100, 10):
        saved = vault.drafts.save(1, set_answer(EMPTY, "title", "one"), now=NOW + later)
    assert not saved.can_undo


def test_steps_are_bounded(vault: Vault) -> None:
    """A long afternoon keeps the last steps only."""
    begun(vault)
    for count in range(STEPS_KEPT + 20):
        vault.drafts.save(1, set_answer(EMPTY, "title", str(count)), now=NOW + 10 * count + 10)
    assert vault._database.value("SELECT count(*) FROM draft_step") == STEPS_KEPT


def test_lists_and_discarding(vault: Vault) -> None:
    """The last changed comes first; a discarded draft leaves neither its line nor its number."""
    begun(vault, title="one")
    vault.drafts.begin(EMPTY, now=NOW + 5)
    vault.drafts.save(1, set_answer(EMPTY, "title", "changed"), now=NOW + 10)
    assert [stored.number for stored in vault.drafts.all()] == [1, 2]
    vault.drafts.discard(2)
    assert [line.number for line in vault.records.page()] == [1]
    assert begun(vault).number == 3
    for gone in (vault.drafts.load, vault.drafts.discard):
        with pytest.raises(NoSuchRecord):
            gone(2)
    assert vault.drafts.has(1)
    assert not vault.drafts.has(2)


def test_a_draft_of_a_finished_report(vault: Vault, world: World) -> None:
    """The next revision's draft stands on the report's line, one at a time; discarding keeps the rest."""
    done = write(vault, world, "first")
    next_one = replace(EMPTY, incident=done.incident, base=(done.id,))
    stored = vault.drafts.begin(next_one, now=NOW)
    assert stored.number == 1
    assert stored.draft == next_one
    with pytest.raises(VaultError, match="open draft already"):
        vault.drafts.begin(next_one, now=NOW)
    vault.drafts.discard(1)
    assert vault.records.line(1).revisions == 1
    unknown = replace(next_one, incident=type(done.incident)(b"?" * 16))
    with pytest.raises(NoSuchRecord):
        vault.drafts.begin(unknown, now=NOW)


def test_too_much_is_refused_and_what_was_there_stays(vault: Vault) -> None:
    """Answers beyond what a record carries are told, with nothing lost."""
    begun(vault, title="one")
    with pytest.raises(VaultError, match="at most"):
        vault.drafts.save(1, set_answer(EMPTY, "narrative", "x" * 1_100_000), now=NOW)
    assert vault.drafts.load(1).draft.title == "one"


def test_the_headline_is_cut_for_the_list_only(vault: Vault) -> None:
    """A long title is whole in the draft."""
    begun(vault, title="t" * 500)
    shown = vault.records.line(1).headline.title
    assert (len(shown), len(vault.drafts.load(1).draft.title)) == (200, 500)
    vault.drafts.save(1, EMPTY, now=NOW, headline=Headline(title="own", place="مارع"))
    assert vault.records.line(1).headline == Headline(title="own", place="مارع")


def test_nothing_is_written_outside_the_vault(vault: Vault) -> None:
    """No temporary file, no journal beside those of the database."""
    begun(vault, title="one")
    names = {path.name for path in vault.home.folder.iterdir()}
    assert names <= {"vault.db", "vault.db-wal", "vault.db-shm"}
