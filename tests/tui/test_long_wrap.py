"""A long text is broken into rows at the cost of the change, and where one would break all of it anew."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator

import pytest
from rich.cells import cell_len
from textual._wrap import compute_wrap_offsets
from textual.document._document import Document, Location
from textual.geometry import Offset

from fieldkit.tui.widgets.fields import long_wrap
from fieldkit.tui.widgets.fields.long_wrap import LongWrap, breaks_of, shown_cells

SCRIPTS = {
    "ascii": "ab c de  fgh-i, ",
    "arabic": "هذه كلمات مصطنعة ",
    "wide": "汉字 ab界",
    "no spaces": "汉字界かなカナ한글、",
    "few spaces": "汉字界かなカナ한글、汉字界かなカナ한글、 　a",
    "marks": "e\u0301a\u0300 \u064eم\u0651 x",
    "one word": "abcdefgh",
    "spaces": "    \u00a0 a",
    "tabs": "a\t b\tc ",
    "joined": "م\u200cی ☎\ufe0f👩\u200d🚒 a",
}
WIDTHS = (2, 5, 8, 13, 40)
ROUNDS = 30
PARAGRAPH = " ".join("abcdefghij"[:length] for length in random.Random(1).choices(range(1, 10), k=17_000))
"""About 100 kB, with words of many lengths as people write them."""


def texts(alphabet: str, seed: int, *, longest: int = 200) -> Iterator[str]:
    """Some texts of these letters."""
    dice = random.Random(seed)
    for _ in range(ROUNDS):
        yield "".join(dice.choices(alphabet, k=dice.randrange(longest)))


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name not in ("tabs", "joined")])
@pytest.mark.parametrize("width", WIDTHS)
def test_breaks_stand_where_textual_has_them(script: str, width: int) -> None:
    """What a person knows from other fields holds here too."""
    for text in texts(SCRIPTS[script], width):
        assert breaks_of(text, width) == compute_wrap_offsets(text, width, 4), text


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_letter_is_lost_and_no_row_is_too_wide(script: str, width: int) -> None:
    """The rows together are the line, and each fits, unless one letter alone does not."""
    for text in texts(SCRIPTS[script], width):
        wrapped = LongWrap(Document(text), width)
        rows = wrapped.get_sections(0)
        assert "".join(rows) == text and wrapped.height == len(rows)
        assert all(shown_cells(row) <= width or len(row) == 1 for row in rows), rows


def test_what_is_taken_for_two_cells_is_so_wide() -> None:
    """Of every character there is; and there are enough of them to matter."""
    taken = [char for char in map(chr, range(sys.maxunicode + 1)) if long_wrap._TWO_CELLS.fullmatch(char)]
    assert len(taken) > 35_000 and {cell_len(char) for char in taken} == {2}


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_letter_is_found_where_it_is_shown(script: str) -> None:
    """From a place to its cell and back, and from each row of the screen to its part of the text."""
    for text in texts(SCRIPTS[script], 3):
        wrapped = LongWrap(Document("first\n" + text + "\nlast"), 9)
        seen: list[Offset] = []
        for column in range(len(text) + 1):
            offset = wrapped.location_to_offset((1, column))
            line, begins, row = wrapped.row_text(offset.y)
            assert line == 1 and begins <= column <= begins + len(row)
            assert shown_cells(row[: column - begins]) == offset.x
            back = wrapped.location_to_offset(wrapped.offset_to_location(offset))
            assert back == offset or column == begins + len(row) or script == "joined"
            seen.append(offset)
        assert seen == sorted(seen, key=lambda offset: (offset.y, offset.x))


def edited(seed: int, script: str, width: int) -> None:
    """Edits anywhere; after each the rows are those of a text broken anew."""
    dice, letters = random.Random(seed), SCRIPTS[script] + "\n"
    document = Document("".join(dice.choices(letters, k=300)))
    wrapped = LongWrap(document, width)
    for _ in range(ROUNDS):
        start, end = sorted((_anywhere(document, dice), _anywhere(document, dice)))
        if dice.random() < 0.7:  # mostly near: as keys do
            end = min(end, (start[0], start[1] + dice.randrange(2)), (start[0], len(document[start[0]])))
        put = "".join(dice.choices(letters, k=dice.choice((0, 1, 1, 1, 2, 30))))
        done = document.replace_range(start, end, put)
        wrapped.wrap_range(start, end, done.end_location)
        anew = LongWrap(document, width)
        assert wrapped._wrap_offsets == anew._wrap_offsets, (seed, start, end, put)
        assert wrapped._tops == anew._tops


def _anywhere(document: Document, dice: random.Random) -> Location:
    line = dice.randrange(document.line_count)
    return line, dice.randint(0, len(document[line]))


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_mended_is_what_would_be_made_anew(script: str, width: int) -> None:
    """Letters, words and lines put in and taken out anywhere."""
    for seed in range(6):
        edited(seed, script, width)


@pytest.mark.parametrize(
    "kept",
    [
        lambda breaks, column: [at for at in breaks if at < column],
        lambda breaks, column: breaks[: max(0, len(breaks) - 2)],
    ],
)
def test_the_check_sees_a_break_too_many(
    monkeypatch: pytest.MonkeyPatch, kept: Callable[[list[int], int], list[int]]
) -> None:
    """Control: who keeps more of the breaks than is sure is found out."""
    monkeypatch.setattr(long_wrap, "_sure", kept)
    with pytest.raises(AssertionError):
        for seed in range(6):
            edited(seed, "ascii", 8)


@pytest.mark.parametrize("text", [PARAGRAPH, "\n".join(["forty letters of an invented line"] * 2_000)])
@pytest.mark.parametrize("put", ["x", "\n", ""])
def test_one_key_breaks_only_rows_beside_it(monkeypatch: pytest.MonkeyPatch, text: str, put: str) -> None:
    """A letter, a new line, a letter less: in the middle of a long text, too."""
    document = Document(text)
    wrapped = LongWrap(document, 76)
    broken: list[int] = []

    def counted(line: str, start: int, width: int) -> int:
        broken.append(start)
        return original(line, start, width)

    original = long_wrap.next_break
    monkeypatch.setattr(long_wrap, "next_break", counted)
    line = document.line_count // 2
    at = (line, len(document[line]) // 2)
    until = at if put else (line, at[1] + 1)
    wrapped.wrap_range(at, until, document.replace_range(at, until, put).end_location)
    # A new line in a paragraph moves every row behind it, until one happens to begin where it began before.
    assert 0 < len(broken) < (400 if put == "\n" else 40)
