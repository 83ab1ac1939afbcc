"""Columns stand straight in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.cli.cells import GAP, cell_width, columns, fit, padded, wrapped

WIDTHS = {
    "": 0,
    "abc": 3,
    "مارع": 4,
    "مَارِع": 4,
    "Обстріл": 7,
    "é": 1,
    "e\u0301": 1,
    "漢字": 4,
    "می\u200cشود": 5,
    "\u0600١": 2,
    "✓✓": 2,
}


@pytest.mark.parametrize(("text", "width"), WIDTHS.items())
def test_width(text: str, width: int) -> None:
    """Marks and joiners take no cell, wide letters two."""
    assert cell_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("مارع القديمة", 6, "مارع …"),
        ("漢字漢字", 5, "漢字…"),
        ("漢字漢字", 4, "漢…"),
        ("abc", 1, "…"),
    ],
)
def test_fit(text: str, width: int, expected: str) -> None:
    """What is cut says so and does not exceed its width."""
    assert fit(text, width) == expected
    assert cell_width(fit(text, width)) <= width


def test_columns_align() -> None:
    """Each column begins in the same cell whatever letters stand before it."""
    rows = [("1", "مَارِع", "x"), ("20", "Aleppo", "y"), ("3", "漢字", "z")]
    lines = columns(rows)
    assert {cell_width(line[: -len(GAP) - 1]) for line in lines} == {2 + len(GAP) + 6}
    assert [line[-1] for line in lines] == ["x", "y", "z"]


def test_one_column_gives_way() -> None:
    """With a width, the column that may stretch is cut until each line fits."""
    rows = [("1", "a long title of a report", "place"), ("2", "short", "p")]
    lines = columns(rows, width=24, stretch=1)
    assert lines[0].split("  ")[0] == "1" and lines[0].endswith("place")
    assert lines[0].startswith("1  a long title")
    assert all(cell_width(line) <= 24 for line in lines)
    assert "…" in lines[0]
    assert "short" in lines[1]


def test_columns_clean() -> None:
    """An escape sequence or a line end in a cell does not reach the line (R25)."""
    (line,) = columns([("a\x1b[31m\nb", "c\u202ed")])
    assert line == "a[31m b  c·RLO·d"


def test_no_rows() -> None:
    """Nothing gives nothing."""
    assert columns([]) == []


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one\n\ntwo", 10, ["one", "", "two"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a\tb", 10, ["a b"]),
        ("", 5, [""]),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    """Broken at spaces; own line ends stay; a word that is too long is cut."""
    assert wrapped(text, width) == lines


@given(st.text(), st.integers(min_value=2, max_value=40))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    """Whatever the text, no line is too wide, and every letter is still there, in order."""
    lines = wrapped(text, width)
    assert all(cell_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])), st.integers(1, 30))
def test_padded_is_exact(text: str, width: int) -> None:
    """A cell has exactly its width."""
    assert cell_width(padded(text, width)) == width
