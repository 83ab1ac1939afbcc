"""GeoJSON (RFC 7946): the records that have a position, as points."""

from __future__ import annotations

import json
from collections.abc import Iterable

from fieldkit.export.jsonl import cleaned
from fieldkit.export.records import ExportRecord, SourceParts, about, exported
from fieldkit.forms.definition import Form
from fieldkit.forms.positions import LIMITS, MICRO
from fieldkit.model.values import Answers

DEFAULT_PUBLISH = "none"
"""How precisely a place may be published when nobody said: not at all."""


def incidents_geojson(
    records: Iterable[ExportRecord], form: Form, *, sources: SourceParts | None = None
) -> bytes:
    """A FeatureCollection of the records with latitude and longitude; the others are left out.

    Points are as exact as they were recorded. The property `publish_precision` says how exactly each may be
    shown to the public, `none` where nobody decided; this export is for the organisation and blurs nothing.
    `sources` adds the protected answers; leave it out unless they were asked for by name.
    """
    features = []
    for record in records:
        answers = exported(form, record, sources)
        point = position(answers)
        if point is not None:
            features.append(_feature(record, answers, point))
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, indent=1).encode("utf-8")


def position(answers: Answers) -> tuple[float, float] | None:
    """Longitude and latitude in degrees (RFC 7946 §3.1.1), None unless both are there and on the globe."""
    lat, lon = answers.get("lat"), answers.get("lon")
    if type(lat) is not int or type(lon) is not int:
        return None
    if abs(lat) > LIMITS["lat"] * MICRO or abs(lon) > LIMITS["lon"] * MICRO:
        return None
    return (lon / MICRO, lat / MICRO)


def _feature(record: ExportRecord, answers: Answers, point: tuple[float, float]) -> dict[str, object]:
    properties = {
        **about(record),
        "publish_precision": answers.get("publish", DEFAULT_PUBLISH),
        "position_precision": answers.get("precision", ""),
        "answers": cleaned({name: value for name, value in answers.items() if name not in ("lat", "lon")}),
    }
    return {
        "type": "Feature",
        "id": record.revision.hex(),
        "geometry": {"type": "Point", "coordinates": list(point)},
        "properties": properties,
    }
