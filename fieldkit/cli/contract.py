"""What a verb and an option are: the parser, the help and docs/cli.md are made from these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fieldkit.cli.shape import Shape
from fieldkit.cli.values import file_descriptor


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An option (`--from`) or something that has its place (`ID`)."""

    name: str
    """`--from`, or the word that stands for what has its place."""
    help: str
    target: str = ""
    """Parameter of the verb's function; made from the name when empty."""
    value: str = ""
    """What stands for its value in the help; an option without one is a switch."""
    parse: Callable[[str], Any] = str
    """Reads the value. Raises argparse.ArgumentTypeError with what was expected."""
    choices: tuple[str, ...] = ()
    default: Any = None
    required: bool = False
    """Of an option."""
    optional: bool = False
    """Of what has its place: whether it may be left away."""
    repeated: bool = False

    @property
    def is_option(self) -> bool:
        """Whether it is written with dashes."""
        return self.name.startswith("-")

    @property
    def parameter(self) -> str:
        """The parameter of the verb's function that takes it."""
        return self.target or self.name.lstrip("-").replace("-", "_").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One verb of the command line."""

    path: tuple[str, ...]
    """`("finish",)`, `("org", "create")`; empty for the program called without a verb."""
    run: str
    """`module:function` below fieldkit.cli.verbs; imported when it is called."""
    summary: str
    """What it does, in one line without a full stop."""
    details: str = ""
    arguments: tuple[Argument, ...] = field(default=())
    shape: Shape | None = None
    """None where there is nothing for --json to print."""

    @property
    def name(self) -> str:
        """As it is typed."""
        return " ".join(self.path)


GLOBALS = (
    Argument(
        name="--home",
        value="DIR",
        help="the folder with the vault; else FIELDKIT_HOME, else the platform's folder",
    ),
    Argument(
        name="--passphrase-fd",
        value="N",
        parse=file_descriptor,
        help="read the passphrase as one line from this file descriptor; else it is asked for",
    ),
    Argument(name="--json", help="data as one JSON value on one line; errors as an object too"),
    Argument(
        name="--plain",
        help="line by line, for screen readers, simple terminals and very slow links: no colour, no cursor "
        "that moves; what is missing is asked for",
    ),
    Argument(name="--quiet", help="no talk on standard error but errors"),
    Argument(name="--version", help="which version this is"),
    Argument(name="--help", help="this text"),
)
"""Taken before the verb or after it."""
