"""Runs the kill points of a dry run, two at a time, each in its own copy of a folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from tests.faults.strace_rig import Point, Trace

AT_A_TIME = 2
"""Each run keeps about one processor busy."""

_numbers = count()


def copy_of(template: Path) -> Path:
    """A copy of a folder, beside it, permissions and all."""
    copy = template.with_name(f"{template.name}-{next(_numbers)}")
    shutil.copytree(template, copy)
    return copy


def sweep(
    template: Path,
    points: Sequence[Point],
    origin: Path,
    kill: Callable[[Path, Point], tuple[Trace, list[str]]],
) -> list[str]:
    """Kill at each point, which a dry run found in `origin`; every fault, with the point it belongs to.

    `kill` runs the program in a copy of the template and examines what is left.
    """

    def one(point: Point) -> list[str]:
        folder = copy_of(template)
        moved = point.moved(origin, folder)
        trace, faults = kill(folder, moved)
        if not trace.died_at(moved):
            faults = [*faults, "the program was not killed there"]
        if not faults:
            shutil.rmtree(folder)
        return [f"killed at {moved}: {fault} ({folder})" for fault in faults]

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return [fault for found in pool.map(one, points) for fault in found]
