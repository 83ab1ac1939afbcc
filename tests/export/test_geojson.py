"""GeoJSON exports."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.export.geojson import incidents_geojson, position
from fieldkit.forms.builtin import incident_form
from fieldkit.model.values import Answers
from tests.export.samples import NAME, PART, REVISION, record

FORM = incident_form()


def test_a_point_with_what_may_be_published() -> None:
    """Longitude first; the precision that may be shown stands beside it."""
    collection = json.loads(incidents_geojson([record()], FORM))
    assert collection["type"] == "FeatureCollection"
    (feature,) = collection["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-37.195, 36.481]}
    assert feature["properties"]["publish_precision"] == "km10"
    assert feature["properties"]["position_precision"] == "town"
    assert feature["id"] == "72" * 16
    assert "lat" not in feature["properties"]["answers"]


def test_nobody_said_how_precisely() -> None:
    """Without a decision a place is not for the public."""
    (feature,) = json.loads(incidents_geojson([record({"lat": 5, "lon": 5})], FORM))["features"]
    assert feature["properties"]["publish_precision"] == "none"


@pytest.mark.parametrize(
    "answers",
    [{}, {"lat": 1}, {"lon": 1}, {"lat": "1", "lon": 1}, {"lat": 90_000_001, "lon": 0},
     {"lat": 0, "lon": -180_000_001}],
)  # fmt: skip
def test_records_without_a_position_are_left_out(answers: Answers) -> None:
    """Half a position, or one off the globe, is none."""
    assert json.loads(incidents_geojson([record(answers)], FORM))["features"] == []


def test_sources_only_when_given() -> None:
    """The protected lane needs its own argument."""
    leaky = record({**record().answers, **PART})
    assert NAME.encode() not in incidents_geojson([leaky], FORM)
    assert NAME.encode() in incidents_geojson([record()], FORM, sources={REVISION: PART})


@given(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))
def test_points_are_exact(lat: int, lon: int) -> None:
    """Six decimals survive JSON."""
    found = position({"lat": lat, "lon": lon})
    assert found is not None
    assert (round(found[0] * 1_000_000), round(found[1] * 1_000_000)) == (lon, lat)
    assert json.loads(json.dumps(found)) == list(found)
