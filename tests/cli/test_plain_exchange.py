"""What a sync and a pull say line by line: the words of the sync screen, true at each moment."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.actions import capture, records, writing
from fieldkit.actions.session import Session
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.main import load
from fieldkit.cli.output import Output
from fieldkit.cli.plain.review import review_lines
from fieldkit.cli.verbs import exchange
from fieldkit.cli.verbs.reports import finish
from tests.actions.world import ANSWERS, Template, World, report

FIGURES = re.compile(r"[\d.]+ (bytes|KB|s)\b")
TECHNICAL = ("frame", "lane", "requests", "revision", "incident", "certified", "newly held")
"""Words of those who make the program."""


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


def said(session: Session, verb: str, *, plain: bool = True, dry_run: bool = False) -> tuple[ExitCode, str]:
    """How a verb ended, and everything it said."""
    stream = io.StringIO()
    context = Context(
        home=session.vault.home.folder,
        output=Output(stdout=stream, stderr=stream),
        plain=plain,
        lent=session,
    )
    if verb == "sync":
        code = exchange.sync(context, max_bytes=None, dry_run=dry_run, watch=False)
    else:
        code = exchange.pull(context, watch=False)
    return code, FIGURES.sub(r"N \1", stream.getvalue())


def test_a_report_on_its_way(world: World) -> None:
    """What waits before, what the server confirmed and what waits after, what a coordinator opened."""
    first = world.founder()
    reporter = world.reporter(first)
    report(reporter, title="a")
    report(reporter, title="b")
    code, told = said(reporter, "sync", dry_run=True)
    assert code is ExitCode.OK
    assert told.startswith("2 reports wait: about N ")
    assert told.endswith("Nothing was sent. What waits is kept.\n")
    assert told.count("2 reports wait") == 1

    code, told = said(reporter, "sync")
    assert code is ExitCode.OK
    assert told.startswith("2 reports wait: ")
    assert "2 reports confirmed by the server: received, and signed for.\n" in told
    after = told.rpartition("confirmed by the server")[2]
    assert "Nothing waits to be sent. 2 reports on the server, not delivered to a coordinator yet.\n" in after
    assert re.search(r"^It took N \w+ up, N \w+ down, N s\.$", told, re.MULTILINE)
    assert "delivered to a coordinator.\n" not in told

    _, pulled = said(first, "pull")
    assert "2 new reports came.\n" in pulled
    _, told = said(reporter, "sync")
    assert told.startswith("Nothing waits to be sent.")
    assert "2 reports delivered to a coordinator.\n" in told
    assert "confirmed by the server" not in told
    for words in (told, pulled):
        assert not [word for word in TECHNICAL if word in words.casefold()]
        assert all(line[0].isupper() or line[0].isdigit() or line[0] == "N" for line in words.splitlines())


def test_who_is_not_let_in_yet_is_told_what_to_do(world: World) -> None:
    """The server knows the laptop, nobody else does."""
    first = world.founder()
    newcomer = world.joiner(first, "south")
    for plain in (True, False):
        _, told = said(newcomer, "sync", plain=plain)
        assert "a coordinator still has to let it in" in told
    assert "What to do: " in told


def test_without_it_the_tables_stay(world: World) -> None:
    """The control: the verbs of the command line say what they said."""
    reporter = world.reporter(world.founder())
    report(reporter)
    _, told = said(reporter, "sync", plain=False)
    assert "newly held by the server" in told and "sealed part" in told


def told_by(session: Session, verb: str, *, plain: bool = True) -> str:
    """What `list` prints and says."""
    stream = io.StringIO()
    context = Context(
        home=session.vault.home.folder,
        output=Output(stdout=stream, stderr=stream),
        plain=plain,
        lent=session,
    )
    load(f"reports:{verb}")(context, state=None, limit=50)
    return stream.getvalue()


def test_a_coordinator_sees_who_wrote_what_is_urgent_and_what_is_new(world: World) -> None:
    """In the list, in both forms, and behind a pull; a reporter's own list names nobody."""
    first = world.founder()
    reporter = world.reporter(first)
    report(reporter, title="Shots", urgency="life")
    report(reporter, title="Arrests")
    capture.new_draft(reporter, {"title": "Begun"})
    _, sent = said(reporter, "sync")
    assert "Not finished, so not sent: 3. To finish one: finish 3.\n" in sent
    for plain in (True, False):
        assert "north" not in told_by(reporter, "list_reports", plain=plain)
    _, pulled = said(first, "pull", plain=False)
    assert "New or changed, and not read here yet: 2 reports, 1 of them urgent." in pulled
    spoken = told_by(first, "list_reports")
    assert re.search(r"^\d: Shots \(new\), \w+, URGENT life at risk, .*, by north$", spoken, re.MULTILINE)
    assert re.search(r"^\d: Arrests \(new\), (?!.*URGENT).*, by north$", spoken, re.MULTILINE)
    table = told_by(first, "list_reports", plain=False)
    assert re.search(r"URGENT life at risk .*Shots \(new\).*north$", table, re.MULTILINE)
    records.mark_read(first, 1)
    records.mark_read(first, 2)
    assert "new" not in told_by(first, "list_reports")
    assert "not read here" not in said(first, "pull")[1]


@pytest.mark.parametrize(("account", "warned"), [("Halime saw it.", True), ("S1 saw it.", False)])
def test_a_source_named_where_all_can_read_it(world: World, account: str, warned: bool) -> None:
    """Before it is signed, in lines as in the screens."""
    reporter = world.reporter(world.founder())
    source = {"src": "S1", "src_name": "Halime Sample"}
    number = capture.new_draft(reporter, {**ANSWERS, "narrative": account, "sources": [source]}).number
    looked_over = "\n".join(review_lines(writing.review(reporter, number), 80))
    assert ("LOOK AGAIN: 'Halime' is in the identity of S1" in looked_over) is warned
    stream = io.StringIO()
    context = Context(
        home=reporter.vault.home.folder, output=Output(stdout=stream, stderr=stream), lent=reporter
    )
    assert finish(context, ref=str(number), bring_back=False) is ExitCode.OK
    assert ("LOOK AGAIN: 'Halime'" in stream.getvalue()) is warned


def test_an_empty_list_says_so(world: World) -> None:
    """Silence would be taken for a fault."""
    assert told_by(world.founder(), "list_reports") == "There are no reports yet.\n"


def test_a_second_exchange_of_one_session(world: World) -> None:
    """Looking at the link ends no connection of the session that goes on."""
    reporter = world.reporter(world.founder())
    for _ in range(2):
        assert said(reporter, "sync")[0] is ExitCode.OK


def test_finish_says_what_comes_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed, not sent: and what sends it."""
    reporter = world.reporter(world.founder())
    number = capture.new_draft(reporter, dict(ANSWERS)).number
    stream = io.StringIO()
    lines = iter(["yes"])
    output = Output(stdout=stream, stderr=stream)
    context = Context(home=reporter.vault.home.folder, output=output, plain=True, lent=reporter)
    monkeypatch.setattr("fieldkit.cli.plain.lines.Typed.line", lambda typed: next(lines))
    assert finish(context, ref=str(number), bring_back=False) is ExitCode.OK
    told = FIGURES.sub(r"N \1", stream.getvalue())
    assert f"Report {number} is finished: it is signed, and waits on this laptop to be sent.\n" in told
    assert told.endswith("to send. To send it: sync.\n")
