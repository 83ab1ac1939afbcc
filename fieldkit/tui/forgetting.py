"""Lets go of what libraries and threads still remember of what was typed and drawn (threat model R8).

It reaches what the program could still find. Memory that was given back keeps its bytes until something else
is written there: no program in this language can wipe that.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context
from typing import Any, TypeVar

from rich.cells import cached_cell_len

Answer = TypeVar("Answer")

FORGET_SECONDS = 0.5
"""After a lock: the vault is closed and the screen is clear before anything is looked for."""


class ForgettingThreads(ThreadPoolExecutor):
    """Threads for workers. Textual leaves each worker, with all it was given, in the context of the thread it
    ran on, until that thread happens to have another: a passphrase, or a report. Here each has its own.
    """

    def submit(self, fn: Callable[..., Answer], /, *args: Any, **kwargs: Any) -> Future[Answer]:
        """As ever, in a context that ends with the call."""
        return super().submit(Context().run, fn, *args, **kwargs)


def forget_typed() -> None:
    """Forget each text whose width was measured: a field measures what it holds at every key."""
    cached_cell_len.cache_clear()


def forget_everything() -> None:
    """Empty every cache that is filled by what comes along, and collect the screens that are gone.

    Those without a bound hold what the program is made of, such as its form, and stay.
    """
    for thing in gc.get_objects():
        if isinstance(thing, functools._lru_cache_wrapper) and _is_bounded(thing):
            thing.cache_clear()
    gc.collect()


def _is_bounded(cached: functools._lru_cache_wrapper[Any]) -> bool:
    return cached.cache_info().maxsize is not None
