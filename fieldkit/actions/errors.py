"""What can go wrong in a use case, grouped by who can mend it; each has a sentence and a next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from fieldkit.forms.problems import AnswersError
from fieldkit.model.body_reader import InvalidBody
from fieldkit.vault import errors as vault
from sync.client import errors as link
from sync.protocol.errors import ProtocolError


class ActionError(Exception):
    """Expected trouble: `message` says what was expected and what came, `hint` what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or None


class UsageProblem(ActionError):
    """What was asked makes no sense as asked."""


class InputProblem(ActionError):
    """Something typed or read from a file is not as it must be."""


class LockedProblem(ActionError):
    """The vault cannot be opened, or is not there."""


class NotOpened(LockedProblem):
    """The passphrase is not this vault's: another may be tried."""


class LinkProblem(ActionError):
    """The network: nothing is lost, try again later."""


class PausedProblem(LinkProblem):
    """Stopped because somebody asked for it: nothing is lost, and the next exchange goes on from there."""


class RefusedProblem(ActionError):
    """The server understood and refused."""


class VerificationProblem(ActionError):
    """Something did not verify; nothing of it was used."""


class PartialProblem(ActionError):
    """Some of it was done, and the message says what was not."""


class KeptApart(PartialProblem):
    """A draft was changed, finished or discarded elsewhere; what was written here is saved, in another."""

    def __init__(self, number: int, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.number = number
        """Local number of the report it is saved in: what is written from now on belongs there."""


SET_BACK = "it was probably restored from an older backup"
RESTART = (
    "nothing held here is given up; ask the server's keeper, and if a backup was put back, let the log begin"
    " anew: `fieldkit org restart-log`"
)
"""What a coordinator does about a log that was set back (docs/protocol.md §7)."""

_NOT_SAVED = (
    "nothing of it was saved; fieldkit/forms/incident.md lists the questions, and the codes of every choice"
)

_LOCKED = (
    vault.NoVault,
    vault.VaultExists,
    vault.UnsafeHome,
    vault.NotAVault,
    vault.WrongVault,
    vault.DamagedVault,
    vault.NewerVault,
    vault.WrongPassphrase,
    vault.TooSoon,
    vault.Busy,
    vault.VaultLocked,
    vault.NotErased,
    vault.UnsafeEngine,
)


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Turn what lower layers raise into an ActionError; a mistake of the program passes through as it is."""
    try:
        yield
    except vault.OutOfStep:
        raise
    except vault.VaultError as error:
        raise _of_vault(error) from error
    except (AnswersError, InvalidBody) as error:
        raise InputProblem(str(error), _NOT_SAVED if isinstance(error, AnswersError) else None) from error
    except link.StoppedError as error:
        raise PausedProblem(str(error), error.advice) from error
    except link.LinkError as error:
        raise LinkProblem(str(error), error.advice) from error
    except link.RefusedError as error:
        raise RefusedProblem(str(error), error.advice) from error
    except link.VerificationError as error:
        raise _unverified(error) from error
    except ProtocolError as error:
        raise VerificationProblem(
            f"what came does not verify: {error}", "nothing of it was used; tell a coordinator"
        ) from error
    except OSError as error:
        raise InputProblem(
            f"{error.filename or 'the system'}: {error.strerror or type(error).__name__}",
            "check the disk and its permissions, then try again",
        ) from error


def _of_vault(error: vault.VaultError) -> ActionError:
    if isinstance(error, vault.PracticeVault):
        return UsageProblem(str(error), error.hint)
    if isinstance(error, vault.WrongPassphrase):
        return NotOpened(str(error), error.hint)
    kind = LockedProblem if isinstance(error, _LOCKED) else InputProblem
    return kind(str(error), error.hint)


def _unverified(error: link.VerificationError) -> VerificationProblem:
    if isinstance(error, link.SetBackError):
        return VerificationProblem(f"{error}; {SET_BACK}", RESTART)
    return VerificationProblem(str(error), error.advice)


T = TypeVar("T")


def read_typed(parse: Callable[[str], T], text: str) -> T:
    """What somebody typed or pasted, read by `parse`; a slip of the hand is no forgery: InputProblem."""
    try:
        return parse(text)
    except ProtocolError as error:
        raise InputProblem(str(error), "copy it again, whole") from None
