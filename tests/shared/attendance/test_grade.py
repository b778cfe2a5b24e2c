"""E9, E10: the decision table against a second, literal reading of it over the full cross product."""

from __future__ import annotations

import datetime as dt
from itertools import chain, combinations, product
from random import Random

import pytest

from shared.attendance import grade as grades
from shared.attendance import words
from shared.attendance.grade import Graded, Inputs, grade
from shared.calendar import at
from tests.shared.official import OFFICIAL

TABLE = """
 1 | upheld    | -   | -        | -      | -     | -      | -   | D | no  | D-UPHELD
 2 | red       | -   | -        | -      | -     | -      | -   | D | no  | D-FLAG
 3 | objection | -   | -        | -      | -     | -      | -   | D | no  | D-OBJECTION
 4 | -         | yes | -        | -      | -     | -      | -   | C | yes | C-CORRECTED
 5 | -         | no  | ok       | fresh  | w15   | inside | -   | A | yes | A-CODE-GEO
 6 | -         | no  | ok       | fresh  | w15   | -      | i24 | A | yes | A-CODE-SIGN
 7 | -         | no  | ok       | kiosk  | <=w72 | -      | i72 | A | yes | A-KIOSK-SIGN
 8 | -         | no  | ok,young | fresh  | <=w24 | -      | -   | B | yes | B-CODE
 9 | -         | no  | ok,young | kiosk  | <=w72 | -      | -   | B | yes | B-KIOSK
10 | -         | no  | ok,young | -      | <=w24 | inside | -   | B | yes | B-GEO
11 | -         | no  | ok,young | -      | <=w24 | -      | i24 | B | yes | B-SIGN
12 | -         | no  | -        | -      | -     | -      | off | C | yes | C-SIGN-OFF
13 | -         | no  | -        | -      | -     | -      | -   | C | no  | C-WEAK
"""
"""evidence.md §9 as it stands, columns #, R/O, X, K, Q, W, L, S, grade, counts, reason."""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
DOUBTS = (
    {}, {"upheld": True}, {"red": ("travel",)}, {"disputed": True}, {"upheld": True, "red": ("travel",)},
    {"red": ("travel",), "disputed": True}, {"upheld": True, "red": ("travel",), "disputed": True},
)  # fmt: skip
SIGNED = [frozenset(s) for s in chain.from_iterable(combinations(grades.SIGNATURES, n) for n in range(5))]


def every() -> list[Inputs]:
    """The full cross product of inputs."""
    return [
        Inputs(device, code, window, location, signed, corrected=corrected, **doubt)
        for device, code, window, location, signed, corrected, doubt in product(
            grades.DEVICES, grades.CODES, grades.WINDOWS, grades.LOCATIONS, SIGNED, (False, True), DOUBTS
        )
    ]


def looked_up(on: Inputs) -> tuple[str, bool, str]:
    """The first row of the table that fits, cell by cell."""
    for _, doubt, x, k, q, w, place, s, letter, counts, reason in ROWS:
        cells = (
            doubt == "-" or {"upheld": on.upheld, "red": bool(on.red), "objection": on.disputed}[doubt],
            x == "-" or (x == "yes") is on.corrected,
            k == "-" or on.device in k.split(","),
            q in ("-", on.code),
            w in ("-", on.window) or (w.startswith("<=") and grades.WINDOWS.index(on.window) <= grades.WINDOWS.index(w[2:])),
            place in ("-", on.location),
            s == "-" or s in on.signed,
        )
        if all(cells):
            return letter, counts == "yes", reason
    raise AssertionError(on)


def test_the_table_over_the_full_cross_product() -> None:
    inputs = every()
    assert len(inputs) == 3 * 4 * 4 * 4 * 16 * 2 * 7
    reached = set()
    for on in inputs:
        found = grade(on)
        assert (found.grade, found.counts, found.reason) == looked_up(on), on
        reached.add(found.reason)
    assert reached == {row[-1] for row in ROWS}


def rank(found: Graded) -> tuple[int, bool]:
    """The higher the better."""
    return (-grades.LETTERS.index(found.grade), found.counts)


def test_a_countersign_never_lowers_and_a_red_flag_never_raises() -> None:
    rng, inputs = Random(10), every()
    for on in rng.choices(inputs, k=100_000):
        more = on._replace(signed=on.signed | {rng.choice(grades.SIGNATURES)})
        worse = on._replace(red=(*on.red, rng.choice(("device_fork", "beacon_bad"))))
        assert rank(grade(more)) >= rank(grade(on)), (on, more)
        assert rank(grade(worse)) <= rank(grade(on)), (on, worse)


