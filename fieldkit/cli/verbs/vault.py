"""The vault: init, status, doctor."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from fieldkit.cli import shapes, wording
from fieldkit.cli.cells import columns
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault, explain

if TYPE_CHECKING:
    from fieldkit.actions.session import Session
    from fieldkit.actions.status import Finding, Status

MARKS = {"ok": "ok", "warning": "look", "problem": "MEND"}
"""How a finding's level is shown: words, because a colour is not read aloud."""


NEXT = (
    "The vault is ready. Next: `fieldkit join` if you were given an invite, `fieldkit org create` if you"
    " begin an organisation.",
    "`fieldkit new` begins a report; it can be written before that.",
)
"""Said when there is a vault."""


def init(context: Context) -> ExitCode:
    """Create a vault."""
    with made(context):
        context.output.give(shapes.CREATED.of(context), [str(context.home)])
    for line in NEXT:
        context.output.say(line)
    return ExitCode.OK


def made(context: Context) -> Session:
    """A new vault, open. Raises CliFault (locked) where there is one."""
    from fieldkit.actions import unlock

    if unlock.home_exists(context.home):
        raise CliFault(
            ExitCode.LOCKED,
            f"there is a vault in {context.home} already; nothing was changed",
            "use it, or name another folder with --home",
        )
    passphrase = context.passphrases.new(unlock.suggest_passphrase(), unlock.judge_passphrase)
    return unlock.initialise(context.home, passphrase)


def status(context: Context) -> ExitCode:
    """Say what waits and why."""
    from fieldkit.actions import status as actions

    with context.unlocked() as session:
        found = actions.status(session)
    context.output.give(shapes.STATUS.of(found), _status_lines(found))
    return ExitCode.OK


def doctor(context: Context) -> ExitCode:
    """Explain everything that stops delivery; what needs the vault only where it can be opened."""
    from fieldkit.actions import status as actions
    from fieldkit.actions.errors import ActionError

    session, unopened = None, None
    try:
        session = context.unlocked()
    except (ActionError, CliFault) as error:
        unopened = explain(error)
    with session or nullcontext():
        findings = actions.doctor(context.home, session)
    if unopened and unopened.code is not ExitCode.USAGE:  # without a terminal nobody was asked
        hint = unopened.hint or None
        findings.append(actions.Finding(level="problem", title="opening", detail=unopened.message, hint=hint))
    context.output.give([shapes.FINDINGS.of(finding) for finding in findings], _findings(findings))
    return ExitCode.OK


def _status_lines(found: Status) -> list[str]:
    waiting = f"{found.waiting} (about {wording.size(found.unsent_bytes)} to send)"
    rows = [
        ("you", f"{found.role} {found.pseudonym}" if found.role else "nobody yet: join with an invite"),
        ("organisation", found.name or found.organisation or "none yet"),
        ("fingerprint", " ".join(found.fingerprint) or "none yet"),
        ("server", found.address or "none yet"),
        ("drafts", str(found.drafts)),
        ("waiting", waiting if found.unsent_bytes else str(found.waiting)),
        ("received", str(found.received)),
        ("delivered", str(found.delivered)),
        ("last sync", wording.moment(found.last_sync)),
    ]
    if found.withdrawn:
        rows.append(("withdrawn", str(found.withdrawn)))
    if found.quarantined:
        rows.append(("refused", wording.counted(found.quarantined, "record")))
    if found.last_try_failed:
        rows.append(("last try", "did not finish: sync again"))
    rows += [("look at", problem) for problem in found.problems]
    return columns(rows)


def _findings(findings: Sequence[Finding]) -> list[str]:
    rows: list[tuple[str, str]] = []
    for finding in findings:
        rows.append((MARKS.get(finding.level, finding.level), f"{finding.title}: {finding.detail}"))
        if finding.hint:
            rows.append(("", f"→ {finding.hint}"))
    return columns(rows)
