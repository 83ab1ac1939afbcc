"""Status and doctor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldkit.actions import capture, exchange, status
from fieldkit.actions.errors import LinkProblem
from fieldkit.actions.organisation import FINGERPRINT_WORDS
from fieldkit.actions.session import Session
from fieldkit.actions.weighing import EPOCH_BYTES
from sync.protocol.errors import Refusal
from sync.protocol.ids import MAIN
from tests.actions.network import EngineTime, Time
from tests.actions.world import SOURCED, World, report


def found(session: Session) -> dict[str, str]:
    """Level by title."""
    return {finding.title: finding.level for finding in status.doctor(session.vault.home.folder, session)}


def test_counts(world: World, first: Session, reporter: Session) -> None:
    """Drafts, waiting, received, delivered, withdrawn and what is unsent, from the vault alone."""
    for title in ("a", "b", "c"):
        report(reporter, SOURCED, title=title)
    exchange.sync(reporter)
    exchange.pull(first)
    exchange.sync(reporter)
    capture.withdraw(reporter, "3", "x")
    exchange.sync(reporter)
    report(reporter, title="d")
    capture.new_draft(reporter)
    asked = len(world.network.posts)
    told = status.status(reporter)
    assert (told.drafts, told.waiting, told.received, told.delivered, told.withdrawn) == (1, 1, 0, 2, 1)
    assert (told.unsent_frames, told.quarantined, told.role, told.pseudonym) == (1, 0, "reporter", "north")
    assert told.unsent_bytes > 0 and told.last_sync == world.time.now and told.problems == ()
    assert len(world.network.posts) == asked


def test_both_ends_of_an_invite_see_the_same_words(first: Session, reporter: Session) -> None:
    """The fingerprint can be compared at any time; the organisation's name is the coordinators' alone."""
    mine, theirs = status.status(first), status.status(reporter)
    assert len(mine.fingerprint) == FINGERPRINT_WORDS and mine.fingerprint == theirs.fingerprint
    assert mine.name and theirs.name == ""


def test_what_waits_is_weighed_as_it_will_be_sent(reporter: Session) -> None:
    """Before anything is sealed the figure is near what the frames weigh, not what the text does."""
    for number in range(5):
        report(reporter, SOURCED, title=f"report {number}")
    told = status.status(reporter).unsent_bytes
    sent = exchange.sync(reporter).sent_bytes - 2 * EPOCH_BYTES
    assert 0.97 < told / sent < 1.03


def test_before_joining(world: World) -> None:
    """Everything is nothing, and the next step is named."""
    alone = world.laptop("alone")
    told = status.status(alone)
    assert (told.role, told.organisation, told.address, told.last_sync) == (None, None, None, None)
    assert found(alone)["organisation"] == "warning"


def test_all_well(world: World, first: Session, reporter: Session) -> None:
    """A certified reporter who has just synced: nothing to do."""
    for session in (first, reporter):
        assert set(found(session).values()) == {"ok"}


def test_locked_home_and_no_home(world: World, reporter: Session, tmp_path: Path) -> None:
    """Without a session only the home is looked at; a home that is none is a problem."""
    levels = {finding.title: finding.level for finding in status.doctor(reporter.vault.home.folder, None)}
    assert levels == {"engine": "ok", "home": "ok", "proxy": "ok", "vault": "warning"}
    levels = {finding.title: finding.level for finding in status.doctor(tmp_path / "nowhere", None)}
    assert levels["home"] == "problem"


def test_proxy_is_shown_without_its_password(world: World, reporter: Session) -> None:
    """What is wrong with the setting is a problem; what is right is shown without user and password."""
    settings = reporter.vault.home.settings
    settings.write_text('proxy = "socks5://user:hunter2@127.0.0.1:9050"')
    told = str(status.doctor(reporter.vault.home.folder, reporter))
    assert "127.0.0.1:9050" in told and "hunter2" not in told
    settings.write_text('proxy = "http://user:hunter2@127.0.0.1:9050"')
    assert found(reporter)["proxy"] == "problem"
    assert "hunter2" not in str(status.doctor(reporter.vault.home.folder, reporter))


def test_not_certified_yet(world: World, first: Session) -> None:
    """A newcomer is told what stops delivery at each step: the join, then the certificate."""
    north = world.joiner(first, "north")
    assert found(north)["membership"] == "warning" and found(north)["sync"] == "warning"
    exchange.sync(north)
    assert found(north)["membership"] == "warning"
    exchange.sync(first)
    exchange.sync(north)
    assert found(north)["membership"] == "ok"


def test_a_try_that_did_not_finish(world: World, reporter: Session) -> None:
    """Also within the second of a success, and with the clock set back."""
    report(reporter)
    world.network.dead = True
    world.time.pass_by(days=-3)
    with pytest.raises(LinkProblem):
        exchange.sync(reporter)
    assert status.status(reporter).last_try_failed and found(reporter)["sync"] == "warning"
    assert found(reporter)["queue"] == "warning"


def test_old_sync_and_clock_set_back(world: World, reporter: Session) -> None:
    """A week without a sync is told, and so is a last sync that lies in the future."""
    world.time.pass_by(days=8)
    assert found(reporter)["sync"] == "warning"
    world.time.pass_by(days=-20)
    assert found(reporter)["sync"] == "warning"


def test_clock_that_is_wrong(world: World, first: Session, reporter: Session) -> None:
    """The server's hour in a receipt shows a laptop's clock that is off."""
    ahead = Time(world.time.now + 9 * 3_600)
    reporter.clock, reporter.engine_clock = ahead, EngineTime(ahead)
    exchange.sync(reporter)
    assert found(reporter)["clock"] == "warning"


def test_what_will_not_arrive(world: World, first: Session, reporter: Session) -> None:
    """A frame the server refused for good is named with its report."""
    report(reporter)
    world.network.dead = True
    with pytest.raises(LinkProblem):
        exchange.sync(reporter)
    reporter.vault.delivery.keep_refusal(
        MAIN, max(reporter.vault.delivery.chain_hashes(MAIN)), int(Refusal.SIZE)
    )
    assert found(reporter)["report 1"] == "problem"
    assert status.status(reporter).quarantined == 1 and status.status(reporter).problems


def test_directory_past_its_date(world: World, first: Session, reporter: Session) -> None:
    """It is told; reports are sealed and sent all the same."""
    world.time.pass_by(days=200)
    assert found(reporter)["directory"] == "warning"
    report(reporter)
    assert exchange.sync(reporter).waiting_frames == 0


def test_revoked(world: World, first: Session, reporter: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop that the newest directory revokes is told so first."""
    signed = reporter.vault.documents.directory()
    me = reporter.vault.identities.require()
    gone = replace(signed, directory=replace(signed.directory, revoked=(me.device,)))
    monkeypatch.setattr(type(reporter.vault.documents), "directory", lambda _: gone)
    assert found(reporter)["membership"] == "problem"


def test_what_waits_to_be_opened(world: World, first: Session) -> None:
    """A coordinator sees how much of whom is kept unopened."""
    second = world.coordinator(first)
    north = world.joiner(first, "north")
    report(north)
    exchange.sync(north)
    second.vault.documents.knows = lambda *_: False  # type: ignore[method-assign]
    exchange.pull(second)
    assert found(second)["inbox"] == "warning"
