"""Every look can be read: without colours, with few, in high contrast, where the locale is the simplest."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from textual.pilot import Pilot

from fieldkit.actions import unlock, writing
from fieldkit.tui.appearance import CONTRAST, LOOKS, Look, choose_look
from fieldkit.tui.widgets.scrolling import ABOVE, BELOW, Scrolling
from fieldkit.vault.keyslots import FLOOR_COST
from tests.support.pty_program import pty_program
from tests.tui.desk import MemoryDoor
from tests.tui.showing import settle, showing, text_of

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"
CODES = re.compile(r"\x1b\[([\d;]*)m")
COLOURS = frozenset({*range(30, 39), *range(40, 49), *range(90, 108)})
UNDERLINED = 4
SIGNS = re.compile(f"{ABOVE}|{BELOW}")
ENOUGH = 7.0
"""WCAG's enhanced contrast of text: 7 to 1."""

pty_only = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with one draft, its title in two scripts."""
    folder = tmp_path_factory.mktemp("home") / "vault"
    with unlock.initialise(folder, PASSPHRASE, cost=FLOOR_COST) as session:
        writing.begin(session, {"title": "Shots حلب", "gov": "Aleppo"})
    return folder


def codes(output: bytes) -> set[int]:
    """Everything a program said of how text is to look."""
    found = CODES.findall(output.decode(errors="replace"))
    return {int(code) for codes in found for code in codes.split(";") if code}


@pty_only
@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "SSH_CONNECTION": "x"}, False),
        ({"TERM": "vt100", "LC_ALL": "C"}, None),
        ({"TERM": "linux", "LC_ALL": "C"}, None),
        ({}, True),
    ],
    ids=["NO_COLOR", "NO_COLOR over SSH", "vt100", "linux", "the control"],
)
def test_simple_terminals(home: Path, environment: dict[str, str], coloured: bool | None) -> None:
    """A field shows by a line below it; and who wants no colour is sent none, not even greys."""
    with pty_program(["--home", str(home)], environment=environment) as program:
        program.wait_for("passphrase")
        program.quiet()
        program.send(PASSPHRASE.encode() + b"\r")
        program.wait_for("Shots")
        program.quiet()
        said = codes(bytes(program.output))
    assert (UNDERLINED in said) is (coloured is not True)
    if coloured is not None:
        assert bool(said & COLOURS) is coloured


@pty_only
def test_plain_where_only_ascii_can_be_shown(home: Path) -> None:
    """Letters that the terminal cannot show are told by their number; nothing breaks."""
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with pty_program(["--plain", "--home", str(home), "list"], environment=ascii_only) as program:
        program.wait_for("Passphrase: ")
        program.send(PASSPHRASE.encode() + b"\n")
        assert program.ended() == 0
        assert b"Shots \\u062d\\u0644\\u0628" in program.output
        assert max(program.output) < 0x80


def contrasts(pilot: Pilot[None]) -> dict[str, float]:
    """How far each piece of text on a screen stands out from its ground."""
    found: dict[str, float] = {}
    for strip in pilot.app.screen._compositor.render_strips():
        for text, style, _ in strip:
            if text.strip(" ▌▔▁▎▊▇") and style is not None and style.color and style.bgcolor:
                ink, ground = sorted(map(luminance, (style.color, style.bgcolor)))
                found[text.strip()] = min(found.get(text.strip(), 99.0), (ground + 0.05) / (ink + 0.05))
    return found


def luminance(colour: RichColor) -> float:
    """WCAG's relative luminance."""
    parts = (part / 255 for part in colour.get_truecolor())
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.anyio
async def test_high_contrast_is_high() -> None:
    """Every word of the first screen, the list and the form, hints and placeholders too."""
    async with showing(MemoryDoor(), unlock=False, look=Look(theme=CONTRAST)) as pilot:
        weak = {text: ratio for text, ratio in contrasts(pilot).items() if ratio < ENOUGH}
        assert weak == {}
    async with showing(MemoryDoor(), look=Look(theme=CONTRAST), size=(100, 40)) as pilot:
        for key in ("slash", "escape", "n"):
            await pilot.press(key)
            await settle(pilot)
            found = contrasts(pilot)
            assert len(found) > 5
            assert {text: ratio for text, ratio in found.items() if ratio < ENOUGH} == {}


@pytest.mark.anyio
async def test_quiet_looks_are_not() -> None:
    """The control: the measure tells looks apart."""
    async with showing(MemoryDoor(), unlock=False) as pilot:
        assert min(contrasts(pilot).values()) < ENOUGH


PAGES = {"a report": ["enter"], "its history": ["enter", "h"], "help": ["f1"]}


@pytest.mark.anyio
@pytest.mark.parametrize("keys", PAGES.values(), ids=PAGES)
async def test_cheap_look_says_the_same(keys: list[str]) -> None:
    """Over SSH, or without colours, a page that scrolls has every word it has elsewhere."""
    said = []
    for look in (Look(), Look(low_bandwidth=True)):
        async with showing(MemoryDoor(), look=look, size=(100, 60)) as pilot:
            for key in keys:
                await pilot.press(key)
                await settle(pilot)
            said.append(text_of(pilot).split())
    assert len(said[0]) > 30
    assert said[1] == said[0]


@pytest.mark.anyio
@pytest.mark.parametrize("keys", [*PAGES.values(), ["n"]], ids=[*PAGES, "a form's page"])
async def test_cheap_look_tells_that_more_follows(keys: list[str]) -> None:
    """Without a bar a sign does, at the end where there is more; none once all of the page is in sight."""
    async with showing(MemoryDoor(), look=Look(low_bandwidth=True), size=(80, 9)) as pilot:
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        page = pilot.app.screen.query_one(Scrolling)
        room = page.max_scroll_y
        assert room > 1
        for lines, signs in [(0, [BELOW]), (1, [ABOVE, BELOW]), (room - 1, [ABOVE, BELOW]), (room, [ABOVE])]:
            page.scroll_to(y=lines, animate=False)
            await settle(pilot)
            assert SIGNS.findall(text_of(pilot)) == signs, lines
        await pilot.resize_terminal(80, 60)
        await settle(pilot)
        assert page.max_scroll_y == 0
        assert SIGNS.findall(text_of(pilot)) == []


@pytest.mark.anyio
async def test_other_looks_keep_their_bar() -> None:
    """The control: a sign is not drawn over it."""
    async with showing(MemoryDoor(), size=(80, 9)) as pilot:
        await pilot.press("f1")
        await settle(pilot)
        page = pilot.app.screen.query_one(Scrolling)
        assert page.max_scroll_y > 0
        assert page.vertical_scrollbar.region.area > 0
        assert SIGNS.findall(text_of(pilot)) == []


@pytest.mark.parametrize("theme", LOOKS)
def test_no_colour_wins(theme: str) -> None:
    """Over every look, and over a wish for the rich display; an empty variable means nothing."""
    assert choose_look({"NO_COLOR": "1"}, theme=theme, low_bandwidth=False).low_bandwidth
    assert choose_look({"NO_COLOR": ""}, theme=theme) == Look(theme=theme)
