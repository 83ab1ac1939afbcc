"""The screens of docs/reporter-guide.md, drawn by the program itself: `make guide` writes them.

One report goes its whole way on a real vault with a real server. What differs each time (words, keys, times)
is replaced by something of the same width.
"""

from __future__ import annotations

import asyncio
import io
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

from fieldkit.actions import capture, enrol, exchange, unlock, writing
from fieldkit.cli.plain.lines import Lines
from fieldkit.cli.plain.writing import write
from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.desks.door import HomeDoor
from fieldkit.tui.key_names import keys_name
from fieldkit.tui.keymap_file import bindings
from fieldkit.vault.keyslots import FLOOR_COST
from tests.support.server import start_server
from tests.tui.showing import Watch, settle, text_of, wait_for

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "reporter-guide.md"
PASSPHRASE = "orbit lantern maple quilt harbor tunnel"
SIX = "copper willow ladder magnet orchid canyon"
EIGHT = ("drift", "answer", "drawer", "cross", "panda", "iris", "splash", "rinse")

_WORD = re.compile(r"\b([1-8]) [a-z]+ *(?=[1-8] [a-z]|$)", re.MULTILINE)


def _word(found: re.Match[str]) -> str:
    """A word of a fingerprint, in the width that stood there."""
    word = f"{found[1]} {EIGHT[int(found[1]) - 1]}"
    return word.ljust(len(found[0])) if found[0].endswith(" ") else word


_HEAD = re.compile(
    r"(waiting ·) (?:last sync just now|last sync \d+ min ago|synced \d+ min ago|sending|connecting)"
    r" +(locks in)"
)
"""How lately an exchange was, in the line above every screen: the machine may be slow."""

REPLACED: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"saved \d\d:\d\d:\d\d"), "saved 10:30:00"),
    (re.compile(r"reporter-[0-9a-f]{4}"), "reporter-3fa2"),
    (re.compile(r"coordinator [0-9a-f]{8}"), "coordinator 16a0e11f"),
    (re.compile(r"good until .*"), "good until 7 December 2026."),
    (_WORD, _word),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:46153"),
    (_HEAD, r"\1 last sync just now   \2"),
    (re.compile(r"Last success .*"), "Last success just now."),
    (re.compile(r"The last exchange, .*:"), "The last exchange, just now:"),
    (re.compile(r"it took .*"), "it took 2.4 KB up, 881 bytes down, 0.2 s"),
    (re.compile(r"Folder: .*"), "Folder: the folder of your vault"),
    (re.compile(r"(\d+) s at .*"), r"\1 s at 2 KB a second, a bad link."),
    (re.compile(r"^( {6,})[a-z]+(?: [a-z]+){5}$", re.MULTILINE), rf"\1{SIX}"),
)
"""What is never the same, and what stands there instead."""

LINES = ("Arrests at night", "arrest", "about 3 Aug 2026", "<", "", "", "Aleppo", "", "")


async def screens() -> dict[str, str]:
    """Every screen of the guide by its name."""
    with tempfile.TemporaryDirectory() as folder, _organisation(Path(folder)) as invite:
        home = Path(folder) / "notebook"
        app = FieldkitApp(HomeDoor(home), uptime=Watch())
        with patch("fieldkit.actions.unlock.affordable", lambda: FLOOR_COST):
            async with app.run_test(size=(80, 24)) as pilot:
                return {name: _same(text) for name, text in [step async for step in _way(pilot, invite)]}


@contextmanager
def _organisation(folder: Path) -> Iterator[Path]:
    """A server, a coordinator, and a file with an invite."""
    server = start_server(folder)
    try:
        with unlock.initialise(folder / "desk", PASSPHRASE, cost=FLOOR_COST) as session:
            enrol.create_organisation(
                session, "Synthetic observers", server.ticket_text(), pseudonym="desk-1"
            )
            invited = enrol.invite(session, "reporter", "north-7")
            exchange.sync(session)
        (folder / "invite.txt").write_text(invited.text)
        yield folder / "invite.txt"
    finally:
        server.stop()


async def _way(pilot: Pilot[None], invite: Path) -> AsyncIterator[tuple[str, str]]:
    """From the first start to ✓✓."""
    for part in (_enter(pilot, invite), _write(pilot), _send(pilot, invite)):
        async for step in part:
            yield step


async def _enter(pilot: Pilot[None], invite: Path) -> AsyncIterator[tuple[str, str]]:
    """A vault, and into the organisation."""
    yield "first", await _shown(pilot, "Welcome")
    await pilot.press("enter")
    yield "words", await _shown(pilot, "six words")
    await _type(pilot, PASSPHRASE, "enter")
    await _shown(pilot, "once more")
    await _type(pilot, PASSPHRASE, "enter")
    await _shown(pilot, "Recovery words")
    await pilot.press("escape")
    await _shown(pilot, "An invite is")
    await _type(pilot, str(invite), "enter")
    yield "join", await _shown(pilot, "You would join")
    await _type(pilot, "north-7", "enter")
    await _shown(pilot, "belongs to an organisation")
    await pilot.press("enter")
    await _shown(pilot, "No reports yet")


