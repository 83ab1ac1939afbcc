"""What an export is given.

One revision as it stands with a coordinator, and nothing the export must look up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from fieldkit.forms.definition import Form
from fieldkit.forms.lanes import join, main_only
from fieldkit.model.ids import IncidentId, Lane, RevisionId
from fieldkit.model.state import State
from fieldkit.model.values import Answers

SourceParts: TypeAlias = Mapping[RevisionId, Answers]
"""The answers of the *sources* lane by the revision they belong to.

Exports get it only when asked for by name.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRecord:
    """One incident at one revision."""

    incident: IncidentId
    revision: RevisionId
    reporter: str
    """Pseudonym."""
    state: State
    verified: bool
    """Whether signature, certificate and chain of this revision were checked and held."""
    divided: bool = False
    """Whether there are other heads that a person has not merged yet."""
    answers: Answers = field(repr=False)
    """Main-lane answers; whatever belongs to another lane is dropped before writing."""
    created: int
    """UTC seconds, the reporter's claim."""
    utc_offset: int = 0
    """Minutes east of UTC."""
    language: str = ""
    sensitivity: int = 0


def exported(form: Form, record: ExportRecord, sources: SourceParts | None) -> Answers:
    """The answers that may be written: main's, and those of *sources* only where they were given."""
    main = main_only(form, record.answers)
    part = (sources or {}).get(record.revision)
    return join(form, main, {Lane.SOURCES: part}) if part else main


def lanes_of(sources: SourceParts | None) -> frozenset[Lane]:
    """The lanes an export covers: its columns follow from that, not from what the records happen to hold."""
    return frozenset({Lane.MAIN}) if sources is None else frozenset({Lane.MAIN, Lane.SOURCES})


def about(record: ExportRecord) -> dict[str, str | bool | int]:
    """What every export says of a record beside its answers, under the same names everywhere.

    A signature that holds says who wrote a report, never that it is true: so no column is called `verified`.
    """
    return {
        "incident": record.incident.hex(),
        "revision": record.revision.hex(),
        "reporter": record.reporter,
        "state": str(record.state),
        "signature_verified": record.verified,
        "divided": record.divided,
        "created": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "utc_offset": record.utc_offset,
        "language": record.language,
        "sensitivity": record.sensitivity,
    }
