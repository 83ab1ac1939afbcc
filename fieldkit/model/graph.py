"""The signed revision graph of an incident: who follows whom, where it divides, where it can be joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fieldkit.model.ids import IncidentId, RevisionId
from fieldkit.model.revision import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionGraph:
    """Revisions by id. Parents that have not arrived are known by name only and never stop anything.

    An id is a hash that covers the parents, so honest input has no cycle; the walks below end on any input
    all the same, because each id is visited once.
    """

    revisions: Mapping[RevisionId, Revision]

    @classmethod
    def of(cls, revisions: Iterable[Revision]) -> RevisionGraph:
        """The graph over some revisions; the same one given twice counts once."""
        return cls(revisions={revision.id: revision for revision in revisions})

    def parents(self, revision: RevisionId) -> tuple[RevisionId, ...]:
        """The ids a revision names as parents, arrived or not; none when it has not arrived itself."""
        known = self.revisions.get(revision)
        return known.parents if known else ()

    def children(self, revision: RevisionId) -> tuple[Revision, ...]:
        """The revisions that follow directly, oldest first."""
        found = [child for child in self.revisions.values() if revision in child.parents]
        return tuple(sorted(found, key=lambda child: child.order))

    def heads(self) -> tuple[Revision, ...]:
        """The revisions nobody follows, newest first. More than one means that a person must merge."""
        followed = {parent for revision in self.revisions.values() for parent in revision.parents}
        found = [revision for revision in self.revisions.values() if revision.id not in followed]
        return tuple(sorted(found, key=lambda head: head.order, reverse=True))

    def missing(self) -> frozenset[RevisionId]:
        """Parents that were named and have not arrived: gaps to report."""
        named = {parent for revision in self.revisions.values() for parent in revision.parents}
        return frozenset(named - set(self.revisions))

    def ancestors(self, revision: RevisionId) -> frozenset[RevisionId]:
        """Every id reachable through parents, arrived or not, without the revision itself."""
        found: set[RevisionId] = set()
        ahead = list(self.parents(revision))
        while ahead:
            current = ahead.pop()
            if current not in found and current != revision:
                found.add(current)
                ahead.extend(self.parents(current))
        return frozenset(found)

    def common_ancestor(self, left: RevisionId, right: RevisionId) -> Revision | None:
        """The nearest revision both grew from: the base of a three-way merge.

        None when there is none or it has not arrived. Of several nearest ones (after crossed merges) the
        newest by claimed time and id is taken, so that every reader takes the same.
        """
        shared = (self.ancestors(left) | {left}) & (self.ancestors(right) | {right})
        arrived = [self.revisions[found] for found in shared if found in self.revisions]
        covered = {older for found in arrived for older in self.ancestors(found.id)}
        nearest = [found for found in arrived if found.id not in covered]
        return max(nearest, key=lambda found: found.order, default=None)


def incident_of(
    revision: RevisionId, parents: Mapping[RevisionId, tuple[RevisionId, ...]]
) -> IncidentId | None:
    """The incident a revision belongs to: the end of the chain of first parents.

    None while that chain leads to a revision that has not arrived (or, on forged input, into a ring).
    """
    current = revision
    seen: set[RevisionId] = set()
    while current in parents and current not in seen:
        seen.add(current)
        if not parents[current]:
            return IncidentId(current)
        current = parents[current][0]
    return None
