"""Joining in a conversation: an invite as it came, its words compared, and only then the server."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from fieldkit.actions import enrol, exchange, joining_later
from fieldkit.actions.errors import InputProblem
from fieldkit.actions.organisation import organisation
from fieldkit.actions.session import Session
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.invited import read_invite
from fieldkit.cli.output import Output
from fieldkit.cli.plain.lines import Ended
from fieldkit.cli.verbs.organisation import join
from sync.client.errors import Break, LinkError
from tests.actions.world import Template, World
from tests.cli.program import run_plain


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """An empty vault to copy."""
    return Template.make(tmp_path_factory.mktemp("template") / "home")


@pytest.fixture
def world(tmp_path: Path, template: Template) -> Iterator[World]:
    """A server and whoever talks to it."""
    made = World(tmp_path, template)
    yield made
    made.close()


@pytest.fixture
def invite(world: World) -> str:
    """One that the server knows."""
    first = world.founder()
    text = enrol.invite(first, "reporter", "south").text
    exchange.sync(first)
    return text


def desk(session: Session, *typed: str) -> tuple[Context, io.StringIO]:
    """A conversation in which these lines are typed; what is said in it."""
    said, waiting = io.StringIO(), iter(typed)

    def line() -> str:
        following = next(waiting, None)
        if following is None:
            raise Ended
        return following

    context = Context(
        home=session.vault.home.folder,
        output=Output(stdout=said, stderr=said, prompted=True),
        plain=True,
        lent=session,
        typed=cast("Any", SimpleNamespace(line=line)),
    )
    return context, said


def pieces(text: str) -> list[str]:
    """As a mail breaks it."""
    return [text[start : start + 50] for start in range(0, len(text), 50)]


def test_the_words_come_before_anything_is_sent(world: World, invite: str) -> None:
    """A yes to the words joins, with the pseudonym that was asked for; the words are those of the inviter."""
    session = world.laptop("south")
    context, said = desk(session, invite, "perhaps", "yes", "south-4")
    assert join(context, invite=None, pseudonym=None, yes=False) is ExitCode.OK
    told = said.getvalue()
    assert told.index("Nothing has been sent yet") < told.index("Are all of them the same?")
    for number, word in enumerate(organisation(world.sessions[0]).fingerprint, start=1):
        assert f"{number} {word}" in told
    assert session.vault.identities.require().pseudonym == "south-4"
    assert "Next: `sync` asks" in told


def test_words_that_differ_join_nothing(world: World, invite: str) -> None:
    """A no ends it, says what to do, and not a byte has left."""
    session = world.laptop("south")
    context, _ = desk(session, "no")
    with pytest.raises(CliFault) as fault:
        join(context, invite=invite, pseudonym=None, yes=False)
    assert fault.value.code is ExitCode.INPUT and "by voice" in fault.value.hint
    assert session.vault.identities.load() is None


def test_without_a_link_the_invite_is_kept(
    world: World, invite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the screens: it is said, and the next exchange joins with it."""
    session = world.laptop("south")
    with monkeypatch.context() as patched:

        def gone(*_: object) -> None:
            raise LinkError(Break.UNREACHABLE)

        patched.setattr(session, "connect", gone)
        context, said = desk(session, "yes", "")
        assert join(context, invite=invite, pseudonym=None, yes=False) is ExitCode.PARTIAL
        assert "The invite is kept in this vault" in said.getvalue()
    assert joining_later.kept_invite(session) is not None
    exchange.sync(session)
    assert session.vault.identities.require().pseudonym.startswith("reporter-")


@pytest.mark.parametrize("how", ["whole", "pieces", "again", "file", "spaced"])
def test_an_invite_however_it_came(world: World, invite: str, tmp_path: Path, how: str) -> None:
    """In lines, mistyped and then whole, in a file."""
    (tmp_path / "invite.txt").write_text("\n".join(pieces(invite)) + "\n")
    typed = {
        "whole": [invite],
        "pieces": pieces(invite),
        "again": [invite[:-3] + "abc", invite],
        "file": [str(tmp_path / "invite.txt")],
        "spaced": [f"  {part} " for part in pieces(invite)],
    }[how]
    context, said = desk(world.laptop("south"), *typed)
    assert "".join(read_invite(context, None, alone=True).split()) == invite
    assert ("no whole invite yet" in said.getvalue()) is (len(typed) > 1)


def test_the_rest_of_an_invite_given_with_the_verb(world: World, invite: str) -> None:
    """Pasted behind the verb, or alone, where each break ends a line."""
    first, *rest = pieces(invite)
    context, _ = desk(world.laptop("south"), *rest)
    assert read_invite(context, first, alone=True) == invite


def test_no_invite_is_told_before_a_name_is_asked_for(world: World) -> None:
    """Also with `--yes`."""
    context, said = desk(world.laptop("south"), "")
    with pytest.raises(InputProblem):
        join(context, invite="please", pseudonym=None, yes=True)
    assert "pseudonym" not in said.getvalue()


def test_a_cut_invite_is_given_up(world: World, invite: str) -> None:
    """Enter alone ends it: what came is told to be no invite, and nothing else happens."""
    context, _ = desk(world.laptop("south"), invite[:60], "")
    with pytest.raises(InputProblem, match="mistyped or cut"):
        join(context, invite=None, pseudonym=None, yes=False)
    context, _ = desk(world.laptop("west"), "")
    with pytest.raises(CliFault, match="got an empty line"):
        join(context, invite=None, pseudonym=None, yes=False)


def test_a_pipe(monkeypatch: pytest.MonkeyPatch, invite: str, tmp_path: Path) -> None:
    """Standard input may be broken too; with a name to come behind it, it is one line. A file is read."""
    context = Context(home=tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(pieces(invite))))
    assert read_invite(context, None, alone=True) == invite
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{invite}\nsouth-4\n"))
    assert read_invite(context, "-", alone=False) == invite
    (tmp_path / "invite.txt").write_text(f"{invite}\n")
    assert read_invite(context, str(tmp_path / "invite.txt"), alone=True) == invite
    assert read_invite(context, invite, alone=True) == invite


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It is told as a file, and not as a bad invite."""
    ran = run_plain("--home", str(tmp_path), "join", str(tmp_path / "none.txt"))
    assert ran.code is ExitCode.INPUT and "No such file" in ran.err
