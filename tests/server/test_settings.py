"""The settings file: defaults, limits, refusals, and the file that `init` writes."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from sync.server.settings import Settings, SettingsError, split_address

ROOT = Path(__file__).resolve().parents[2]


def test_written_file_reads_back() -> None:
    """The file of `init` holds every key with its meaning, and reads back to the same settings."""
    for settings in (Settings(), Settings(address="reports.example:443", ticket_days=3)):
        text = settings.to_text()
        assert Settings.parse(text) == settings
        for item in fields(Settings):
            assert f"{item.name} = " in text
            assert f"# {item.metadata['meaning']}" in text
    assert Settings.parse("") == Settings()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("listen_to = 'x'", "unknown key 'listen_to'; known keys are address"),
        ("stall_seconds = 0", "stall_seconds: expected a whole number from 1 to 3600, got 0"),
        ("stall_seconds = true", "expected a whole number"),
        ("stall_seconds = 3.5", "expected a whole number"),
        ("request_bytes = '1'", "expected a whole number"),
        ("address = 1", "address: expected a text HOST:PORT, got 1"),
        ("address = 'host'", "address: expected HOST:PORT, got 'host'"),
        ("address = 'host:0'", "address: expected a port from 1 to 65535, got '0'"),
        ("address = 'host:0443'", "address: expected a port from 1 to 65535, got '0443'"),
        ("address = 'my host:443'", "address: expected HOST:PORT, got 'my host:443'"),
        pytest.param(f"listen = 'h:{'9' * 5_000}'", "listen: expected HOST:PORT", id="a port without end"),
        pytest.param(
            f"stall_seconds = {'9' * 5_000}", "settings.toml is not TOML", id="a number without end"
        ),
        pytest.param(f"stall_seconds = {'[' * 50_000}", "settings.toml is not TOML", id="without bottom"),
        ("listen = ':80'", "expected HOST:PORT"),
        ("listen = 'h:99999'", "expected HOST:PORT"),
        ("listen = '::1:80'", "an IPv6 address needs brackets"),
        ("listen = ", "settings.toml is not TOML"),
    ],
)
def test_refusals(text: str, told: str) -> None:
    """Whatever does not hold is refused with what was expected and what came."""
    with pytest.raises(SettingsError) as refused:
        Settings.parse(text)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("[::1]:0", ("::1", 0)),
        ("reports.example:443", ("reports.example", 443)),
    ],
)
def test_addresses(text: str, expected: tuple[str, int]) -> None:
    """Host names, IPv4 and IPv6 addresses with their port."""
    assert split_address(text) == expected


def test_every_key_is_documented() -> None:
    """docs/operations.md has every key with its default."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for item in fields(Settings):
        shown = f'"{item.default}"' if isinstance(item.default, str) else f"{item.default:,}"
        assert f"| `{item.name}` | {shown} |" in text, item.name
