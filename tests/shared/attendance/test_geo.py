"""E8: GCJ-02 both ways, and the geofence at every boundary to a decimetre. Places are invented."""

from __future__ import annotations

import datetime as dt
import math
from random import Random

import pytest

from shared.attendance import geo
from shared.attendance.geo import Fix, Point, Site

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
HOME = Point(31.5, 108.5)
BERTH = Site(HOME, 300)


def north_of(point: Point, metres: float) -> Point:
    """The point so many metres along the meridian."""
    return Point(point.lat + math.degrees(metres / geo.EARTH_M), point.lon)


def fix(at: Point, accuracy_dm: int | None = 100, *, crs: str = "wgs84", age_s: float = 5, source: str = "browser") -> Fix:
    return Fix(*at.to_e6(), crs, accuracy_dm, NOON - dt.timedelta(seconds=age_s), source)


def random_points(count: int) -> list[Point]:
    rng = Random(7)
    return [Point(rng.uniform(18, 53), rng.uniform(74, 135)) for _ in range(count)]


@pytest.mark.parametrize(("iterations", "at_most_m"), [(1, 4.8), (2, 0.03), (3, 0.001)])
def test_the_inverse_is_as_close_as_the_specification_measured(iterations: int, at_most_m: float) -> None:
    worst = max(
        geo.distance_m(point, geo.to_wgs84(geo.to_gcj02(point), iterations)) for point in random_points(3_000)
    )
    assert worst <= at_most_m
    if iterations == 1:
        assert worst > 0.03  # else one iteration would do and the test could not tell them apart


def test_the_offset_lies_within_the_published_range() -> None:
    offsets = [geo.distance_m(point, geo.to_gcj02(point)) for point in random_points(3_000)]
    assert min(offsets) > 15
    assert max(offsets) < 700


@pytest.mark.parametrize(("city", "metres"), [((39.9087, 116.3975), 555), ((31.2304, 121.4737), 481), ((36.6171, 101.7782), 173)])
def test_the_offset_of_three_cities_is_the_known_one(city: tuple[float, float], metres: int) -> None:
    assert geo.distance_m(Point(*city), geo.to_gcj02(Point(*city))) == pytest.approx(metres, abs=6)


@pytest.mark.parametrize(
    ("point", "moved"),
    [
        (Point(30.0, 72.0039), False), (Point(30.0, 72.0041), True), (Point(30.0, 137.8346), True), (Point(30.0, 137.8348), False),
        (Point(0.8292, 100.0), False), (Point(0.8294, 100.0), True), (Point(55.8270, 100.0), True), (Point(55.8272, 100.0), False),
    ],
)  # fmt: skip
def test_outside_the_rectangle_nothing_moves(point: Point, moved: bool) -> None:
    assert (geo.to_gcj02(point) != point) is moved
    assert (geo.to_wgs84(point) != point) is moved


def test_haversine_gives_a_degree_of_the_meridian() -> None:
    assert geo.distance_m(Point(0, 0), Point(1, 0)) == pytest.approx(math.pi * geo.EARTH_M / 180)
    assert geo.distance_m(Point(0, 179.9), Point(0, -179.9)) == pytest.approx(0.2 * math.pi * geo.EARTH_M / 180)


@pytest.mark.parametrize(
    ("distance_dm", "accuracy_dm", "verdict"),
    [
        (3_099, 100, "inside"), (3_100, 100, "inside"), (3_101, 100, "outside"),  # distance − accuracy ≤ R
        (3_000, 1_999, "inside"), (3_000, 2_000, "inside"), (3_000, 2_001, "undetermined"),  # accuracy 200 m
        (3_000, 4_999, "undetermined"), (3_000, 5_000, "undetermined"), (3_000, 5_001, "undetermined"),  # 500 m
        (8_000, 5_000, "undetermined"), (8_001, 5_000, "outside"), (9_001, 5_001, "undetermined"),
        (0, 1, "inside"), (0, 0, "undetermined"), (0, None, "undetermined"), (50_000, 0, "undetermined"),
    ],
)  # fmt: skip
def test_the_fence_at_every_boundary(distance_dm: int, accuracy_dm: int | None, verdict: str) -> None:
    assert geo.fence(distance_dm / 10, accuracy_dm, 300) == verdict


