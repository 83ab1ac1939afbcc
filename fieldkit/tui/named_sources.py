"""Where a word of a source's identity stands in what every reader of a report sees, and codes of sources that
nobody has. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldkit.forms.definition import Form
from fieldkit.model.text import clean
from fieldkit.model.values import Answers, items_of, text_of
from fieldkit.tui.report_text import passages

NAMES_A_SOURCE = (
    "LOOK AGAIN: '{word}' is in the identity of {code}, and stands also under: {label}. Every reader of the"
    " report sees it there. If it can lead to the source, go back and write {code} instead."
)


NO_SUCH_SOURCE = (
    "LOOK AGAIN: {code} stands under: {label}, but no source here has that code. Add the source, or mend the"
    " code."
)
_CODE = re.compile(r"(?<!\w)[Ss](\d{1,3})(?!\w)")


def _codes_without_source(form: Form, main: Answers, language: str) -> Iterator[str]:
    """Codes of sources in the account and other answers that no source has."""
    there = {text_of(source, "src").casefold() for source in items_of(main, "sources")}
    told: set[str] = set()
    for passage in passages(form, main, language):
        for found in _CODE.finditer(passage.text):
            code = f"S{int(found[1])}"
            if {found[0].casefold(), code.casefold()} & there or code in told:
                continue
            told.add(code)
            yield NO_SUCH_SOURCE.format(code=code, label=clean(passage.label, one_line=True))


def names_of_sources(form: Form, main: Answers, apart: Answers, language: str) -> Iterator[str]:
    """Where a word of a source's identity stands in what every reader sees, and codes that no source has.

    Both advise, and stop nobody.
    """
    read = [
        (passage.label, set(re.findall(r"\w+", passage.text.casefold())))
        for passage in passages(form, main, language)
    ]
    for source in items_of(apart, "sources"):
        code = clean(text_of(source, "src"), one_line=True)
        name = clean(text_of(source, "src_name"), one_line=True)
        parts = re.findall(r"\w+", name)
        for label, words in read:
            found = [
                part for part in parts if part.casefold() in words and (len(part) > 3 or len(parts) == 1)
            ]
            if found and name != code:
                yield NAMES_A_SOURCE.format(word=" ".join(found), code=code or "the code", label=label)
    yield from _codes_without_source(form, main, language)
