"""A person at a shell: types commands, each of which runs under audit, and passphrases when asked."""

from __future__ import annotations

import json
import shlex
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.forensics import audit
from tests.forensics.audit import Audit
from tests.forensics.places import processes_in
from tests.tui.terminal import LOOK_SECONDS, PATIENCE_SECONDS, Terminal, terminal

ROOT = Path(__file__).resolve().parents[2]
SIZE = (150, 60)
"""Columns and lines: the longest command fits a line, and the answer to it the screen."""

SCROLLED = "SCROLLED-away"
"""A line that a shell prints before the screens are opened."""

ASKS = "Passphrase:"
SCREEN_ASKS = "The passphrase of this vault"


@dataclass(slots=True)
class Desk:
    """A shell in a terminal, and the audits of what was run in it, by label."""

    shown: Terminal
    home: Path
    logs: Path
    audits: dict[str, Audit] = field(default_factory=dict)
    commands: int = 0

    def run(self, label: str, words: str, passphrase: str) -> None:
        """Run one verb to its end, typing the passphrase when it asks."""
        self.begin(label, words)
        self.shown.wait_until(lambda screen: screen.endswith(ASKS), f"{label} to ask")
        self.type_secret(passphrase)
        self.end(label)

    def begin(self, label: str, words: str) -> None:
        """Type a command line of the program."""
        self.shown.wait_until(lambda screen: screen.endswith(self._prompt()), "the shell")
        self.shown.type(f"LABEL={shlex.quote(label)} fieldkit {words}")
        self.shown.press("Enter")
        self.commands += 1

    def type_secret(self, passphrase: str) -> None:
        """Type a passphrase, which the terminal does not show."""
        self.shown.type(passphrase)
        self.shown.press("Enter")

    def end(self, label: str) -> None:
        """Wait for the shell, and take the audit of the command."""
        self.shown.wait_until(lambda screen: screen.endswith(self._prompt()), f"the end of {label}")
        self.audits[label] = audit.read(self.logs / label, self.home)

    def scroll_away(self) -> None:
        """Push everything out of sight that the terminal shows, a line known to the test with it."""
        self._shell("printf 'SCROLLED-%s\\n' away; seq 200")
        self.shown.wait_until(lambda screen: screen.endswith(self._prompt()), "the shell")

    def reset(self) -> None:
        """Put a terminal in order that a killed program left as it was."""
        self.shown.wait_until(lambda screen: self._prompt() in screen, "the shell")
        self._shell("reset")

    def _shell(self, words: str) -> None:
        self.shown.type(words)
        self.shown.press("Enter")
        self.commands += 1

    def leave(self) -> None:
        """End the shell, which writes its history."""
        self.shown.type("exit")
        self.shown.press("Enter")
        self.shown.wait_for("LEFT WITH")

    def _prompt(self) -> str:
        return f"READY {self.commands + 1}>"


@contextmanager
def sitting(
    folder: Path, home: Path, temporary: Path, program: str = "-m fieldkit.cli.main"
) -> Iterator[Desk]:
    """A shell whose home is `home`, with the program on its path. `folder` is the test's own."""
    logs, tools = folder / "logs", folder / "tools"
    logs.mkdir()
    tools.mkdir()
    traced = audit.command([], '"$LOGS/$LABEL"')
    # Everything but the log's name, which the shell has to fill in, is quoted.
    words = " ".join(word if "$" in word else shlex.quote(word) for word in traced)
    script = tools / "fieldkit"
    script.write_text(f'#!/bin/sh\nexec {words} {shlex.quote(sys.executable)} {program} "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    environment = {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "LOGS": str(logs),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": f"{tools}:/usr/bin:/bin:/usr/sbin",
    }
    settings = tools / "bashrc"
    settings.write_text(r"PS1='READY \#>'" "\n")
    command = f"cd {shlex.quote(str(home))} && bash --noprofile --rcfile {shlex.quote(str(settings))} -i"
    try:
        with terminal(folder, command, size=SIZE, environment=environment) as shown:
            yield Desk(shown, home, logs)
    finally:
        _wait_for_the_end(home)


def _wait_for_the_end(home: Path) -> None:
    """Until nothing runs in the home any more: its disk cannot be unmounted before."""
    end = time.monotonic() + PATIENCE_SECONDS
    while processes_in(home) and time.monotonic() < end:
        time.sleep(LOOK_SECONDS)


def give(folder: Path, name: str, content: object) -> str:
    """A file that comes from elsewhere, such as another program's pipe; returns the shell's word for it."""
    path = folder / name
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return shlex.quote(str(path))
