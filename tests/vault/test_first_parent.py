"""A revision with two parents belongs to the incident of the first, wherever it was written."""

from __future__ import annotations

from fieldkit.model.draft import Draft
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW, World, signed, write


def test_the_first_parent_carries_the_incident_on(vault: Vault, world: World) -> None:
    """A draft on a line without a name goes back to the line of its first parent; its own line goes away."""
    one, two = write(vault, world, "one"), write(vault, world, "two")
    for first, second in ((one, two), (two, one)):
        draft = Draft(form_id="incident", form_version=1, answers={})
        number = vault.drafts.begin(draft, now=NOW).number
        merged = signed(world, {"title": first.id.hex()}, parents=(first.id, second.id))
        assert vault.finishing.finish(number, merged, now=NOW).incident == first.incident
    assert len(vault.records.page()) == 2
