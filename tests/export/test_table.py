"""CSV exports."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.export.table import FORMULA_STARTS, incidents_csv, items_csv, safe_cell
from fieldkit.forms.builtin import incident_form
from tests.export.samples import NAME, PART, REVISION, record

FORM = incident_form()


def rows(raw: bytes) -> list[dict[str, str]]:
    """A CSV file as a spreadsheet would read it."""
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_one_row_an_incident() -> None:
    """Dates and counts take two columns, degrees are degrees, repeats are JSON."""
    (row,) = rows(incidents_csv([record()], FORM))
    expected = {
        "incident": "69" * 16,
        "signature_verified": "yes",
        "divided": "no",
        "created": "2026-09-21T14:13:20Z",
        "title": "'=HYPERLINK(1)",
        "kind": "arrest; killing",
        "start": "2026-10",
        "start_words": "last October",
        "end": "",
        "end_words": "",
        "gov": "حلب",
        "narrative": 'two\nlines, "quoted"',
        "lat": "36.481",
        "lon": "-37.195",
        "detained_min": "26",
        "detained_max": "",
        "evidence": "",
    }
    assert {name: row[name] for name in expected} == expected
    assert json.loads(row["victims"])[1] == {"vic": "V2", "v_age": {"min": 30, "max": 40}}


def test_spreadsheets_see_utf_8() -> None:
    """The byte-order mark is what keeps Arabic readable."""
    assert incidents_csv([], FORM).startswith(b"\xef\xbb\xbf")


def test_columns_do_not_depend_on_the_records() -> None:
    """Two exports of different days can be put under each other."""
    assert incidents_csv([], FORM).splitlines()[0] == incidents_csv([record()], FORM).splitlines()[0]


def test_sources_only_when_given() -> None:
    """Neither a column nor a letter of the protected lane without its own argument."""
    with_part = {**record().answers, **PART, "r_state": "new"}
    for raw in (incidents_csv([record(with_part)], FORM), items_csv([record(with_part)], FORM, "sources")):
        assert NAME.encode() not in raw
        assert b"src_name" not in raw
    (row,) = rows(items_csv([record()], FORM, "sources", sources={REVISION: PART}))
    assert (row["src"], row["src_name"]) == ("S1", NAME)
    assert NAME in rows(incidents_csv([record()], FORM, sources={REVISION: PART}))[0]["sources"]


def test_sources_of_another_revision_stay_out() -> None:
    """A part is joined to the revision it belongs to, and to no other."""
    raw = incidents_csv([record(revision=b"q" * 16)], FORM, sources={REVISION: PART})
    assert NAME.encode() not in raw


def test_one_row_an_item() -> None:
    """Victims as a table of their own, each with its incident."""
    first, second = rows(items_csv([record()], FORM, "victims"))
    assert (first["vic"], first["v_name"]) == ("V1", "'@cmd")
    assert (second["v_age_min"], second["v_age_max"], second["incident"]) == ("30", "40", "69" * 16)


def test_no_such_repeat() -> None:
    """The error names those there are."""
    with pytest.raises(ValueError, match="there are acts, victims"):
        items_csv([], FORM, "cars")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\nx"),
        ("  =1", "'  =1"),
        ("a=1", "a=1"),
        ("x\x1b[2J", "x[2J"),
        ("\u200b=1", "'=1"),
    ],
)
def test_cells_no_spreadsheet_runs(text: str, cell: str) -> None:
    """A formula becomes text, also behind spaces and invisible characters."""
    assert safe_cell(text) == cell


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    """Whatever a reporter typed."""
    assert not safe_cell(text).lstrip(" ").startswith(FORMULA_STARTS)


@given(st.text(min_size=1))
def test_any_title_stays_in_its_cell(title: str) -> None:
    """Quotes, commas and line ends move nothing into another column."""
    (row,) = rows(incidents_csv([record({"title": title, "gov": "g"})], FORM))
    assert (row["title"], row["gov"]) == (safe_cell(title), "g")
