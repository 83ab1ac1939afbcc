"""Small revisions for tests."""

from __future__ import annotations

from fieldkit.model.ids import DeviceId, IncidentId, RevisionId
from fieldkit.model.revision import Content, Revision
from fieldkit.model.values import Answers

DEVICE = DeviceId(b"d" * 16)


def rid(name: str) -> RevisionId:
    """An id that can be told apart in a failure message."""
    return RevisionId(name.encode().ljust(16, b"."))


def iid(name: str) -> IncidentId:
    """The incident that began with a revision, by name."""
    return IncidentId(rid(name))


def revision(
    name: str,
    *parents: str,
    created: int = 0,
    answers: Answers | None = None,
    incident: str = "a",
    withdrawn: str = "",
) -> Revision:
    """A revision by name, following others by name."""
    content = Content(
        form_id="incident",
        form_version=1,
        answers=answers or {},
        created=created,
        parents=tuple(rid(parent) for parent in parents),
        withdrawn=withdrawn,
    )
    return Revision(id=rid(name), incident=IncidentId(rid(incident)), author=DEVICE, content=content)