@pytest.mark.parametrize(("radius", "metres", "verdict"), [
    (100, 109.9, "inside"), (100, 110.3, "outside"), (1000, 1009.8, "inside"), (1000, 1010.3, "outside"),
])  # fmt: skip
def test_each_clinic_has_its_own_radius(radius: int, metres: float, verdict: str) -> None:
    found = geo.judge(fix(north_of(HOME, metres), source="wx_sdk"), [Site(HOME, radius)], NOON)
    assert (found.verdict, found.distance_m) == (verdict, round(metres))


@pytest.mark.parametrize(("age_s", "verdict"), [(119.9, "inside"), (120, "inside"), (120.1, "undetermined")])
def test_a_fix_older_than_two_minutes_says_nothing(age_s: float, verdict: str) -> None:
    assert geo.judge(fix(HOME, age_s=age_s), [BERTH], NOON).verdict == verdict


def test_the_nearest_listed_clinic_is_judged() -> None:
    far = Site(north_of(HOME, 4_000), 300)
    assert geo.judge(fix(north_of(HOME, 3_900)), [BERTH, far], NOON).verdict == "inside"
    assert geo.judge(fix(north_of(HOME, 2_000)), [BERTH, far], NOON) == geo.Found("outside", 2_000, ("loc_outside",))


def test_no_place_known_is_undetermined() -> None:
    assert geo.judge(fix(HOME), [], NOON) == geo.Found("undetermined")


def test_a_chinese_map_point_of_the_clinic_is_inside() -> None:
    assert geo.distance_m(HOME, geo.to_gcj02(HOME)) > 310  # a mix-up would lie outside the fence
    found = geo.judge(fix(geo.to_gcj02(HOME), crs="gcj02"), [BERTH], NOON)
    assert (found.verdict, found.distance_m) == ("inside", 0)


def test_a_browser_that_may_have_reported_gcj_is_in_doubt_and_never_outside() -> None:
    found = geo.judge(fix(geo.to_gcj02(HOME)), [BERTH], NOON)
    assert (found.verdict, found.flags) == ("undetermined", ("crs_doubt",))


def test_a_wgs_reading_that_says_inside_stands() -> None:
    found = geo.judge(fix(north_of(HOME, 200)), [BERTH], NOON)
    assert (found.verdict, found.flags) == ("inside", ())


def test_accuracy_zero_is_a_mark() -> None:
    assert geo.judge(fix(HOME, 0), [BERTH], NOON).flags == ("loc_zero",)


@pytest.mark.parametrize(("metres", "band"), [
    (0, "0-100"), (100, "0-100"), (100.1, "100-300"), (300, "100-300"), (300.1, "300-1000"), (1000, "300-1000"),
    (1000.1, "1000-5000"), (5000, "1000-5000"), (5000.1, "5000+"),
])  # fmt: skip
def test_bands(metres: float, band: str) -> None:
    assert geo.band(metres) == band


@pytest.mark.parametrize(("lat", "lon", "valid"), [
    (0, 0, False), (0, 1, True), (1, 0, True), (90_000_000, 1, True), (90_000_001, 1, False), (1, -180_000_001, False),
])  # fmt: skip
def test_null_island_and_beyond_the_poles_are_invalid(lat: int, lon: int, valid: bool) -> None:
    assert geo.is_valid(lat, lon) is valid


def test_bd09_is_refused() -> None:
    with pytest.raises(ValueError, match="bd09"):
        geo.converted(HOME, "bd09")
