"""The reports a practice vault begins with. Places and people are invented, and named so that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REPORTS: Final[tuple[Mapping[str, object], ...]] = (
    {
        "title": "Practice: shells on Sampleford",
        "kind": ["shelling"],
        "start": "3 May 2026",
        "gov": "Example Region",
        "town": "Sampleford",
        "narrative": (
            "This report is invented, to practise with. Shortly after noon two shells came down beside the "
            "lower market of Sampleford. Six people were hurt (S1). Nobody had been told to leave."
        ),
        "injured": "6",
        "sources": [{"src": "S1", "src_name": "Person Example-1", "src_how": ["saw"]}],
    },
    {
        "title": "تدريب: توقيف في قرية النموذج",
        "kind": ["arrest"],
        "start": "2026-06",
        "gov": "محافظة المثال",
        "town": "قرية النموذج",
        "narrative": "هذا البلاغ للتدريب فقط. أوقف رجال عند حاجز قرب طريق المطحنة خمسة أشخاص (S1).",
        "detained": "at least 5",
        "sources": [{"src": "S1", "src_name": "شخص مثال 2", "src_how": ["told"]}],
    },
    {
        "title": "Practice: a draft to go on with",
        "kind": ["explosive"],
        "town": "Mockbridge",
        "narrative": "This draft is invented too. It lacks a date and a region: fill them in, and finish it.",
    },
)
"""Two that can be finished as they are, and one that lacks something."""