@pytest.mark.parametrize(
    ("on", "reason", "missing"),
    [
        (Inputs(), "C-WEAK", ("no-device", "no-code", "window-72h", "loc-none", "no-countersign")),
        (Inputs("none", "fresh", "w15"), "C-WEAK", ("no-device", "loc-none", "no-countersign")),
        (Inputs("ok", "poster", "w15", "undetermined"), "C-WEAK", ("poster-only", "loc-undetermined", "no-countersign")),
        (Inputs("ok", "fresh", "w15", "outside"), "B-CODE", ("loc-outside", "no-countersign")),
        (Inputs("young", "fresh", "w15", "inside", frozenset({"i24"})), "B-CODE", ("device-young",)),
        (Inputs("ok", "fresh", "w15", "none", frozenset({"late"})), "B-CODE", ("loc-none", "countersign-late")),
        (Inputs("ok", "fresh", "w15", "none", frozenset({"i72"})), "B-CODE", ("loc-none", "countersign-late")),
        (Inputs("ok", "kiosk", "w72", "outside"), "B-KIOSK", ("no-countersign",)),
        (Inputs("ok", "fresh", "w72", "inside"), "C-WEAK", ("window-24h", "no-countersign")),
        (Inputs("ok", "poster", "w15", "inside"), "B-GEO", ("poster-only", "no-countersign")),
        (Inputs("none", "poster", "w15", "none", frozenset({"off"})), "C-SIGN-OFF",
         ("no-device", "poster-only", "loc-none", "no-countersign")),
        (Inputs("ok", "fresh", "w15", "inside"), "A-CODE-GEO", ()),
        (Inputs(corrected=True), "C-CORRECTED", ()), (Inputs(red=("travel",)), "D-FLAG", ()),
    ],
)  # fmt: skip
def test_what_is_missing(on: Inputs, reason: str, missing: tuple[str, ...]) -> None:
    found = grade(on)
    assert (found.reason, found.missing) == (reason, missing)


def test_every_missing_code_is_reached_and_has_words() -> None:
    found = [grade(on) for on in every()]
    assert {code for each in found for code in each.missing} == set(words.MISSING)
    assert {each.reason for each in found} == {*words.REASONS, "C-WEAK", "D-FLAG"}
    assert all("None" not in words.grade_line(each) for each in found)


@pytest.mark.parametrize(
    ("on", "line"),
    [
        (Inputs("ok", "fresh", "w15", "inside"), "证据充分:本人手机、现场当时的码、定位在医院范围内"),
        (Inputs("ok", "fresh", "w15"), "证据较充分:本人手机扫到现场当时的码"),
        (Inputs("none", "poster", "w15", "inside"), "证据较弱,需他人确认后计入:没有绑定本人手机、只有固定海报的码、没有他人确认"),
        (Inputs(signed=frozenset({"off"})), "证据较弱,已计入:由院外人员确认在岗"),
        (Inputs(red=("travel", "device_fork")), "有疑点,处理前暂不计入:两次记录之间距离过远、手机记录不连续。您可以补充说明"),
        (Inputs(upheld=True), "不计入:疑点或异议已查实。您可以提出异议"),
    ],
)
def test_the_evidence_line(on: Inputs, line: str) -> None:
    assert words.grade_line(grade(on)) == line


def test_amber_marks_follow_the_line() -> None:
    assert words.grade_line(grade(Inputs("ok", "fresh", "w15")), ["clock_skew", "two_clinics"]).endswith("的码;手机时间不准")


@pytest.mark.parametrize(("given", "line"), [
    (("inside", "0-100", 8, None), "在医院范围内"), (("outside", "300-1000", 8, None), "不在医院范围内(约 300–1000 米)"),
    (("undetermined", None, 320, None), "无法判断(定位误差约 320 米)"), (("undetermined", None, None, None), "无法判断"),
    (("none", None, None, "timeout"), "已签到,未取得位置(定位超时)"), (("none", None, None, None), "已签到,未取得位置(您没有勾选)"),
])  # fmt: skip
def test_the_location_line(given: tuple[str, str | None, int | None, str | None], line: str) -> None:
    assert words.location_line(*given) == line


@pytest.mark.parametrize(("minutes", "name"), [
    (0, "w15"), (15, "w15"), (15.001, "w24"), (24 * 60, "w24"), (24 * 60.001, "w72"), (72 * 60, "w72"), (72 * 60.001, "over"),
])  # fmt: skip
def test_classes_of_the_window(minutes: float, name: str) -> None:
    assert grades.window_class(dt.timedelta(minutes=minutes)) == name
    assert grades.window_class(None) == "over"


def test_the_weakest_of_several() -> None:
    best, counted, weak = grade(Inputs("ok", "fresh", "w15", "inside")), grade(Inputs(corrected=True)), grade(Inputs())
    assert grades.weakest([best, counted]) == counted
    assert grades.weakest([weak, counted, best]) == weak
    assert grades.weakest([]) is None


FRIDAY = at(dt.date(2026, 11, 20), dt.time(17, 30))


@pytest.mark.parametrize(
    ("signed", "received", "found"),
    [
        (at(dt.date(2026, 11, 23), dt.time(17, 30)), FRIDAY, {"i24", "i72"}),  # Saturday and Sunday do not count
        (at(dt.date(2026, 11, 23), dt.time(17, 31)), FRIDAY, {"i72"}),
        (at(dt.date(2026, 11, 25), dt.time(17, 30)), FRIDAY, {"i72"}),
        (at(dt.date(2026, 11, 25), dt.time(17, 31)), FRIDAY, {"late"}),
        (at(dt.date(2026, 12, 1), dt.time(9)), at(dt.date(2026, 11, 30), dt.time(9)), {"i72"}),  # 24 h after receipt
        (at(dt.date(2026, 12, 1), dt.time(9, 1)), at(dt.date(2026, 11, 30), dt.time(9)), {"late"}),
    ],
)  # fmt: skip
def test_hours_of_rest_days_do_not_count(signed: dt.datetime, received: dt.datetime, found: set[str]) -> None:
    assert grades.signature_classes(OFFICIAL, signed, FRIDAY, received, off=False) == found
    assert grades.signature_classes(OFFICIAL, signed, FRIDAY, received, off=True) == found | {"off"}


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(ValueError, match="grade-9"):
        grade(Inputs(), "grade-9")
