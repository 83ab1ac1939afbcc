"""The claims fieldkit cannot keep and therefore never makes.

A line may use one of these words only to say that we do not claim it: then the words "not claimed" or
"we do not claim" (or "we claim no") stand on the same line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

FORBIDDEN = re.compile(
    r"""\b(?:
        (?:plausibl[ey][ ])? deniab(?:le|ility|ly)
      | undetectab(?:le|ly|ility)
      | untraceab(?:le|ly|ility)
      | military[ -]?grade | bank[ -]?grade
      | secure(?:ly)?[ -](?:delet|eras|wip)\w*
      | unbreakable | unhackable | uncrackable | bullet-?proof
      | (?:100[ ]?%|completely|totally|perfectly|absolutely)[ ](?:secure|safe|anonymous|private)
      | guaranteed[ ](?:anonymous|anonymity|safe|secure)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
DENIED = re.compile(r"\b(?:not claimed|we do not claim|we claim no)\b", re.IGNORECASE)


def claims(text: str) -> Iterator[tuple[int, str]]:
    """Each forbidden claim with its line number."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not DENIED.search(line):
            yield from ((number, match[0]) for match in FORBIDDEN.finditer(line))
