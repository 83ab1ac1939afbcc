"""Keys of one's own: what is taken, what is told with its line, and that the screens follow."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from textual.binding import Binding

from fieldkit.tui import keymap
from fieldkit.tui.commands import commands_of
from fieldkit.tui.desks.manner import manner_of
from fieldkit.tui.keymap_file import bindings, read_key, read_keymap
from fieldkit.tui.screens.unlock import UnlockScreen
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.showing import settle, showing, text_of, wait_for

pytestmark = pytest.mark.anyio

KEYS = [
    ("f3", "f3"),
    ("F12", "f12"),
    ("^S", "ctrl+s"),
    ("Ctrl+S", "ctrl+s"),
    ("alt+Up", "alt+up"),
    ("PgUp", "pageup"),
    ("esc", "escape"),
    ("shift+ctrl+f5", "ctrl+shift+f5"),
    ("/", "slash"),
    ("x", "x"),
    ("X", "X"),
    ("f99", None),
    ("ctrl+", None),
    ("hyper+x", None),
    ("ctrl+ctrl+x", None),
    ("word", None),
    ("", None),
]

GOOD = """
# comments and empty lines are passed over
list.find = "g"            # a letter, in the list
program.lock = "f8, ctrl+l"
form.save="ctrl+s"
"""

BAD = [
    ("list.fnid = 'f3'", 1, "expected a line"),
    ('\nlist.fnid = "f3"', 2, "there is no action list.fnid; there are "),
    ('list.find = "hyper+x"', 1, "there is no key 'hyper+x'"),
    ('list.find = ""', 1, "expected one to 4 keys"),
    ('list.find = "ctrl+i"', 1, "^I is Tab to every terminal"),
    ('program.lock = "l"', 1, "l is typed into fields there"),
    ('form.leave = "l"', 1, "l is typed into fields there"),
    ('list.find = "f3"\nlist.find = "f4"', 2, "list.find has keys already, on line 1"),
    ('list.find = "f8"', 1, "F8 is program.lock already"),
    ('program.lock = "f2"', 1, "F2 is form.save already"),
    ('form.save = "f4"', 1, "F4 is form.problem_on already"),
    ('form.save = "ctrl+d"', 1, "^D is card.copy already"),
    ('list.find = "z"\nlist.open = "z"', 2, "z is list.find already"),
]


@pytest.mark.parametrize(("typed", "key"), KEYS)
def test_keys_are_written_as_people_write_them(typed: str, key: str | None) -> None:
    """As the screens show them, or as Textual calls them."""
    assert read_key(typed) == key


def test_what_is_taken() -> None:
    """Each good line counts."""
    read = read_keymap(GOOD)
    assert read.bad == ()
    assert dict(read.changed) == {"list.find": "g", "program.lock": "f8,ctrl+l", "form.save": "ctrl+s"}


@pytest.mark.parametrize(("text", "number", "what"), BAD)
def test_what_is_told(text: str, number: int, what: str) -> None:
    """A bad line is told with its number and what to do, and only it is left out."""
    read = read_keymap(f'{text}\nrecord.back = "backspace"')
    (line,) = read.bad
    assert (line.number, what in line.what) == (number, True), str(line)
    assert line.todo
    assert read.changed["record.back"] == "backspace"


def test_keys_change_places() -> None:
    """Two actions may take each other's key."""
    swapped = read_keymap('form.save = "f4"\nform.problem_on = "f2"')
    assert swapped.bad == ()
    assert dict(swapped.changed) == {"form.save": "f4", "form.problem_on": "f2"}


def test_no_binding_clashes_with_itself() -> None:
    """A file that says what is so anyway is good: the rule finds nothing in the program's own keys."""
    text = "\n".join(f'{name} = "{made.key}"' for name, made in bindings().items())
    assert read_keymap(text).bad == ()


def test_every_key_has_an_id_of_its_own() -> None:
    """Everything that has a key can be given another one."""
    made = [one for one in vars(keymap).values() if isinstance(one, Binding)]
    assert len({one.id for one in made}) == len(made)
    assert all(one.id and one.description for one in made)


def test_all_keys_are_in_the_keymap() -> None:
    """No screen and no widget makes a binding of its own."""
    root = Path(keymap.__file__).parent
    for file in root.rglob("*.py"):
        if file.name == "keymap.py":
            continue
        calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
        names = [call.func.id for call in calls if isinstance(call.func, ast.Name)]
        assert "Binding" not in names, file


async def test_the_screens_follow() -> None:
    """A remapped key works, the old one does not; bar, help and palette name the new one."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        pilot.app.set_keymap(dict(read_keymap('program.lock = "f7"\nlist.find = "f3"').changed))
        await pilot.pause()
        assert "F7 Lock" in text_of(pilot)
        assert "F3" in {command.key for command in commands_of(pilot.app.screen)}
        await pilot.press("f8")
        await pilot.pause()
        assert desk.locked == 0
        await pilot.press("f7")
        await wait_for(pilot, lambda: desk.locked == 1)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("keymap.toml", "nonsense", "keymap.toml, line 1: expected a line such as"),
        ("keymap.toml", "\udcff", "keymap.toml cannot be read"),
        ("settings.toml", "theme = [", "settings.toml cannot be read"),
        ("settings.toml", 'theme = "pink"', "settings.toml: there is no theme of that name"),
        ("settings.toml", "theme = [1]", "settings.toml: there is no theme of that name"),
        ("settings.toml", "low_bandwidth = 3", "settings.toml: low_bandwidth is true or false"),
    ],
)
async def test_it_starts_whatever_is_in_the_files(tmp_path: Path, file: str, text: str, said: str) -> None:
    """What was not used is said before the first screen; Enter goes on to it."""
    (tmp_path / file).write_bytes(text.encode("utf-8", "surrogateescape"))
    manner = manner_of(tmp_path, {})
    assert len(manner.said) == 1 and manner.said[0].startswith(said)
    async with showing(MemoryDoor(), unlock=False, notices=manner.said) as pilot:
        assert said[:40] in text_of(pilot).replace("\n", " ").replace("  ", " ")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, UnlockScreen)


def test_a_home_without_files_says_nothing(tmp_path: Path) -> None:
    """No file, no word; settings of the link are none of the screens'."""
    assert manner_of(tmp_path, {}).said == ()
    (tmp_path / "settings.toml").write_text('proxy = "socks5h://127.0.0.1:9050"\ntheme = "light"\n')
    manner = manner_of(tmp_path, {})
    assert (manner.said, manner.look.theme) == ((), "light")
    assert manner_of(tmp_path, {"SSH_CONNECTION": "x"}).look.low_bandwidth
