"""Twenty texts that nobody else writes, and the reports that carry them.

Each stands in another field, in English or Arabic. Found anywhere but in the vault's own encrypted files, on
the screen that was asked to show it, or in the export that was asked for, it is a leak.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PASSPHRASES = {
    "passphrase of the reporter": "cinder walrus pontoon gazette mulberry trombone",
    "passphrase of the coordinator": "sequin ballast origami furlong kestrel dynamo",
}
ORGANISATION = {"name of the organisation": "Synthetic Quillmarsh Observatory"}
PSEUDONYM = {"pseudonym": "heron-lattice-seventy-seven"}
WITHDRAWN = {"reason of the withdrawal": "the family asked us to keep silent now"}
DRAFT = {
    "words of a draft written over": "first scribble about the copper stairwell",
    "draft that is never finished": "unfinished notes on a vermilion caravan",
}
MAIN = {
    "title": "Lamplight raid at Quillmarsh weir",
    "narrative": "the grey tractor waited beside the pomegranate kiln",
    "victim": "Zebulon Synthetic-Harrowgate",
    "place": "behind the shuttered marzipan depot",
    "file name": "IMG_quillmarsh_weir_loft_0417.jpeg",
    "Arabic title": "مداهمة فانوس عند سد القصب الأزرق",
    "Arabic narrative": "كان الجرار الرمادي ينتظر قرب فرن الرمان",
    "Arabic victim": "زيدون نموذج من الخيال",
    "Arabic place": "خلف مستودع المرزبان المغلق",
}
SOURCES = {
    "source": "Perpetua Example-Witness-Nine",
    "Arabic source": "شاهدة المثال التاسعة نرجس",
    "what the source said": "she counted eleven lanterns from the loft",
}
INVITE = "invite"
"""Name of the one canary that a run makes itself."""

WRITTEN: Mapping[str, str] = {
    **PASSPHRASES,
    **ORGANISATION,
    **PSEUDONYM,
    **WITHDRAWN,
    **DRAFT,
    **MAIN,
    **SOURCES,
}
"""Name → text of every canary but the invite."""


def english() -> dict[str, Any]:
    """A report that is finished, sent, exported and withdrawn."""
    return {
        "title": MAIN["title"],
        "kind": ["arrest"],
        "start": "3 Aug 2026",
        "gov": "Aleppo",
        "narrative": f"At dusk {MAIN['narrative']}. Nobody was hurt.",
        "place": MAIN["place"],
        "victims": [{"vic": "V1", "v_type": "person", "v_name": MAIN["victim"]}],
        "sources": [
            {"src": "S1", "src_name": SOURCES["source"], "src_said": SOURCES["what the source said"]}
        ],
        "evidence": [{"ev": "E1", "ev_name": MAIN["file name"]}],
    }


def arabic() -> dict[str, Any]:
    """A report that is finished, sent and read in the screens."""
    return {
        "title": MAIN["Arabic title"],
        "kind": ["attack"],
        "start": "4 Aug 2026",
        "gov": "حلب",
        "narrative": MAIN["Arabic narrative"],
        "place": MAIN["Arabic place"],
        "victims": [{"vic": "V1", "v_type": "person", "v_name_ar": MAIN["Arabic victim"]}],
        "sources": [{"src": "S1", "src_name": SOURCES["Arabic source"]}],
    }
