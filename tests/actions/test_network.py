"""The proxy setting: taken as it is meant, or refused; never passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.actions import enrol, exchange
from fieldkit.actions.errors import InputProblem
from fieldkit.actions.network import proxy_of, shown_proxy
from fieldkit.actions.session import Session
from tests.actions.world import World, report

GOOD = {
    "": None,
    "# nothing": None,
    'proxy = "socks5://127.0.0.1:9050"': "socks5h://127.0.0.1:9050",
    'proxy = "socks5h://user:pass@proxy.example:1080"': "socks5h://user:pass@proxy.example:1080",
    'proxy = "socks5h://[::1]:9050"': "socks5h://[::1]:9050",
}

BAD = [
    "proxy = ",
    "proxy = 9050",
    'proxy = ""',
    'proxy = "127.0.0.1:9050"',
    'proxy = "http://127.0.0.1:9050"',
    'proxy = "socks5://"',
    'proxy = "socks5://host"',
    'proxy = "socks5://host:0"',
    'proxy = "socks5://host:99999"',
    'proxy = "socks5://host:12x"',
    'proxy = "socks5://host:1080/path"',
    'proxy = "socks5://ho st:1080"',
    'proxy = "socks5://host:1080\\n"',
    'proxy = "socks4://host:1080"',
    'Proxy = "socks5://host:1080"',
    "[proxy]",
    "\x00",
    "proxy = " + "[" * 5_000,
]


@pytest.mark.parametrize(("text", "expected"), GOOD.items())
def test_read(tmp_path: Path, text: str, expected: str | None) -> None:
    """Names are resolved at the proxy, whichever way it is written."""
    (tmp_path / "settings.toml").write_text(text)
    assert proxy_of(tmp_path / "settings.toml") == expected


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_malformed_stops_everything(world: World, first: Session, reporter: Session, text: str) -> None:
    """No verb connects, directly or otherwise, while the setting cannot be understood."""
    report(reporter)
    before = len(world.network.connections)
    newcomer = world.laptop("newcomer")
    for session in (first, reporter, newcomer):
        session.vault.home.settings.write_text(text)
    ticket = world.ticket()
    for verb in (
        lambda: exchange.sync(reporter),
        lambda: exchange.pull(first),
        lambda: enrol.create_organisation(newcomer, "Another", ticket),
    ):
        with pytest.raises(InputProblem):
            verb()
    assert len(world.network.connections) == before
    assert newcomer.vault.identities.load() is None


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A folder, a link that leads nowhere, bytes that are no text: all refused; no file is no proxy."""
    assert proxy_of(tmp_path / "settings.toml") is None
    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c").write_bytes(b"proxy = '\xff'")
    (tmp_path / "d").symlink_to(tmp_path / "d")
    for name in "abcd":
        with pytest.raises(InputProblem):
            proxy_of(tmp_path / name)


def test_every_connection_goes_through_it(world: World, first: Session, reporter: Session) -> None:
    """Sync, pull and join hand the proxy on."""
    text = enrol.invite(first, "reporter", "south").text
    exchange.sync(first)
    south = world.laptop("south")
    for session in (first, south):
        session.vault.home.settings.write_text('proxy = "socks5://127.0.0.1:9050"')
    before = len(world.network.connections)
    exchange.pull(first)
    enrol.join(south, text)
    exchange.sync(south)
    assert {proxy for _, proxy in world.network.connections[before:]} == {"socks5h://127.0.0.1:9050"}
    assert len(world.network.connections) == before + 3


def test_shown_without_password() -> None:
    """What a screen shows holds no secret."""
    assert shown_proxy("socks5h://user:p@ss@host:1") == "socks5h://host:1"
    assert shown_proxy("socks5h://host:1") == "socks5h://host:1"


def test_a_failing_disk_is_not_the_file_s_fault(tmp_path: Path) -> None:
    """What the system says is told, and nobody is advised to remove the file that names the proxy."""
    settings = tmp_path / "settings.toml"
    settings.mkdir()
    with pytest.raises(InputProblem, match="Is a directory") as caught:
        proxy_of(settings)
    assert caught.value.hint is not None and "disk" in caught.value.hint
