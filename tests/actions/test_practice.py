"""Practice: invented reports, no way out of the laptop, and thrown away whole."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.actions import capture, enrol, exchange, joining, network, practice, records, status, unlock
from fieldkit.actions.errors import ActionError, LinkProblem, LockedProblem, UsageProblem
from fieldkit.actions.organisation import organisation
from fieldkit.actions.session import Session
from fieldkit.vault.home import Home
from fieldkit.vault.keyslots import FLOOR_COST
from fieldkit.vault.practice import is_practice
from fieldkit.vault.vault import Vault
from sync.protocol.enrolment import Invite, Ticket, encode_invite, encode_ticket
from sync.protocol.ids import Organisation
from sync.protocol.kinds import Role
from sync.protocol.signing import SigningKey

STRONG = "orbit lantern maple quilt harbor tunnel"


class Listener:
    """A port on this machine, and whether anybody knocked."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._socket.setblocking(False)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def knocks(self) -> int:
        """How many connections wait; a connection that was begun is in the queue before the call returns."""
        count = 0
        while True:
            try:
                self._socket.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1

    def hang_up(self) -> int:
        """Wait for one connection and end it; 1."""
        self._socket.setblocking(True)
        self._socket.accept()[0].close()
        return 1

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody who listens."""
    made = Listener()
    yield made
    made.close()


@pytest.fixture
def rehearsal(tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A practice vault whose organisation's server is where somebody listens."""
    monkeypatch.setattr(practice, "ADDRESS", listener.address)
    with practice.begin(tmp_path / "home") as session:
        yield session


def invite_to(listener: Listener, session: Session) -> str:
    """An invite that leads to where somebody listens."""
    return encode_invite(
        Invite(
            address=listener.address,
            organisation=Organisation(bytes(16)),
            root_hash=bytes(32),
            directory_version=1,
            secret=bytes(16),
            role=Role.REPORTER,
            expires=session.now() // 3_600 + 24,
        )
    )


def ticket_to(listener: Listener) -> str:
    """A ticket of the same server."""
    log_key = SigningKey.generate().public
    return encode_ticket(Ticket(address=listener.address, code=bytes(16), pins=(bytes(32),), log_key=log_key))


def roads_out(session: Session, listener: Listener) -> dict[str, object]:
    """Every action that may connect, ready to be called."""
    return {
        "sync": lambda: exchange.sync(session),
        "pull": lambda: exchange.pull(session),
        "join": lambda: joining.join(session, invite_to(listener, session)),
        "org create": lambda: enrol.create_organisation(session, "x", ticket_to(listener)),
        "org invite": lambda: enrol.invite(session, "reporter", "x"),
    }


ROADS = ("sync", "pull", "join", "org create", "org invite")


@pytest.mark.parametrize("road", ROADS)
def test_no_road_leads_out(rehearsal: Session, listener: Listener, road: str) -> None:
    """Each refuses in plain words, and nobody is connected to."""
    call = roads_out(rehearsal, listener)[road]
    with pytest.raises(UsageProblem, match="this is practice"):
        call()  # type: ignore[operator]
    assert listener.knocks() == 0


