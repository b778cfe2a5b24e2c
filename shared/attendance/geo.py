"""Where a fix lies: GCJ-02 to WGS-84, distance, geofence (evidence.md §7). Pure, and no map service behind it.

Coordinates come as whole millionths of a degree, accuracies as whole decimetres; distances are metres.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

EARTH_M = 6_371_008.8
_AXIS_M, _E2 = 6_378_245.0, 0.00669342162296594323
_LON, _LAT = (72.004, 137.8347), (0.8293, 55.8271)
"""Outside this rectangle no offset is applied."""
ITERATIONS = 3

CRS = ("wgs84", "gcj02")
BANDS = ("0-100", "100-300", "300-1000", "1000-5000", "5000+")
_LIMITS_M = (100, 300, 1000, 5000)
RADIUS_M, LEAST_RADIUS_M, MOST_RADIUS_M = 300, 100, 1000
USABLE_DM, BLURRED_DM = 2_000, 5_000
"""Accuracy up to which a fix may say inside, and beyond which it says nothing."""
OLDEST_FIX = dt.timedelta(seconds=120)


@dataclass(frozen=True)
class Point:
    """A place in degrees, WGS-84 or GCJ-02 as its context says."""

    lat: float
    lon: float

    @classmethod
    def of_e6(cls, lat_e6: int, lon_e6: int) -> Point:
        """The point of two whole numbers of 1e-6 degree."""
        return cls(lat_e6 / 1e6, lon_e6 / 1e6)

    def to_e6(self) -> tuple[int, int]:
        """Latitude and longitude in whole 1e-6 degree."""
        return round(self.lat * 1e6), round(self.lon * 1e6)


@dataclass(frozen=True)
class Fix:
    """What the phone reports; accuracy_dm None = not said, captured_at None = not said, altitude plays no part."""

    lat_e6: int
    lon_e6: int
    crs: str
    accuracy_dm: int | None
    captured_at: dt.datetime | None
    source: str | None = None


@dataclass(frozen=True)
class Site:
    """A clinic's place in WGS-84 and the radius of its fence in metres."""

    at: Point
    radius_m: int = RADIUS_M


@dataclass(frozen=True)
class Found:
    """The verdict over a fix: inside, outside or undetermined, metres to the nearest listed clinic, marks (§8)."""

    verdict: str
    distance_m: int | None = None
    flags: tuple[str, ...] = ()

    @property
    def band(self) -> str | None:
        """The band of the distance: what stays when the coordinates are erased."""
        return None if self.distance_m is None else band(self.distance_m)


def to_gcj02(point: Point) -> Point:
    """A WGS-84 point with the offset of Chinese maps; a point outside their rectangle as it is."""
    if not _offset_applies(point):
        return point
    x, y = point.lon - 105.0, point.lat - 35.0
    wave = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    latitude = math.radians(point.lat)
    squashed = 1.0 - _E2 * math.sin(latitude) ** 2
    meridian = _AXIS_M * (1.0 - _E2) / squashed**1.5
    parallel = _AXIS_M / math.sqrt(squashed) * math.cos(latitude)
    return Point(point.lat + math.degrees(north / meridian), point.lon + math.degrees(east / parallel))


def to_wgs84(point: Point, iterations: int = ITERATIONS) -> Point:
    """The WGS-84 point whose Chinese map position this is, by fixed-point iteration (§7.1: at most 1 mm off after 3)."""
    if not _offset_applies(point):
        return point
    guess = point
    for _ in range(iterations):
        there = to_gcj02(guess)
        guess = Point(guess.lat + point.lat - there.lat, guess.lon + point.lon - there.lon)
    return guess


def converted(point: Point, crs: str) -> Point:
    """The point in WGS-84, converted exactly once. ValueError for any system but wgs84 and gcj02 (BD-09 is refused)."""
    if crs not in CRS:
        raise ValueError(f"no such coordinate system: {crs}")
    return to_wgs84(point) if crs == "gcj02" else point


def distance_m(one: Point, other: Point) -> float:
    """Metres between two points of one system (haversine on a sphere of 6 371 008.8 m)."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def band(metres: float) -> str:
    """The distance band: 0-100, 100-300, 300-1000, 1000-5000, 5000+ (each limit belongs to the band below it)."""
    return BANDS[sum(metres > limit for limit in _LIMITS_M)]


def is_valid(lat_e6: int, lon_e6: int) -> bool:
    """Whether coordinates may be used: in range, and not both zero."""
    return abs(lat_e6) <= 90_000_000 and abs(lon_e6) <= 180_000_000 and (lat_e6, lon_e6) != (0, 0)


def judge(fix: Fix, sites: Iterable[Site], tapped_at: dt.datetime) -> Found:
    """The geofence verdict of §7.2 over the nearest listed clinic; without any clinic's place `undetermined`.

    `tapped_at` is the phone's own time of the tap where it gave one: a fix is older than 120 s by the same clock.
    """
    places = list(sites)
    if not places:
        return Found("undetermined", None, _marks(fix))
    verdict, distance = _nearest(converted(Point.of_e6(fix.lat_e6, fix.lon_e6), fix.crs), places, fix, tapped_at)
    flags = _marks(fix)
    if verdict == "outside" and fix.crs == "wgs84":
        shifted = to_wgs84(Point.of_e6(fix.lat_e6, fix.lon_e6))
        if _nearest(shifted, places, fix, tapped_at)[0] == "inside":
            return Found("undetermined", round(distance), (*flags, "crs_doubt"))
    return Found(verdict, round(distance), (*flags, "loc_outside") if verdict == "outside" else flags)


def fence(distance: float, accuracy_dm: int | None, radius_m: int) -> str:
    """The rows of §7.2 that look at distance and accuracy, first match: inside, outside or undetermined."""
    if not accuracy_dm or accuracy_dm > BLURRED_DM:
        return "undetermined"
    if distance - accuracy_dm / 10 <= radius_m:
        return "inside" if accuracy_dm <= USABLE_DM else "undetermined"
    return "outside"


def _nearest(at: Point, sites: list[Site], fix: Fix, tapped_at: dt.datetime) -> tuple[str, float]:
    distance, radius = min((distance_m(at, site.at), site.radius_m) for site in sites)
    old = fix.captured_at is not None and tapped_at - fix.captured_at > OLDEST_FIX
    return ("undetermined" if old else fence(distance, fix.accuracy_dm, radius)), distance


def _marks(fix: Fix) -> tuple[str, ...]:
    return ("loc_zero",) if fix.accuracy_dm == 0 else ()


def _offset_applies(point: Point) -> bool:
    return _LON[0] <= point.lon <= _LON[1] and _LAT[0] <= point.lat <= _LAT[1]
