"""Who may read which part of a recipient's month, and what everybody else is told."""

import pytest

from services.reports.usecases import listing, monthly
from services.reports.usecases.scope import split
from shared import clock
from shared.problems import MonthNotBegun, NotFound
from tests.services.reports.places import MONTH, recipient, who

WHOLE = ["林知远", "何清越", "白景行"]


def names(rt, principal, code="SQ", month=MONTH):
    return [row["name"] for row in monthly.monthly(rt, principal, recipient(rt, code), month).report["presence"]]


@pytest.mark.parametrize(
    ("person", "role", "scope", "seen"),
    [
        ("R1", "recipient_admin", None, WHOLE), ("C1", "county_officer", None, WHOLE), ("C1", "auditor", "SQ", WHOLE),
        ("A1", "supporter_admin", None, WHOLE[:2]), ("A2", "supporter_admin", None, WHOLE[2:]),
        ("D1", "doctor", None, WHOLE[:1]), ("D3", "doctor", None, WHOLE[2:]),
    ],
)  # fmt: skip
def test_each_reader_gets_the_own_part(world, person, role, scope, seen):
    assert names(world, who(world, person, role, scope)) == seen


@pytest.mark.parametrize(
    ("person", "role", "scope"),
    [
        ("R9", "recipient_admin", None), ("C9", "county_officer", None), ("D9", "doctor", None), ("C9", "auditor", "SQ9"),
        ("R1", "witness", None), ("A1", "hr_officer", None), ("C1", "system_admin", None), ("D1", "team_leader", None),
    ],
)  # fmt: skip
def test_a_foreign_hospital_is_not_found(world, person, role, scope):
    with pytest.raises(NotFound):
        names(world, who(world, person, role, scope))


@pytest.mark.parametrize("key", ["", "no-such-id", "0" * 36])
def test_an_unknown_recipient_is_not_found(world, key):
    with pytest.raises(NotFound):
        monthly.monthly(world, who(world, "C1", "county_officer"), key, MONTH)


def test_a_supporter_is_no_recipient(world):
    with pytest.raises(NotFound):
        names(world, who(world, "C1", "county_officer"), "YY")


def test_a_part_says_whose_it_is_and_shows_only_own_seats(world):
    own = monthly.monthly(world, who(world, "D3", "doctor"), recipient(world), MONTH).report
    assert own["head"]["part_of"] == "本人:白景行"
    assert own["seats"] == []
    whole = monthly.monthly(world, who(world, "R1", "recipient_admin"), recipient(world), MONTH).report
    assert whole["head"]["part_of"] is None
    assert [seat["seat_no"] for seat in whole["seats"]] == ["X1"]
    supporter = monthly.monthly(world, who(world, "A2", "supporter_admin"), recipient(world), MONTH).report
    assert supporter["head"]["part_of"] == "支援医院:青禾区中医院"


def test_the_only_supporter_reads_the_whole_report(world):
    assert (
        monthly.monthly(world, who(world, "A2", "supporter_admin"), recipient(world, "SQ9"), MONTH).report["head"][
            "part_of"
        ]
        is None
    )


def test_a_physician_has_no_part_of_a_month_without_a_posting(world):
    with pytest.raises(NotFound):
        names(world, who(world, "D1", "doctor"), month="2026-08")


def test_a_month_in_the_future_has_not_begun(world):
    with pytest.raises(MonthNotBegun):
        names(world, who(world, "R1", "recipient_admin"), month="2027-01")


def test_u33_a_month_begins_at_midnight_in_shanghai(world):
    reader = who(world, "R1", "recipient_admin")
    with clock.at(clock.parse_iso("2026-11-30T15:59:59.000Z")), pytest.raises(MonthNotBegun):
        names(world, reader, month="2026-12")
    with clock.at(clock.parse_iso("2026-11-30T16:00:00.000Z")):
        assert names(world, reader, month="2026-12") == WHOLE


@pytest.mark.parametrize(
    "period",
    ["2026-13", "2026-00", "2026-1", "26-11", "2026-11.exe", "2026-11.PDF", "2026-11.pdf.html", "x", "2026-11-01"],
)
def test_what_is_no_month_or_format_is_not_found(period):
    with pytest.raises(NotFound):
        split(period)


def test_a_recipient_without_postings_has_an_empty_report(world):
    made = monthly.monthly(world, who(world, "C1", "county_officer"), recipient(world, "SQ7"), MONTH)
    assert made.report["head"]["sentence"] == "2026年11月名册无派驻人员。"


def test_an_unknown_programme_is_not_found(world):
    with pytest.raises(NotFound):
        monthly.monthly(world, who(world, "R1", "recipient_admin"), recipient(world), MONTH, "no-such-programme")


@pytest.mark.parametrize(
    ("person", "role", "codes"),
    [("R1", "recipient_admin", {"SQ"}), ("C9", "county_officer", {"SQ9"}), ("A2", "supporter_admin", {"SQ", "SQ9"}),
     ("D1", "doctor", {"SQ"}), ("R1", "witness", set())],
)  # fmt: skip
def test_the_list_holds_what_can_be_opened(world, person, role, codes):
    reader = who(world, person, role)
    items = listing.reports(world, reader, None, 50)
    assert {item["recipient"]["code"] for item in items} == codes
    for item in items:
        assert (
            monthly.monthly(world, reader, item["recipient"]["id"], item["month"]).report["head"]["month"]
            == item["month"]
        )


def test_the_list_goes_on_where_it_stopped(world):
    reader = who(world, "A2", "supporter_admin")
    whole = listing.reports(world, reader, None, 50)
    assert [item["month"] for item in whole] == sorted((item["month"] for item in whole), reverse=True)
    assert whole[0]["month"] == "2026-12"
    first = listing.reports(world, reader, None, 3)[:3]
    rest = listing.reports(world, reader, listing.key_of(first[-1]), 50)
    assert first + rest == whole
