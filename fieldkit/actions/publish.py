"""Exports what a vault holds: the newest revision of each report, main lane only unless asked by name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fieldkit.actions.authorship import author_name, seniors
from fieldkit.actions.contents import form_of, incident_of, parts_of, standing
from fieldkit.actions.errors import InputProblem, UsageProblem, in_plain_words
from fieldkit.actions.named_files import named_file
from fieldkit.actions.session import Session
from fieldkit.export.geojson import incidents_geojson
from fieldkit.export.jsonl import incidents_jsonl
from fieldkit.export.records import ExportRecord, SourceParts
from fieldkit.export.table import incidents_csv
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.definition import Form
from fieldkit.model.ids import Lane, RevisionId
from fieldkit.model.state import State
from fieldkit.model.values import Answers
from fieldkit.vault.platform import PRIVATE_FILE, sync_folder
from fieldkit.vault.revisions import StoredRevision


class Writer(Protocol):
    """Records in, bytes out."""

    def __call__(
        self, records: Iterable[ExportRecord], form: Form, *, sources: SourceParts | None = ...
    ) -> bytes: ...


FORMATS: dict[str, Writer] = {
    "csv": incidents_csv,
    "jsonl": incidents_jsonl,
    "geojson": incidents_geojson,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What was written, and what was not and why."""

    path: str
    incidents: int
    bytes: int
    left_out: int
    reason_left_out: str


def export(session: Session, format: str, out: Path, *, sources: bool = False) -> ExportReport:
    """Write every finished report to `out`, readable for its owner alone.

    The file is clear text: it is the one thing that leaves the vault on purpose. Raises UsageProblem for an
    unknown format, InputProblem when the file is there already or cannot be written.
    """
    writer = FORMATS.get(format)
    if writer is None:
        raise UsageProblem(f"there is no export format {format!r}", f"one of: {', '.join(FORMATS)}")
    with in_plain_words():
        session.vault.must_be_real("export reports")
        form = incident_form()
        records, parts, unreadable = _collect(session, form, sources)
    data = writer(records, form, sources=parts)
    _write_new(named_file(out), data)
    left_out, reason = unreadable, "filled in with a form this program does not have"
    if format == "geojson":
        without = sum(not ("lat" in record.answers and "lon" in record.answers) for record in records)
        left_out, reason = (
            left_out + without,
            "no position" if not unreadable else f"no position, or {reason}",
        )
    return ExportReport(
        path=str(out),
        incidents=len(records) + unreadable - left_out,
        bytes=len(data),
        left_out=left_out,
        reason_left_out=reason if left_out else "",
    )


def _collect(
    session: Session, form: Form, sources: bool
) -> tuple[list[ExportRecord], SourceParts | None, int]:
    vault = session.vault
    records: list[ExportRecord] = []
    parts: dict[RevisionId, Answers] = {}
    unreadable = 0
    policy, eldest = vault.documents.directory().directory.delivered_by, seniors(session)
    for incident_id in vault.revisions.incidents():
        stored = vault.revisions.of_incident(incident_id)
        incident = incident_of(stored, eldest)
        if incident is None or form_of(standing(incident).content.form_id) is None:
            unreadable += 1
            continue
        by_id = {one.id: one for one in stored}
        current, told = by_id[incident.current.id], by_id[standing(incident).id]
        content = incident.current.content
        state = State.WITHDRAWN if incident.withdrawn else _state_of(session, current, policy)
        records.append(
            ExportRecord(
                incident=incident_id,
                revision=current.id,
                reporter=author_name(session, told),
                state=state,
                verified=True,
                divided=incident.divided,
                answers=incident.answers(),
                created=content.created,
                utc_offset=content.utc_offset,
                language=content.language,
                sensitivity=content.sensitivity,
            )
        )
        if sources and (protected := parts_of(told).get(Lane.SOURCES)):
            parts[current.id] = protected
    return records, (parts if sources else None), unreadable


def _state_of(session: Session, revision: StoredRevision, policy: int) -> State:
    return session.vault.delivery.state_of(revision.id, delivered_by=policy)


def _write_new(out: Path, data: bytes) -> None:
    """Write a new file whole or not at all; never over something that is there."""
    temporary = out.with_name(out.name + ".part")
    try:
        if out.exists():
            raise InputProblem(f"{out} is there already", "choose another name; an export never overwrites")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    except FileExistsError:
        raise InputProblem(
            f"{temporary} is in the way: an export was interrupted, or is being written",
            "remove it, or choose another name",
        ) from None
    except (OSError, ValueError) as error:
        raise _unwritable(out, error) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(out)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _unwritable(out, error) from None
    with suppress(OSError):  # some file systems cannot; the file is there all the same
        sync_folder(out.parent)


def _unwritable(out: Path, error: Exception) -> InputProblem:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return InputProblem(f"{out} cannot be written: {why}", "choose a folder you may write to")
