"""The server's one settings file: `settings.toml` in its folder.

Every key is documented here; an unknown one is refused.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Self

from sync.protocol import shapes
from sync.protocol.errors import ProtocolError
from sync.protocol.limits import FRAME_BYTES, REQUEST_BYTES, STALL_SECONDS

FILE_NAME: Final = "settings.toml"

CLOSING_SECONDS: Final = 5
"""Kept back from the protocol's stall time: who has thousands to close is done with the last one by then."""

PORT_MAX: Final = 65_535


class SettingsError(Exception):
    """The settings file does not hold. The text says what was expected and what came."""


def _key(default: int | str, least: int, most: int, meaning: str) -> Any:
    return field(default=default, metadata={"least": least, "most": most, "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator may set. The meanings are also the comments of the file `init` writes."""

    address: str = _key(
        "127.0.0.1:8440", 0, 0, "HOST:PORT that laptops connect to. It goes into every ticket and directory."
    )
    listen: str = _key(
        "127.0.0.1:8440", 0, 0, "HOST:PORT the server binds. Port 0 lets the system choose one."
    )
    request_bytes: int = _key(
        REQUEST_BYTES,
        FRAME_BYTES * 2,
        64 << 20,
        "Largest request body, in bytes. Told to clients with every reply.",
    )
    reply_bytes: int = _key(
        8 << 20, FRAME_BYTES * 2, 64 << 20, "Largest reply body, in bytes, whatever a client asks for."
    )
    body_memory_bytes: int = _key(
        192 << 20, 1 << 20, 1 << 36, "Memory that all unfinished request bodies may hold together, in bytes."
    )
    reply_memory_bytes: int = _key(
        128 << 20,
        1 << 20,
        1 << 36,
        "Memory for replies that clients are slow to take. Replies get shorter by it.",
    )
    connections: int = _key(
        10_000,
        8,
        1_000_000,
        "Open connections. Beyond it the longest without a request is closed. Open files must allow them.",
    )
    stall_seconds: int = _key(
        STALL_SECONDS - CLOSING_SECONDS,
        1,
        3_600,
        "Seconds without a byte after which a connection is closed.",
    )
    drip_seconds: int = _key(
        STALL_SECONDS - CLOSING_SECONDS,
        1,
        3_600,
        "Seconds over which the least rate of a request body, and of a reply, is measured.",
    )
    drip_bytes: int = _key(
        420, 0, 1 << 20, "Bytes a client must send or take in that time. 0 switches the rule off."
    )
    handler_threads: int = _key(16, 1, 256, "Requests that are worked on at the same time.")
    verify_threads: int = _key(0, 0, 256, "Threads that check signatures. 0 means one for each processor.")
    pending_frames: int = _key(
        2_000, 1, 1 << 40, "Frames a device may store before a coordinator has certified it."
    )
    pending_bytes: int = _key(
        4 << 20, FRAME_BYTES, 1 << 50, "Bytes a device may store before a coordinator has certified it."
    )
    member_frames: int = _key(1_000_000, 1, 1 << 40, "Frames a certified device may store.")
    member_bytes: int = _key(2 << 30, FRAME_BYTES, 1 << 50, "Bytes a certified device may store.")
    member_chains: int = _key(
        256, 3, 1 << 20, "Chains one device may have: a lane counts once for each incarnation of its vault."
    )
    enrolments_per_minute: int = _key(
        60, 1, 100_000, "Invite and organisation requests answered in a minute, of all comers together."
    )
    ticket_days: int = _key(14, 1, 3_650, "Days after which a ticket that was not used no longer works.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The settings in a TOML text; keys left out keep their default. Raises SettingsError."""
        try:
            table = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            # Not only TOMLDecodeError: a number of thousands of digits, brackets inside brackets without end.
            raise SettingsError(f"{FILE_NAME} is not TOML: {error}") from None
        known = {item.name: item for item in fields(cls)}
        for name, value in table.items():
            if name not in known:
                raise SettingsError(f"unknown key {name!r}; known keys are {', '.join(sorted(known))}")
            _check(name, value, known[name])
        return cls(**table)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The settings of a server's folder."""
        return cls.parse((folder / FILE_NAME).read_text(encoding="utf-8"))

    def to_text(self) -> str:
        """The file as `init` writes it: every key with its meaning, the defaults commented out."""
        lines = ["# Settings of this fieldkit server. A key that is commented out has the value shown.", ""]
        for item in fields(self):
            value = getattr(self, item.name)
            shown = f'"{value}"' if isinstance(value, str) else f"{value}"
            silent = "# " if value == item.default else ""
            lines += [f"# {item.metadata['meaning']}", f"{silent}{item.name} = {shown}", ""]
        return "\n".join(lines)


def _check(name: str, value: object, item: Any) -> None:
    if isinstance(item.default, str):
        if not isinstance(value, str):
            raise SettingsError(f"{name}: expected a text HOST:PORT, got {value!r}")
        if name == "address":
            check_address(value)
        else:
            split_address(value, name)
        return
    least, most = item.metadata["least"], item.metadata["most"]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise SettingsError(f"{name}: expected a whole number from {least} to {most}, got {value!r}")


def check_address(text: str) -> None:
    """Raise SettingsError unless a laptop would take it from a ticket: stricter than what can be bound."""
    try:
        shapes.address(text)
    except ProtocolError as error:
        raise SettingsError(f"address: {error}") from None


def split_address(text: str, name: str = "address") -> tuple[str, int]:
    """`HOST:PORT` or `[IPV6]:PORT` as host and port; raises SettingsError naming the setting."""
    host, colon, port = text.rpartition(":")
    digits = port.isascii() and port.isdigit() and len(port) <= len(str(PORT_MAX))
    if not colon or not host or not digits or int(port) > PORT_MAX:
        raise SettingsError(f"{name}: expected HOST:PORT, got {text[:80]!r}")
    if ":" in host and not (host.startswith("[") and host.endswith("]")):
        raise SettingsError(f"{name}: an IPv6 address needs brackets, got {text!r}")
    return host.strip("[]"), int(port)
