"""Latitude and longitude between what people type and the whole micro-degrees a revision holds."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_EVEN, Decimal

from fieldkit.forms.problems import BadAnswer
from fieldkit.model.date_words import fold

MICRO = 1_000_000
"""Micro-degrees in a degree; one is about 11 cm on the ground."""

AMBIGUOUS = 1_000
"""Whole numbers closer to zero than this could be degrees or micro-degrees (110 m), and are refused."""

LIMITS = {"lat": 90, "lon": 180}
"""Largest value either way, degrees."""

_TYPED = re.compile(r"([-+]?\d{1,3}(?:\.\d{1,12})?)\s*°?\s*([nsew]?)")
NAMES = {"lat": "latitude", "lon": "longitude"}
"""What people call an axis."""

_SIGNS = {"lat": {"n": 1, "s": -1}, "lon": {"e": 1, "w": -1}}


def read_degrees(value: object, axis: str) -> int:
    """Micro-degrees from decimal degrees (36.48, "36.48 N", "٣٦٫٤٨") on the axis `lat` or `lon`. Raises
    BadAnswer.

    A whole number is taken as micro-degrees already, so that answers read once can be read again; a small one
    is refused, because 36 meant as degrees would put a place on the equator without anybody noticing.
    """
    if type(value) is int:
        if 0 < abs(value) < AMBIGUOUS:
            raise BadAnswer(f"{value} could be degrees or micro-degrees", f"write {value}.0 for degrees")
        micro = value
    elif isinstance(value, float):
        sane = math.isfinite(value) and abs(value) <= LIMITS["lon"]
        micro = _scaled(Decimal(repr(value)) if sane else None, axis)
    elif isinstance(value, str):
        micro = _typed(value, axis)
    else:
        raise BadAnswer(f"expected degrees, got {type(value).__name__}", _hint(axis))
    if abs(micro) > LIMITS[axis] * MICRO:
        raise BadAnswer(bounds(axis), _hint(axis))
    return micro


def bounds(axis: str) -> str:
    """What is said of degrees that are nowhere on the earth."""
    return f"a {NAMES[axis]} lies between -{LIMITS[axis]} and {LIMITS[axis]} degrees"


def degrees_text(micro: int) -> str:
    """Micro-degrees as decimal degrees, exactly."""
    return f"{Decimal(micro).scaleb(-6).normalize():f}"


def _typed(value: str, axis: str) -> int:
    found = _TYPED.fullmatch(fold(value).strip().replace("٫", ".").replace(",", "."))
    if found is None or (found[2] and found[2] not in _SIGNS[axis]):
        raise BadAnswer(f"cannot read {value[:40]!r} as a {NAMES[axis]}", _hint(axis))
    return _scaled(Decimal(found[1]), axis) * _SIGNS[axis].get(found[2], 1)


def _scaled(degrees: Decimal | None, axis: str) -> int:
    if degrees is None:
        raise BadAnswer(bounds(axis), _hint(axis))
    return int((degrees * MICRO).to_integral_value(ROUND_HALF_EVEN))


def _hint(axis: str) -> str:
    return f"write decimal degrees such as {'36.481' if axis == 'lat' else '37.195'}"
