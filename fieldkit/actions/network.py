"""How an exchange reaches the server: transport, settings, engine.

In tests another transport takes its place.
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast
from urllib.parse import urlsplit

from fieldkit.actions.errors import InputProblem, UsageProblem
from sync.client.errors import StoppedError
from sync.client.ports import Transport

SETTINGS = ("proxy", "theme", "low_bandwidth")
"""Keys of settings.toml; the last two are the screens' own."""


class PinnedTransport(Transport, Protocol):
    """A transport that also tells which certificate it saw."""

    @property
    def observed(self) -> bytes:
        """SPKI hash of the newest certificate seen."""

    def hang_up(self) -> None:
        """End what goes on, and let nothing begin: it raises StoppedError in a moment. From any thread."""


class Lines:
    """The connections of one session: whoever closes it ends them, whatever they wait for."""

    def __init__(self) -> None:
        # Taken again by the same thread when a signal locks the vault in the middle of this.
        self._guard = threading.RLock()
        self._open: list[PinnedTransport] = []
        self._over = False

    @contextmanager
    def held(self, transport: PinnedTransport) -> Iterator[PinnedTransport]:
        """Use a connection inside the block. Raises StoppedError when the session was closed before."""
        with self._guard:
            if self._over:
                raise StoppedError
            self._open.append(transport)
        try:
            yield transport
        finally:
            with self._guard:
                self._open.remove(transport)

    def end(self) -> None:
        """End all of them, for good. From any thread."""
        with self._guard:
            self._over = True
            for transport in self._open:
                transport.hang_up()


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


def nowhere(address: str, pins: tuple[bytes, ...] | None, proxy: str | None) -> NoReturn:
    """What a vault for practice has in place of a connection: a refusal."""
    raise UsageProblem("this is practice: it never connects to anything", "use a vault of your own")


def proxy_of(settings: Path) -> str | None:
    """The proxy set in a home's settings.toml, or None; raise InputProblem for a file that is not right.

    A setting that cannot be read must stop the exchange: going round a proxy could cost a life.
    """
    read = _read_settings(settings)
    unknown = sorted(set(read) - set(SETTINGS))
    if unknown:
        raise InputProblem(
            f"{settings} has unknown keys: {', '.join(unknown)}", f"known: {', '.join(SETTINGS)}"
        )
    if "proxy" not in read:
        return None
    proxy = read["proxy"]
    if not isinstance(proxy, str) or not _is_proxy(proxy):
        # What came is not repeated: it may hold a password.
        raise InputProblem(
            f'{settings}: expected proxy = "socks5h://HOST:PORT"', "mend the line, or take it out"
        )
    # Names are always resolved at the proxy: looking one up here would tell the local network.
    return "socks5h://" + proxy.partition("://")[2]


def shown_proxy(proxy: str) -> str:
    """A proxy as it may be shown: without user and password."""
    return "socks5h://" + proxy.rpartition("@")[2].rpartition("://")[2]


def _read_settings(settings: Path) -> dict[str, Any]:
    try:
        text = settings.read_text(encoding="utf-8")
    except FileNotFoundError:
        if settings.is_symlink():
            raise InputProblem(f"{settings} leads nowhere", "mend or remove the link") from None
        return {}
    except OSError as error:
        # Never a reason to go without the file: it may name a proxy.
        why = error.strerror or type(error).__name__
        raise InputProblem(
            f"{settings} cannot be read: {why}", "check the disk and its permissions, then try again"
        ) from None
    except UnicodeDecodeError:
        raise InputProblem(f"{settings} cannot be read", "mend or remove the file") from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        raise InputProblem(f"{settings} is not TOML", "mend or remove the file") from None


def _is_proxy(text: str) -> bool:
    """Whether this is socks5[h]://[user:password@]HOST:PORT and nothing more."""
    if not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        known = parts.scheme in ("socks5", "socks5h") and bool(parts.hostname) and bool(parts.port)
    except ValueError:
        return False
    return known and not (parts.path or parts.query or parts.fragment)
