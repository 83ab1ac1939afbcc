"""The real program on a real vault in a real terminal (tmux), read as plain text."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fieldkit.actions import capture, unlock
from fieldkit.vault.keyslots import FLOOR_COST
from tests.tui.terminal import LOOK_SECONDS, PATIENCE_SECONDS, TMUX, Terminal, terminal

pytestmark = pytest.mark.skipif(TMUX is None, reason="needs tmux")

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = f"{shlex.quote(sys.executable)} -m fieldkit.cli.main"
ASKS = "The passphrase of this vault"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with two drafts; the title of one tries to act on the terminal."""
    folder = tmp_path_factory.mktemp("home") / "vault"
    with unlock.initialise(folder, PASSPHRASE, cost=FLOOR_COST) as session:
        capture.new_draft(session, {"title": "Shots \x1b]0;owned\x07 [red]at night", "gov": "Aleppo"})
        capture.new_draft(session, {"title": "حملة اعتقالات", "gov": "حلب", "narrative": "كلمات " * 30})
    return folder


@contextmanager
def opened(
    folder: Path, home: Path, *, size: tuple[int, int] = (80, 24), environment: dict[str, str] | None = None
) -> Iterator[Terminal]:
    """The program on its first screen."""
    command = f"cd {shlex.quote(str(ROOT))}; echo BEFORE; {PROGRAM} --home {shlex.quote(str(home))}"
    with terminal(folder, command, size=size, environment=environment or {}) as shown:
        shown.wait_for(ASKS)
        yield shown


def enter(shown: Terminal) -> str:
    """Type the passphrase; the screen once the list is there."""
    shown.type(PASSPHRASE)
    shown.press("Enter")
    return shown.wait_for("2 drafts", "0001")


@pytest.mark.parametrize("size", [(80, 24), (120, 30)], ids=str)
def test_unlock_list_open_lock_leave(tmp_path: Path, home: Path, size: tuple[int, int]) -> None:
    """The whole way through the screens, and nothing of the vault is left at the end of it."""
    with opened(tmp_path, home, size=size) as shown:
        page = enter(shown)
        assert "not joined yet   2 drafts · 0 waiting · never synced" in page
        # As much of the title as the list has room for: the escape that would act on the terminal is gone.
        assert "Shots ]0;" in page
        assert "حملة اعتقالات" in page
        assert shown.title() == "Terminal"
        shown.press("Down" if page.index("0001") > page.index("0002") else "Home", "Enter")
        page = shown.wait_for("✎ draft 0001", "What happened")
        assert "Governorate or region: Aleppo" in page
        shown.press("F8")
        shown.wait_for(ASKS)
        left = shown.wait_until(lambda screen: "^Q Quit" in screen, "the keys")
        assert "Aleppo" not in left
        assert "F8" not in left
        assert "Aleppo" not in shown.scrollback()
        shown.press("C-q")
        left = shown.wait_for("LEFT WITH 0")
        assert "BEFORE" in left
        assert "Aleppo" not in shown.scrollback()
        assert PASSPHRASE not in shown.scrollback()
        assert shown.title() != "Terminal"


def test_wrong_passphrase(tmp_path: Path, home: Path) -> None:
    """A wrong passphrase is told, and the right one then opens."""
    with opened(tmp_path, home) as shown:
        shown.type("not this one")
        shown.press("Enter")
        shown.wait_for("that passphrase does not open this vault")
        enter(shown)


def test_textuals_switches_do_nothing(tmp_path: Path, home: Path) -> None:
    """Variables that make Textual write logs and screenshots or press keys are ignored (R27)."""
    traces = tmp_path / "traces"
    traces.mkdir()
    environment = {
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_LOG": str(traces / "log"),
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": str(traces),
        "TEXTUAL_PRESS": "ctrl+q",
    }
    with opened(tmp_path, home, environment=environment) as shown:
        enter(shown)
        shown.press("C-q")
        shown.wait_for("LEFT WITH 0")
    assert list(traces.iterdir()) == []
    assert not (ROOT / "keys.log").exists()


def test_closing_terminal_locks(tmp_path: Path, home: Path) -> None:
    """When the terminal goes the vault is closed, so that no log lies beside it, and the program ends."""
    log = home / "vault.db-wal"
    with opened(tmp_path, home) as shown:
        enter(shown)
        assert log.exists()
        assert programs(home)
    end = time.monotonic() + PATIENCE_SECONDS
    while log.exists() or programs(home):
        assert time.monotonic() < end, f"closed: {not log.exists()}; still running: {programs(home)}"
        time.sleep(LOOK_SECONDS)


def programs(home: Path) -> list[str]:
    """The process ids of programs that run on a home."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"fieldkit.cli.main" in words and str(home).encode() in words:
            found.append(place.parent.name)
    return found


def test_init_types_words_twice(tmp_path: Path) -> None:
    """Six words are offered and typed twice; then they are gone from the screen and from its scrollback."""
    new = tmp_path / "new"
    command = f"cd {shlex.quote(str(ROOT))}; {PROGRAM} init --home {shlex.quote(str(new))}"
    with terminal(tmp_path, command, environment={}) as shown:
        offered = shown.wait_for("There is no other way in", "The words above")
        (words,) = (line.strip() for line in offered.splitlines() if line.startswith("    "))
        assert len(words.split()) == 6
        shown.type("short")
        shown.press("Enter")
        shown.wait_for("this passphrase would be guessed")
        shown.type(words)
        shown.press("Enter")
        shown.wait_for("The same once more")
        shown.type(words)
        shown.press("Enter")
        shown.wait_for("LEFT WITH 0", str(new))
        assert words not in shown.scrollback()
    with unlock.unlock(new, words):
        pass


def test_init_that_is_never_typed_alike(tmp_path: Path) -> None:
    """After three failures nothing was created."""
    new = tmp_path / "new"
    command = f"cd {shlex.quote(str(ROOT))}; {PROGRAM} init --home {shlex.quote(str(new))}"
    with terminal(tmp_path, command, environment={}) as shown:
        for _ in range(3):
            shown.wait_until(
                lambda screen: screen.endswith("The words above, or your own passphrase:"), "asking"
            )
            shown.type(PASSPHRASE)
            shown.press("Enter")
            shown.wait_until(lambda screen: screen.endswith("The same once more:"), "asking again")
            shown.type("something else")
            shown.press("Enter")
        shown.wait_for("no passphrase was taken in 3 tries", "LEFT WITH 3")
    assert not new.exists()
