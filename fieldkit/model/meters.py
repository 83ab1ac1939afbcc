"""Two live meters over a report: may it be counted, may it be published. They advise; people decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from fieldkit.model.dates import read_date
from fieldkit.model.edtf import InvalidDate
from fieldkit.model.values import Answers, items_of, text_of

MAX_RISK_NAMED = 2
"""Highest risk to a source, on the form's scale of 1 to 5, at which a report may name people."""

MAX_RISK_PUBLISHED = 3
"""Highest risk to a source at which a report may be published without names."""


class Publication(StrEnum):
    """How far a report may go, as far as consent and risk tell."""

    NAMED = "named"
    ANONYMOUS = "anonymous"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Countable:
    """Whether a report can enter a count of victims, and what it lacks."""

    missing: tuple[str, ...]
    """Of `victim`, `date`, `governorate`, `source`."""

    @property
    def ok(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishable:
    """How far a report may go, and why not further."""

    level: Publication
    reasons: tuple[str, ...]
    """What holds it back, in words that name people by code only."""


def countable(answers: Answers) -> Countable:
    """A victim's name or body number, a date with at least a year, a governorate and a source.

    That is what tells one death from another when lists are joined.
    """
    named = any(
        text_of(victim, name)
        for victim in items_of(answers, "victims")
        for name in ("v_name_ar", "v_name", "v_body")
    )
    present = {
        "victim": named,
        "date": _dated(answers),
        "governorate": bool(text_of(answers, "gov").strip()),
        "source": any(text_of(source, "src") for source in items_of(answers, "sources")),
    }
    return Countable(missing=tuple(name for name, there in present.items() if not there))


def publishable(answers: Answers) -> Publishable:
    """What consent and the risk to the sources allow.

    Wants the answers of main and sources joined: a risk this reader cannot see counts as not judged, which
    withholds.
    """
    sources = [text_of(source, "src") for source in items_of(answers, "sources")]
    if not sources:
        return Publishable(level=Publication.WITHHELD, reasons=("no source is recorded",))
    consents = _consents(answers)
    withheld = [reason for code in sources for reason in _refusals(code, consents, "con_anon")]
    withheld += _risky(answers, MAX_RISK_PUBLISHED)
    if withheld:
        return Publishable(level=Publication.WITHHELD, reasons=tuple(withheld))
    unnamed = [reason for code in sources for reason in _refusals(code, consents, "con_named")]
    unnamed += _risky(answers, MAX_RISK_NAMED) + _unnamed_victims(answers)
    if unnamed:
        return Publishable(level=Publication.ANONYMOUS, reasons=tuple(unnamed))
    return Publishable(level=Publication.NAMED, reasons=())


def _dated(answers: Answers) -> bool:
    try:
        return read_date(answers.get("start")).date.specified
    except InvalidDate:
        return False


def _consents(answers: Answers) -> Mapping[str, list[Answers]]:
    found: dict[str, list[Answers]] = {}
    for consent in items_of(answers, "consents"):
        found.setdefault(text_of(consent, "con"), []).append(consent)
    return found


def _refusals(code: str, consents: Mapping[str, list[Answers]], wanted: str) -> list[str]:
    """Consent to be named covers publication without names; one withdrawal withdraws all of that person's."""
    given = consents.get(code, [])
    enough = ("con_anon", "con_named") if wanted == "con_anon" else (wanted,)
    if not given:
        return [f"{code} was not asked for consent"]
    if any("con_off" in consent for consent in given):
        return [f"{code} withdrew consent"]
    if not any(consent.get(name) == "yes" for consent in given for name in enough):
        how = "publication" if wanted == "con_anon" else "publication with names"
        return [f"{code} did not agree to {how}"]
    return []


def _risky(answers: Answers, most: int) -> list[str]:
    reasons = []
    for source in items_of(answers, "sources"):
        risk = text_of(source, "src_risk")
        if not risk.isdecimal():
            reasons.append(f"the risk to {text_of(source, 'src')} is not judged")
        elif int(risk) > most:
            reasons.append(f"the risk to {text_of(source, 'src')} is {risk}")
    return reasons


def _unnamed_victims(answers: Answers) -> list[str]:
    return [
        f"{text_of(victim, 'vic') or 'a victim'} may not be named"
        for victim in items_of(answers, "victims")
        if victim.get("v_named") != "yes" and (text_of(victim, "v_name") or text_of(victim, "v_name_ar"))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meters:
    """Both meters over one report."""

    countable: Countable
    publishable: Publishable

    @property
    def missing(self) -> tuple[str, ...]:
        """What it lacks to be counted, in words."""
        return tuple(_LACKS[name] for name in self.countable.missing)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What holds it back from being published with names, in words that name people by code only."""
        return self.publishable.reasons


_LACKS = {
    "victim": "the name or body number of a victim",
    "date": "a date with at least a year",
    "governorate": "the governorate",
    "source": "a source",
}


def meters(answers: Answers) -> Meters:
    """Both meters over the answers of main and sources joined."""
    return Meters(countable=countable(answers), publishable=publishable(answers))
