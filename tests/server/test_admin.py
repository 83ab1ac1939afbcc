"""`fieldkit-server`: stdout is data, stderr is talk, every error has a hint, exit codes are a contract."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import pytest

from sync.protocol.enrolment import parse_ticket
from sync.server.admin import Exit, main
from sync.server.folder import Folder
from sync.server.log import HOUR
from sync.server.tickets import TicketCodes

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def made(tmp_path: Path, capsys: Capture) -> Path:
    """A folder by `init`."""
    assert main(["init", str(tmp_path / "server"), "--address", "reports.example:443"]) == Exit.OK
    out, err = capsys.readouterr()
    assert out == ""
    assert "Laptops will be told to connect to reports.example:443." in err
    assert "It listens on 127.0.0.1:443: for other machines set listen in" in err
    return tmp_path / "server"


def test_the_port_laptops_are_told_is_the_one_listened_on(made: Path) -> None:
    """Else a server would wait where nobody comes."""
    settings = Folder(made).settings()
    assert (settings.address, settings.listen) == ("reports.example:443", "127.0.0.1:443")


def test_ticket(made: Path, capsys: Capture) -> None:
    """The ticket is the only line on stdout, names this server, and its code is good here."""
    assert main(["ticket", str(made)]) == 0
    out, _ = capsys.readouterr()
    ticket = parse_ticket(out)
    folder = Folder(made)
    assert out.count("\n") == 1
    assert (ticket.address, ticket.pins) == ("reports.example:443", folder.pins())
    assert ticket.log_key == folder.log_key().public
    TicketCodes(folder.ticket_key()).check(ticket.code, hour=int(time.time()) // HOUR)


def test_ticket_json(made: Path, capsys: Capture) -> None:
    """--json prints one object; --address replaces the settings'."""
    assert main(["ticket", str(made), "--json", "--address", "10.0.0.1:80"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sorted(told) == ["address", "days", "log_key", "pins", "ticket"]
    assert parse_ticket(told["ticket"]).address == told["address"] == "10.0.0.1:80"
    assert (told["days"], len(told["pins"])) == (14, 2)


def test_stats(made: Path, capsys: Capture) -> None:
    """Counts as a table or as one object."""
    assert main(["stats", str(made), "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["frame"] == counts["organisation"] == counts["frame_bytes"] == 0
    assert main(["stats", str(made)]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        [name, "0"] for name in sorted(counts)
    ]


def test_migrate(made: Path, capsys: Capture) -> None:
    """A database that is up to date stays so."""
    assert main(["migrate", str(made)]) == 0
    assert capsys.readouterr().err == "The database was at schema 0001 and is at 0001.\n"


def test_errors_have_hints(made: Path, tmp_path: Path, capsys: Capture) -> None:
    """Each error is one error line, one hint line, nothing on stdout, and its exit code."""
    with (made / "settings.toml").open("a") as file:
        file.write("colour = 1\n")
    cases: dict[str, tuple[list[str], Exit, str, str]] = {
        "unknown setting": (
            ["ticket", str(made)],
            Exit.INPUT,
            "unknown key 'colour'",
            "correct settings.toml",
        ),
        "no folder": (
            ["stats", str(tmp_path)],
            Exit.INPUT,
            "is no server folder",
            "fieldkit-server init DIR",
        ),
        "there already": (["init", str(made)], Exit.INPUT, "not an empty folder", "name another one"),
        "bad address": (
            ["init", str(tmp_path / "x"), "--address", "x"],
            Exit.INPUT,
            "expected HOST:PORT",
            "correct",
        ),
        "an address no laptop takes": (
            ["init", str(tmp_path / "x"), "--address", "host:0"],
            Exit.INPUT,
            "address: expected a port from 1 to 65535, got '0'",
            "correct",
        ),
    }
    for name, (arguments, code, error, hint) in cases.items():
        assert main(arguments) == code, name
        out, err = capsys.readouterr()
        first, second = err.splitlines()
        assert out == "", name
        assert first.startswith("fieldkit-server: error: ") and error in first, name
        assert second.startswith("fieldkit-server: hint: ") and hint in second, name


def test_missing_database(made: Path, capsys: Capture) -> None:
    """A folder that lost its database is told so; nothing makes a new one by itself."""
    (made / "server.db").unlink()
    assert main(["stats", str(made)]) == Exit.INPUT
    assert "expected a database" in capsys.readouterr().err
    assert not (made / "server.db").exists()


def test_taken_port(made: Path, capsys: Capture) -> None:
    """An address that is taken is a link error."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        assert main(["serve", str(made), "--listen", listen]) == Exit.LINK
    assert f"cannot listen on {listen}" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["init"], ["ticket", "DIR", "--more"]])
def test_usage(arguments: list[str], capsys: Capture) -> None:
    """A command line that does not hold exits with 2 and says why."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == Exit.USAGE
    assert "usage: fieldkit-server" in capsys.readouterr().err