def test_the_session_itself_has_no_connection(
    rehearsal: Session, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an action forgets to ask, the road still ends: the refusal is below it."""
    monkeypatch.setattr(Vault, "must_be_real", lambda self, what: None)
    with pytest.raises(UsageProblem, match="never connects"):
        exchange.sync(rehearsal)
    assert listener.knocks() == 0


def test_the_listener_hears(tmp_path: Path, listener: Listener) -> None:
    """The same invite in a real vault does knock: the counts above could be others."""
    heard: list[int] = []
    hanging_up = threading.Thread(target=lambda: heard.append(listener.hang_up()))
    hanging_up.start()
    real = unlock.initialise(tmp_path / "real", STRONG, cost=FLOOR_COST)
    with real, pytest.raises(LinkProblem):
        joining.join(real, invite_to(listener, real))
    hanging_up.join()
    assert heard == [1]


def test_opening_it_later_changes_nothing(tmp_path: Path, listener: Listener) -> None:
    """What makes it practice is in its key slots: another start, another session, no way out either."""
    home = tmp_path / "home"
    practice.begin(home).lock()
    with unlock.unlock(home, practice.PASSPHRASE) as session:
        assert session.vault.practice
        session.connect = network.nowhere
        with pytest.raises(UsageProblem, match="this is practice"):
            exchange.sync(session)
        assert Session(vault=session.vault, connect=network.over_https).connect is network.nowhere


def test_it_is_like_a_real_one(rehearsal: Session) -> None:
    """Reports in every script, one to be finished; finishing works, and then it waits for ever."""
    lines = records.list_records(rehearsal)
    assert [line.state for line in lines].count("waiting") == 2
    (draft,) = (line for line in lines if line.state == "draft")
    assert draft.missing > 0
    assert organisation(rehearsal).name == practice.ORGANISATION
    capture.edit(rehearsal, str(draft.number), {"start": "2026-05", "gov": "Example Region"})
    capture.finish(rehearsal, str(draft.number))
    assert all(line.state == "waiting" for line in records.list_records(rehearsal))
    (finding,) = (
        one for one in status.doctor(rehearsal.vault.home.folder, rehearsal) if one.title == "practice"
    )
    assert "never sent" in finding.detail


def test_thrown_away_whole(tmp_path: Path) -> None:
    """Nothing of it is left, not even its folder; other files there stay."""
    for name, strange in (("bare", False), ("shared", True)):
        home = tmp_path / name
        practice.begin(home).lock()
        (home / "open-0dd4509de2f87a0d").touch()  # as of a program that was killed
        (home / "keymap.toml").touch()
        if strange:
            (home / "open-letter.txt").write_text("mine", encoding="utf-8")
        practice.throw_away(home)
        assert home.exists() is strange
        assert [path.name for path in home.glob("*")] == (["open-letter.txt"] if strange else [])


def test_a_real_vault_is_not_thrown_away(tmp_path: Path) -> None:
    """Nor one that is damaged, nor a folder without one."""
    home = tmp_path / "home"
    unlock.initialise(home, STRONG, cost=FLOOR_COST).lock()
    before = sorted(path.name for path in home.iterdir())
    for folder in (home, tmp_path / "none"):
        with pytest.raises(UsageProblem, match="holds no practice vault"):
            practice.throw_away(folder)
    Home(home).slots.write_bytes(b"practice")
    assert not is_practice(Home(home))
    with pytest.raises(UsageProblem):
        practice.throw_away(home)
    assert sorted(path.name for path in home.iterdir()) == before


def test_it_lies_beside_the_real_one(tmp_path: Path) -> None:
    """Never in it; and the practice home of a practice home is itself."""
    home = tmp_path / "home"
    unlock.initialise(home, STRONG, cost=FLOOR_COST).lock()
    beside = practice.folder(home)
    assert beside.parent == home.parent
    assert beside != home
    practice.begin(beside).lock()
    assert practice.folder(beside) == beside
    with pytest.raises(LockedProblem):
        practice.begin(home)


def test_half_a_practice_is_not_left(tmp_path: Path) -> None:
    """When a report cannot be made, nothing is there that would be opened next time."""
    home = tmp_path / "home"
    with pytest.raises(ActionError):
        practice.begin(home, samples=[{"title": "fine"}, {"no_such_question": "x"}])
    assert not home.exists()


def test_told_before_it_is_opened(tmp_path: Path) -> None:
    """A look at the key slots tells practice from a real vault; it opens nothing."""
    home, real = tmp_path / "home", tmp_path / "real"
    practice.begin(home).lock()
    unlock.initialise(real, STRONG, cost=FLOOR_COST).lock()
    assert Home(home).for_practice()
    assert not Home(real).for_practice()
    assert not Home(tmp_path / "none").for_practice()
