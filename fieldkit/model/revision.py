"""A finished, signed, immutable revision, and the part of it that travels in another lane."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from fieldkit.model.ids import DeviceId, IncidentId, Lane, RevisionId
from fieldkit.model.values import Answers


class ClockConfidence(IntEnum):
    """How far the time in a revision may be believed."""

    UNKNOWN = 0
    SYSTEM = 1
    """The laptop's own clock said so."""
    CHECKED = 2
    """The laptop's clock agreed with a server's signed time since it was last set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a reporter signs in the main lane. The fields are those of a body, docs/protocol.md."""

    form_id: str
    form_version: int
    answers: Answers = field(repr=False)
    created: int
    """UTC seconds, a claim of the laptop's clock."""
    parents: tuple[RevisionId, ...] = ()
    """The revisions this one follows, none for the first; the first one named carries the incident on."""
    utc_offset: int = 0
    """Minutes east of UTC where it was written."""
    clock: ClockConfidence = ClockConfidence.UNKNOWN
    language: str = ""
    """BCP 47 tag of the language it is mainly written in, empty when not said."""
    sensitivity: int = 0
    """0 ordinary, higher means fewer eyes; a policy gives the numbers their meaning."""
    reporter: str = ""
    """Pseudonym, never a name."""
    withdrawn: str = ""
    """Why the report is taken back; empty in every other revision.

    Taking back is a revision, not a deletion.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class LanePart:
    """The answers of one revision that belong to a lane other than main."""

    lane: Lane
    revision: RevisionId
    """The main-lane revision these answers belong to."""
    form_id: str
    form_version: int
    answers: Answers = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One node of an incident's history."""

    id: RevisionId
    incident: IncidentId
    author: DeviceId
    content: Content

    @property
    def parents(self) -> tuple[RevisionId, ...]:
        """The revisions this one follows; some may not have arrived."""
        return self.content.parents

    @property
    def order(self) -> tuple[int, bytes]:
        """A total order that every reader computes alike: claimed time, then id."""
        return (self.content.created, self.id)
