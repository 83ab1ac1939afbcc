"""The two linked incidents of the demonstration: an arrest campaign, and the attack two days before it."""

from __future__ import annotations

import json
from importlib import resources

from fieldkit.demo.data.synthetic import Told


def campaign() -> Told:
    """The arrest campaign, in English."""
    return Told(language="en", answers=_read("campaign.json"))


def mare(campaign_id: str = "") -> Told:
    """The attack on Mare', in Arabic; linked to the campaign by its id (hex) once there is one, else by
    words.
    """
    answers = _read("mare.json")
    if campaign_id:
        answers["linked"] = [campaign_id]
    return Told(language="ar", answers=answers)


def _read(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(
        resources.files("fieldkit.demo.data").joinpath(name).read_text(encoding="utf-8")
    )
    return found