async def _write(pilot: Pilot[None]) -> AsyncIterator[tuple[str, str]]:
    """Quick capture, the form, the review."""
    await pilot.press("n")
    await _shown(pilot, "Account")
    for words in ("Arrests at night", "about 3 Aug 2026", "Aleppo", "Sample Town"):
        await _type(pilot, words, "tab")
    await _type(pilot, "Soldiers came at dusk. S1 counted more than twenty people.")
    yield "capture", await _shown(pilot, "saved ", "more than twenty")
    await pilot.press("f6")
    await _shown(pilot, "page 1 of")
    await pilot.press("f4")
    await _shown(pilot, "page 1 of", "Problem 1")
    await _type(pilot, "arrest", "enter")
    yield "form", await _shown(pilot, "nothing required is missing", "saved ")
    await pilot.press("f9")
    yield "review", await _shown(pilot, "READY")


async def _send(pilot: Pilot[None], invite: Path) -> AsyncIterator[tuple[str, str]]:
    """Finish, send, and what the next sync brings."""
    await pilot.press("f9")
    await _shown(pilot, "Finish?")
    await pilot.press("f9")
    await _shown(pilot, "FINISHED")
    await pilot.press("f5")
    await _shown(pilot, "1 report waits")
    yield "sync", await _shown(pilot, "not sent yet")
    await pilot.press("s")
    await _shown(pilot, "confirmed by the server")
    await asyncio.to_thread(_coordinate, invite.parent)
    await pilot.press("s")
    await _shown(pilot, "delivered to a coordinator")
    await pilot.press("escape")
    await _shown(pilot, "FINISHED")
    await pilot.press("escape")
    yield "delivered", await _shown(pilot, "✓✓ delivered")


def _coordinate(folder: Path) -> None:
    with unlock.unlock(folder / "desk", PASSPHRASE) as session:
        exchange.sync(session)
        exchange.pull(session)


async def _type(pilot: Pilot[None], text: str, *keys: str) -> None:
    names = {" ": "space", ".": "full_stop", "/": "slash", "-": "minus", "_": "underscore"}
    await pilot.press(*(names.get(letter, letter) for letter in text), *keys)
    await pilot.pause()


async def _shown(pilot: Pilot[None], *texts: str) -> str:
    await wait_for(pilot, lambda: all(text in text_of(pilot) for text in texts))
    await settle(pilot)
    return text_of(pilot)


def _same(text: str) -> str:
    for pattern, instead in REPLACED:
        text = pattern.sub(instead, text)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def plain() -> str:
    """A conversation in plain mode, what is typed behind each question."""
    said = io.StringIO()
    typed = list(LINES)

    def line() -> str:
        following = typed.pop(0) if typed else "."
        said.write(following + "\n")
        return following

    with (
        tempfile.TemporaryDirectory() as folder,
        unlock.initialise(Path(folder) / "v", PASSPHRASE, cost=FLOOR_COST) as session,
    ):
        capture.new_draft(session, {"title": "An older one"})
        write(session, Lines(said, line, columns=79), writing.begin(session))
    return "\n".join(line.rstrip() for line in said.getvalue().rstrip("\n").split("\n"))


def keys() -> str:
    """Every binding by its id."""
    rows = [
        f"| `{name}` | {keys_name(made.key)} | {made.tooltip or made.description} |"
        for name, made in sorted(bindings().items())
    ]
    return "\n".join(("| action | key | does |", "|---|---|---|", *rows))


def written(text: str, drawn: Mapping[str, str]) -> str:
    """The guide with these screens, and with the conversation and the keys of today."""
    for name, picture in {
        **{f"screen: {name}": shown for name, shown in drawn.items()},
        "lines": plain(),
    }.items():
        text = _placed(text, name, f"```text\n{picture}\n```")
    return _placed(text, "keys", keys())


def _placed(text: str, mark: str, content: str) -> str:
    begin, end = f"<!-- {mark} -->", "<!-- end -->"
    if begin not in text:
        raise ValueError(f"the guide has no place {begin}")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{content}\n{end}{after}"


def marks(text: str) -> Sequence[str]:
    """The screens that the guide wants."""
    return re.findall(r"<!-- screen: (\w+) -->", text)


if __name__ == "__main__":
    GUIDE.write_text(written(GUIDE.read_text("utf-8"), asyncio.run(screens())), "utf-8")
