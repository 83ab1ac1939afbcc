"""A report written in lines: every answer is in the vault before the next question."""

from __future__ import annotations

import errno
import io
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldkit.actions import unlock, writing
from fieldkit.actions.errors import InputProblem
from fieldkit.actions.session import Session
from fieldkit.cli.plain.lines import Ended, Lines, ending_on_signals
from fieldkit.cli.plain.writing import write
from fieldkit.model.values import Answers
from fieldkit.vault.keyslots import FLOOR_COST
from tests.actions.world import Template, World

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One open vault."""
    with unlock.initialise(tmp_path_factory.mktemp("home") / "v", PASSPHRASE, cost=FLOOR_COST) as opened:
        yield opened


class Person:
    """Types lines one after the other, then is gone; looks into the vault before each."""

    def __init__(self, session: Session, *typed: str | BaseException) -> None:
        self._session = session
        self._typed = list(typed)
        self.stored: list[Answers] = []
        self.said = io.StringIO()
        self.number = 0

    def line(self) -> str:
        """The next line."""
        if self.number and self._session.vault.drafts.has(self.number):
            self.stored.append(self._session.vault.drafts.load(self.number).draft.answers)
        if not self._typed:
            raise Ended
        following = self._typed.pop(0)
        if isinstance(following, BaseException):
            raise following
        return following

    def write(self, ref: str | None = None) -> int | None:
        """Write a report so; the number it ends up in."""
        begun = writing.begin(self._session) if ref is None else writing.open_report(self._session, ref)
        self.number = begun.number
        return write(self._session, Lines(self.said, self.line, columns=70), begun)

    @property
    def answers(self) -> Answers:
        """What the vault holds now."""
        return self._session.vault.drafts.load(self.number).draft.answers


def test_each_answer_is_stored_before_the_next_question(session: Session) -> None:
    """When a question is asked, the answer before it is in the vault, and `Saved.` was said of it."""
    person = Person(session, "Arrests at night", "3", "3 Aug 2026", ".")
    person.write()
    assert [len(answers) for answers in person.stored] == [0, 1, 2, 3]
    assert person.stored[-1]["title"] == "Arrests at night"
    assert person.stored[-1]["kind"] == ["arrest"]
    assert person.said.getvalue().count("Saved.") == 3
    assert "Read as: Arrest or detention." in person.said.getvalue()


def test_back_keep_and_take_out(session: Session) -> None:
    """`<` goes back, Enter keeps, `-` takes out, a sign behind a backslash is an answer."""
    person = Person(session, "First", "<", "", "", "<", "<", "-", "\\<", ".")
    person.write()
    assert person.answers == {"title": "<"}
    assert person.stored[-2] == {}
    assert "Taken out. Type another answer" in person.said.getvalue()
    assert "Title (required) [First]:" in person.said.getvalue()


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        ("3", ["arrest"]),
        ("1, 3", ["abduction", "arrest"]),
        ("1 3", ["abduction", "arrest"]),
        ("air, arrest", ["air_strike", "arrest"]),
        ("اعتقال", ["arrest"]),
    ],
)
def test_choices(session: Session, typed: str, kinds: list[str]) -> None:
    """By number, by a part of the words, in any language."""
    person = Person(session, "", typed, ".")
    person.write()
    assert person.answers["kind"] == kinds


def test_choices_are_added_and_taken_away(session: Session) -> None:
    """A plus adds to those chosen, a minus takes away."""
    person = Person(session, "", "arrest", "<", "+killing, -arrest", ".")
    person.write()
    assert person.answers["kind"] == ["killing"]


def test_what_fits_several_changes_nothing(session: Session) -> None:
    """An unclear word is asked again with what it fits, and nothing is written."""
    person = Person(session, "", "ar", "..", ".")
    person.write()
    assert "fits several: " in person.said.getvalue()
    assert person.stored[2] == {}


def test_a_problem_is_told_at_once_and_kept(session: Session) -> None:
    """What cannot be read is told, kept as typed and stored; Enter leaves it so."""
    person = Person(session, "", "", "the day after", "", ".")
    person.write()
    stored = session.vault.drafts.load(person.number)
    assert stored.draft.unread == {("start",): "the day after"}
    assert "To be mended: " in person.said.getvalue()
    assert "When it ended" in person.said.getvalue().rpartition("To be mended: ")[2]


def test_help_names_what_is_expected(session: Session) -> None:
    """`?` tells what the question asks, how to answer, and the signs; then asks again."""
    person = Person(session, "", "", "?", ".")
    person.write(str(writing.begin(session, {"title": "kept"}).number))
    told = person.said.getvalue()
    assert "3 Aug 2026, 2026-10" in told
    assert "go to the next problem" in told
    assert told.count("When it began (required):") == 2


def test_long_text_is_stored_line_by_line(session: Session) -> None:
    """Each line of a long text is in the vault before the next; lines can be replaced and taken out."""
    begun = writing.begin(session, {"title": "A", "kind": ["arrest"], "start": "2026", "gov": "Aleppo"})
    typed = ["!", "At dusk.", "Soldiers came.", "", "They left.", "@2 Ten soldiers came.", "@1", ".", "."]
    person = Person(session, *typed)
    person.write(str(begun.number))
    texts = [answers.get("narrative") for answers in person.stored]
    assert texts[2:4] == ["At dusk.", "At dusk.\nSoldiers came."]
    assert person.answers["narrative"] == "Ten soldiers came.\n\nThey left."


def test_a_long_text_is_not_taken_out_by_a_slip(session: Session) -> None:
    """Several lines go only after a yes; then the question is asked again, and `/u` brings them back."""
    typed = ["!", "One.", "Two.", ".", "<", "-", "perhaps", "no", "?", "-", "yes", "/u", "."]
    begun = writing.begin(session, {"title": "A", "kind": ["arrest"], "start": "2026", "gov": "Aleppo"})
    person = Person(session, *typed)
    person.write(str(begun.number))
    said = person.said.getvalue()
    assert person.answers["narrative"] == "One.\nTwo."
    assert "Neither was understood." in said and "Nothing was changed." in said
    assert "1: One.\n2: Two.\n" in said
    assert {} in [{name: a for name, a in one.items() if name == "narrative"} for one in person.stored[5:]]


def test_items(session: Session) -> None:
    """Items are added, opened, copied, moved, taken out, and brought back."""
    pages = [page.name for page in writing.begin(session).writer.pages()]
    turns = [">>"] * pages.index("victims")
    acts = ["a", "", "person", "", "Example Name", "<<", "c 1", "m 2 1", "d 2", "/u", "d 9", "x", "."]
    person = Person(session, *turns, *acts)
    person.write()
    victims = person.answers["victims"]
    assert isinstance(victims, list)
    assert [victim.get("vic") for victim in victims if isinstance(victim, dict)] == ["V2", "V1"]
    assert [victim.get("v_name") for victim in victims if isinstance(victim, dict)] == ["Example Name"] * 2
    told = person.said.getvalue()
    assert "There is no such number: there are 1 to 2." in told
    assert "x: nothing was changed." in told


def test_every_question_is_asked_once(session: Session) -> None:
    """With Enter alone one comes by every question that stands in no repeat, once each, and to the end."""
    begun = writing.begin(session, {"title": "kept"})
    asked = [
        field.label
        for page in begun.writer.pages()
        if not page.repeat
        for field in begun.writer.fields(page.name)
    ]
    person = Person(session, *[""] * 200)
    assert person.write(str(begun.number)) == begun.number
    told = person.said.getvalue()
    assert len(person.stored) == len(asked) + sum(page.repeat for page in begun.writer.pages())
    for label in asked:
        assert label in told


@pytest.mark.parametrize("end", [Ended(), KeyboardInterrupt()], ids=["end of input", "Ctrl-C"])
def test_the_end_leaves_everything_saved(session: Session, end: BaseException) -> None:
    """However it stops, what was entered is in the vault, and that is said with the number."""
    person = Person(session, "A title", "arrest", end)
    with pytest.raises(type(end)):
        person.write()
    assert person.answers == {"title": "A title", "kind": ["arrest"]}
    assert f"Everything you entered is saved: report {person.number}" in person.said.getvalue()


def test_nothing_written_leaves_no_report(session: Session) -> None:
    """A report in which nothing was written is not kept, and that is said."""
    person = Person(session, "", ".")
    assert person.write() is None
    assert not session.vault.drafts.has(person.number)
    assert "there is no report" in person.said.getvalue()


def test_a_finished_report_left_as_it_was(tmp_path: Path) -> None:
    """No draft is left of it, and it is said; the control changes one answer and keeps the draft."""
    world = World(tmp_path, Template.make(tmp_path / "template"))
    reporter = world.reporter(world.founder())
    filled = {"title": "One", "kind": "arrest", "start": "2026", "gov": "Aleppo", "narrative": "n"}
    number = writing.finish(reporter, writing.begin(reporter, filled).number).number
    looked, gone, changed = (
        Person(reporter, "."),
        Person(reporter),
        Person(reporter, "Two", "."),
    )
    assert looked.write(str(number)) is None
    assert "Nothing was changed" in looked.said.getvalue()
    with pytest.raises(Ended):
        gone.write(str(number))
    assert "Nothing was changed" in gone.said.getvalue() and "a draft on this" not in gone.said.getvalue()
    assert not reporter.vault.drafts.has(number)
    assert changed.write(str(number)) == number and reporter.vault.drafts.has(number)
    world.close()


def test_a_failed_save_is_never_called_saved(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk: it says NOT SAVED, and stores it with the next line once there is room."""
    store, full = writing.store, [True, True]

    def failing(*arguments: object) -> int:
        if full:
            full.pop()
            raise InputProblem("the disk is full", "make room")
        return store(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "store", failing)
    person = Person(session, "A title", "arrest", "2026", ".")
    person.write()
    told = person.said.getvalue()
    assert told.count("NOT SAVED: The disk is full. Make room.") == 2
    assert told.index("Saved.") > told.rindex("NOT SAVED")
    assert person.stored[2] == {}
    assert set(person.answers) == {"title", "kind", "start"}


