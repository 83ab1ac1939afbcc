"""Words as search compares them: one spelling for the many ways a name is written. Never for storing.

Letters follow Unicode's decompositions (UAX 15) and, in Arabic, the usual normalisation for retrieval: the
forms of alef and hamza, alef maqsura and ya, ta marbuta and ha are one letter each; harakat and tatweel go.
Scripts that do not separate words (Thai, Chinese) give one word a run of letters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_WORD_CHARS: Final = 64
"""Letters of one word that count: longer ones are data or noise, and all begin alike."""

_WHOLE: Final = frozenset("йїў")
"""Letters of their own, although Unicode can take them apart: dropping the mark would make another letter."""

_LETTERS: Final = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳ", "ا"),
        **dict.fromkeys("ىیېۍئ", "ي"),
        **dict.fromkeys("ؤۆۇ", "و"),
        **dict.fromkeys("ةۀہھە", "ه"),
        **dict.fromkeys("کڪ", "ك"),
        "ء": None,
        "ـ": None,  # tatweel only stretches the line
        "ё": "е",
        "ґ": "г",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
        "ı": "i",
    }
)
_APOSTROPHES: Final = frozenset("'’‘ʼʻʿʾ`´′")
"""Stand inside names (Mare', O'Brien, п'ять) and for ayn and hamza in Latin letters."""

_ELISION: Final = re.compile(
    rf"\b([ldjmnstc]|(?:jusq|lorsq|puisq|q)u)[{''.join(sorted(_APOSTROPHES))}](?=\w)"
)
"""What stands before an apostrophe in French and Italian and is a word of its own there."""

_LATIN_ARTICLE: Final = re.compile(
    r"\b[aeu](?:l|(sh|th|dh|[dnrstz])(?=[-\u2010\u2011\u2013]\1))[-\u2010\u2011\u2013](?=\w)"
)
"""The same article in Latin letters: al-Bab, el-Bab, ar-Raqqa, ash-Sham. Never il-, which names aircraft."""

_ARTICLES: Final = ("وال", "بال", "كال", "فال", "لل", "ال")
"""The Arabic article with what is written on to it, the longest first."""

_ARTICLE_LETTERS: Final = frozenset(article[0] for article in _ARTICLES)

_LEAST_STEM: Final = 3
"""Letters that must be left when an article is taken off: shorter, it is more likely part of the word."""


class _Folding(dict[int, str]):
    """What each letter is compared as, filled as letters are met: a whole text is folded in one pass."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _folded(chr(code))
        return found


_TABLE: Final = _Folding()


def words(text: str) -> list[str]:
    """The words of a text in their order, folded: what an index holds and a query is compared with."""
    plain = unicodedata.normalize("NFC", text.casefold())
    folded = _ELISION.sub(r"\1 ", _LATIN_ARTICLE.sub("", plain)).translate(_TABLE)
    return [_word(word) for word in folded.split()]


def _folded(char: str) -> str:
    """One letter as it is compared: a space for what separates, nothing for a mark on a letter."""
    if char in _APOSTROPHES:
        return ""
    if char in _WHOLE:
        return char
    if char.isdecimal():
        return str(unicodedata.digit(char))
    taken_apart = unicodedata.normalize("NFKD", char.translate(_LETTERS))
    letters = "".join(part for part in taken_apart if unicodedata.category(part) not in ("Mn", "Cf"))
    folded = letters.translate(_LETTERS).casefold()
    return folded if folded.isalnum() or (not folded and _is_mark(char)) else " "


def _is_mark(char: str) -> bool:
    """Whether a letter may vanish without dividing the word it stands in."""
    return char in "ءـ" or unicodedata.category(char) in ("Mn", "Cf")


def _word(letters: str) -> str:
    """A word without the article and cut to what counts."""
    if letters[0] in _ARTICLE_LETTERS:
        for article in _ARTICLES:
            if letters.startswith(article) and len(letters) - len(article) >= _LEAST_STEM:
                return letters[len(article) :][:MAX_WORD_CHARS]
    return letters[:MAX_WORD_CHARS]
