"""A small form for tests, as its compact definition."""

from __future__ import annotations

import copy
import json
from typing import Any

from fieldkit.forms.definition import Form
from fieldkit.forms.loading import load_form

SMALL: dict[str, Any] = {
    "format": 1,
    "id": "small",
    "version": 3,
    "title": "Small",
    "language": "en",
    "languages": ["en", "ar"],
    "children": [
        {
            "kind": "group",
            "name": "core",
            "label": {"en": "Core"},
            "children": [
                {
                    "kind": "text",
                    "name": "title",
                    "label": {"en": "Title", "ar": "عنوان"},
                    "lane": "main",
                    "required": True,
                },
                {
                    "kind": "one",
                    "name": "asked",
                    "label": {"en": "Asked"},
                    "lane": "main",
                    "choices": "yesno",
                },
            ],
        },
        {
            "kind": "group",
            "name": "more",
            "label": {"en": "More"},
            "relevant": "${asked} = 'yes'",
            "children": [
                {"kind": "date", "name": "when", "label": {"en": "When"}, "lane": "main", "required": True},
                {
                    "kind": "integer",
                    "name": "size",
                    "label": {"en": "Size"},
                    "lane": "main",
                    "relevant": "starts-with(${when}, '2026')",
                    "constraint": ". >= 0 and . < 100",
                    "constraint_message": {"en": "0 to 99"},
                },
            ],
        },
        {
            "kind": "repeat",
            "name": "sources",
            "label": {"en": "Sources"},
            "key": "src",
            "children": [
                {
                    "kind": "code",
                    "name": "src",
                    "label": {"en": "Code"},
                    "lane": "main",
                    "required": True,
                    "tells": "source",
                },
                {
                    "kind": "text",
                    "name": "src_name",
                    "label": {"en": "Name"},
                    "lane": "sources",
                    "tells": "source",
                },
                {
                    "kind": "integer",
                    "name": "src_low",
                    "label": {"en": "Low"},
                    "lane": "sources",
                    "relevant": "${src_name} != ''",
                    "constraint": "${src} = 'S1'",
                },
            ],
        },
        {"kind": "text", "name": "r_public", "label": {"en": "Public"}, "lane": "admin"},
    ],
    "choices": {
        "yesno": [
            {"code": "yes", "label": {"en": "Yes", "ar": "نعم"}},
            {"code": "no", "label": {"en": "No", "ar": "لا"}},
        ]
    },
}


def definition() -> dict[str, Any]:
    """A copy to spoil."""
    return copy.deepcopy(SMALL)


def load(data: object) -> Form:
    """A form from its definition as plain values."""
    return load_form(json.dumps(data).encode())
