"""Which place a position belongs to, and how typed numbers are read."""

import math
from collections.abc import Iterable

from roschat.modules.server.geozones.api import GeozoneView

EARTH = 6_371_008.8
"""Mean radius in metres."""
LARGEST = 1000
"""Metres of radius (R-GEO-001)."""
NAME = 100


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two positions (latitude, longitude in degrees) along the surface: the haversine formula."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(math.radians, one)) for one in (a, b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def zone_at(zones: Iterable[GeozoneView], latitude: float, longitude: float) -> str:
    """The name of the place that holds a position; of several the one whose middle is nearest; empty: none."""
    here = latitude, longitude
    near = [(distance(here, (zone.latitude, zone.longitude)), zone) for zone in zones]
    inside = [(metres, zone.name) for metres, zone in near if metres <= zone.radius]
    return min(inside)[1] if inside else ""


def number(text: str, lowest: float, highest: float) -> tuple[float, str]:
    """A typed number and the reason why it is none (a reason of kernel.formats)."""
    text = text.strip().replace(",", ".")
    if not text:
        return 0.0, "empty"
    try:
        value = float(text)
    except ValueError:
        return 0.0, "bad-value"
    if not math.isfinite(value) or "_" in text or not text.isascii():
        return 0.0, "bad-value"
    return value, "too-small" if value < lowest else "too-large" if value > highest else ""


def whole(text: str, lowest: int, highest: int) -> tuple[int, str]:
    """The same of a whole number."""
    value, why = number(text, lowest, highest)
    if not why and value != int(value):
        why = "bad-value"
    return int(value) if not why else 0, why