def test_a_draft_changed_elsewhere_is_kept_apart(session: Session) -> None:
    """What was written here goes into a report of its own, and its number is told."""
    begun = writing.begin(session, {"title": "Mine"})
    other = writing.open_report(session, str(begun.number))
    here = writing.open_report(session, str(begun.number))
    other.writer.write(("title",), "Theirs")
    writing.store(session, other.number, other.writer.snapshot())
    person = Person(session, "Mine still", ".")
    number = write(session, Lines(person.said, person.line, columns=70), here)
    assert number is not None and number != begun.number
    assert session.vault.drafts.load(begun.number).draft.answers["title"] == "Theirs"
    assert session.vault.drafts.load(number).draft.answers["title"] == "Mine still"
    assert f"report {number}" in person.said.getvalue()


class Gone(io.StringIO):
    """A terminal that is no longer there once it went."""

    gone = False

    def write(self, text: str) -> int:
        """Fail as the system does."""
        if self.gone:
            raise OSError(errno.EIO, "Input/output error")
        return super().write(text)


@pytest.mark.parametrize("signals", [("SIGHUP", "SIGTERM"), ("SIGTERM",), ()])
def test_a_terminal_that_goes_while_an_answer_is_stored(
    session: Session, monkeypatch: pytest.MonkeyPatch, signals: tuple[str, ...]
) -> None:
    """With the signals that come then, in the middle of the store, or none: the answer is in the vault."""
    person = Person(session, "Arrests at night", "3")
    person.said = Gone()
    drafts = session.vault.drafts
    put, came = drafts.put, list(signals)

    def interrupted(*given: Any, **named: Any) -> Any:
        person.said.gone = True  # type: ignore[attr-defined]
        while came:
            os.kill(os.getpid(), getattr(signal, came.pop(0)))
        return put(*given, **named)

    monkeypatch.setattr(drafts, "put", interrupted)
    with ending_on_signals(), pytest.raises((Ended, OSError)):
        person.write()
    assert not came
    assert person.answers["title"] == "Arrests at night"


def test_a_changed_report_looked_at_again_is_still_a_draft(tmp_path: Path) -> None:
    """Nothing is written this time, and yet nobody is told that the report is as it was finished."""
    world = World(tmp_path, Template.make(tmp_path / "template"))
    reporter = world.reporter(world.founder())
    filled = {"title": "One", "kind": "arrest", "start": "2026", "gov": "Aleppo", "narrative": "n"}
    number = writing.finish(reporter, writing.begin(reporter, filled).number).number
    assert Person(reporter, "Two", ".").write(str(number)) == number
    looked = Person(reporter, ".")
    assert looked.write(str(number)) == number
    assert "as it was finished" not in looked.said.getvalue()
    world.close()
