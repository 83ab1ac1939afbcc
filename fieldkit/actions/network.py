"""How an exchange reaches the server: transport, settings, engine.

In tests another transport takes its place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol, cast

from fieldkit.actions.errors import InputProblem
from sync.client.ports import Transport

SETTINGS = ("proxy",)
"""Keys of settings.toml."""


class PinnedTransport(Transport, Protocol):
    """A transport that also tells which certificate it saw."""

    @property
    def observed(self) -> bytes:
        """SPKI hash of the newest certificate seen."""


Connect = Callable[[str, tuple[bytes, ...] | None, str | None], AbstractContextManager[PinnedTransport]]
"""(address, pins, proxy) → a transport, closed at the end of the block.

Without pins only an invite is asked for.
"""


@contextmanager
def over_https(address: str, pins: tuple[bytes, ...] | None, proxy: str | None) -> Iterator[PinnedTransport]:
    """The real thing; imported late, because starting the program must not wait for it."""
    from sync.client.http import HttpsTransport

    with HttpsTransport(address=address, pins=pins, proxy=proxy) as transport:
        yield cast(PinnedTransport, transport)


def proxy_of(settings: Path) -> str | None:
    """The proxy set in a home's settings.toml, or None; raise InputProblem for a file that is not right.

    A setting that cannot be read must stop the exchange: going round a proxy could cost a life.
    """
    if not settings.exists():
        return None
    try:
        read: dict[str, Any] = tomllib.loads(settings.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputProblem(f"{settings} cannot be read: {error}", "mend or remove the file") from None
    unknown = sorted(set(read) - set(SETTINGS))
    if unknown:
        raise InputProblem(
            f"{settings} has unknown keys: {', '.join(unknown)}", f"known: {', '.join(SETTINGS)}"
        )
    proxy = read.get("proxy")
    if proxy is not None and not (isinstance(proxy, str) and proxy.startswith(("socks5://", "socks5h://"))):
        raise InputProblem(
            f'{settings}: expected proxy = "socks5h://HOST:PORT", got {proxy!r}', "mend or remove the line"
        )
    # Names are always resolved at the proxy: looking one up here would tell the local network.
    return None if proxy is None else "socks5h://" + proxy.partition("://")[2]
