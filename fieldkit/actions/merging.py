"""Puts what one copy of a notebook changed in a directory on top of what the other one changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from sync.protocol.directory import Coordinator, Directory, LaneEntry

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

PLAIN = ("log_key", "pins", "address", "delivered_by", "root_version", "root_hash")
"""Fields in which the one that was changed counts, and the server's where both were."""


def merged(base: Directory, ours: Directory, theirs: Directory) -> Directory:
    """`theirs` with whatever `ours` changed since `base`; where both changed the same, `theirs` stands.

    The version and its date are those of `theirs`.
    """
    plain = {name: _value(*(getattr(one, name) for one in (base, ours, theirs))) for name in PLAIN}
    return replace(
        theirs,
        **plain,
        expires=max(ours.expires, theirs.expires),
        revoked=tuple(sorted({*theirs.revoked, *(set(ours.revoked) - set(base.revoked))})),
        coordinators=_items(base.coordinators, ours.coordinators, theirs.coordinators, _device, _value),
        lanes=_items(base.lanes, ours.lanes, theirs.lanes, _number, _lane),
    )


def _value(base: Any, ours: Any, theirs: Any) -> Any:
    return ours if ours != base and theirs == base else theirs


def _items(
    base: Iterable[T],
    ours: Iterable[T],
    theirs: Iterable[T],
    name: Callable[[T], K],
    merge: Callable[[T, T, T], T],
) -> tuple[T, ...]:
    """Items by name: what only one side added is there, what one side removed is not."""
    before, here, there = ({name(one): one for one in side} for side in (base, ours, theirs))
    found = []
    for key in sorted({*here, *there}):  # type: ignore[type-var]
        if key in here and key in there:
            found.append(merge(before.get(key, there[key]), here[key], there[key]))
        elif key not in before:
            found.append(here[key] if key in here else there[key])
    return tuple(found)


def _device(coordinator: Coordinator) -> bytes:
    return coordinator.device


def _number(lane: LaneEntry) -> int:
    return lane.lane


def _lane(base: LaneEntry, ours: LaneEntry, theirs: LaneEntry) -> LaneEntry:
    """Readers of both; a term belongs to its key, so that the two go together."""
    readers = _items(base.readers, ours.readers, theirs.readers, bytes, _value)
    term = _value((base.term, base.inbox), (ours.term, ours.inbox), (theirs.term, theirs.inbox))
    return replace(theirs, readers=readers, term=term[0], inbox=term[1])
