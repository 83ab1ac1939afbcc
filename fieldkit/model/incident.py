"""An incident as it stands now: assembled from whatever revisions have arrived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from fieldkit.model.graph import RevisionGraph
from fieldkit.model.ids import IncidentId, RevisionId
from fieldkit.model.revision import Revision
from fieldkit.model.values import Answers, copy_answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One thing that happened, through the eyes of those who reported it."""

    id: IncidentId
    graph: RevisionGraph
    heads: tuple[Revision, ...]
    """Newest first; all are kept."""

    @property
    def current(self) -> Revision:
        """The revision to show first: the newest head. Showing it decides nothing."""
        return self.heads[0]

    @property
    def divided(self) -> bool:
        """Whether two revisions follow the same past and a person has to merge them."""
        return len(self.heads) > 1

    @property
    def withdrawn(self) -> bool:
        """Whether any head takes the report back: a withdrawal is never hidden by a later edit elsewhere."""
        return any(head.content.withdrawn for head in self.heads)

    @property
    def missing(self) -> frozenset[RevisionId]:
        """Revisions named as parents that have not arrived."""
        return self.graph.missing()

    def answers(self) -> Answers:
        """The current answers.

        A withdrawal carries none of its own: those of its first known parent are shown.
        """
        shown = self.current
        seen = {shown.id}
        while shown.content.withdrawn and not shown.content.answers:
            arrived = (self.graph.revisions.get(parent) for parent in shown.parents)
            ahead = [parent for parent in arrived if parent and parent.id not in seen]
            if not ahead:
                break
            shown = ahead[0]
            seen.add(shown.id)
        return copy_answers(shown.content.answers)


def assemble(revisions: Iterable[Revision]) -> dict[IncidentId, Incident]:
    """Every incident some revisions belong to.

    Revisions in a ring (impossible without forged ids) are left out.
    """
    grouped: dict[IncidentId, list[Revision]] = defaultdict(list)
    for revision in revisions:
        grouped[revision.incident].append(revision)
    found: dict[IncidentId, Incident] = {}
    for incident, members in grouped.items():
        graph = RevisionGraph.of(members)
        heads = graph.heads()
        if heads:
            found[incident] = Incident(id=incident, graph=graph, heads=heads)
    return found
