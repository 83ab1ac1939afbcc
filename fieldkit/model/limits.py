"""How large a revision may be.

Each number is far above real reports and far below what hurts a small laptop.
"""

from __future__ import annotations

MAX_DEPTH = 5
"""Containers inside one another in answers: answers, repeat, item, list or map, one to spare."""

MAX_NAMES = 512
"""Answers in one map; the built-in form has about 150 questions."""

MAX_ITEMS = 1_000
"""Items in one list: a mass arrest has hundreds of victims."""

MAX_NODES = 20_000
"""Values in one revision, containers included."""

MAX_NAME_CHARS = 64
"""Length of a question name, characters."""

MAX_TEXT_CHARS = 50_000
"""Length of one text, characters: about 25 printed pages."""

MAX_TOTAL_CHARS = 100_000
"""Length of all texts of one revision together, characters.

Prose of that length in any script still fits one frame once compressed (docs/protocol.md, frames).
"""

MAX_INTEGER = 2**53 - 1
"""Size of a number either way: what JSON readers carry exactly."""

MAX_PARENTS = 16
"""Revisions one revision may follow."""

MAX_LABEL_CHARS = 128
"""Form id, language tag, pseudonym, characters."""

MAX_REASON_CHARS = 2_000
"""Why a report is withdrawn, characters."""

MAX_TIME = 253_402_300_799
"""Last second of the year 9999, UTC."""

MAX_UTC_OFFSET = 18 * 60
"""Minutes either way, as in ISO 8601 practice."""

MAX_SENSITIVITY = 9
"""Highest sensitivity."""
