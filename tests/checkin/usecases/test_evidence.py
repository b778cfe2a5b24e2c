"""The phone's key, the place and the beacon at the tap (E5, E6, E8 of evidence.md §17): they mark, they never refuse."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.models import Attendance
from checkin.usecases import fact, history
from checkin.usecases.record import record_event
from checkin.usecases.repeat import Recorded
from services.identity.usecases import consents
from shared import clock, device, ledger
from shared.access.models import Device
from shared.attendance import geo
from shared.directory.models import Clinic
from shared.ledger import beacon
from shared.ledger.models import LedgerEntry, LedgerPayload
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, item, shown_digits, shown_k, ticket, world
from tests.checkin.usecases.tapping import fact_of
from tests.factories.phone import Phone

PLACE = geo.Point(31.5, 108.5)
SALT = base64.urlsafe_b64encode(bytes(range(32))).rstrip(b"=").decode()
HOUR = dt.timedelta(hours=1)
Item = dict[str, Any]


@pytest.fixture
def rt(rt: Runtime) -> Runtime:
    world(rt)
    return rt


@pytest.fixture
def phone(rt: Runtime) -> Phone:
    """The phone of D1, enrolled with the invitation long ago."""
    found = Phone("D1")
    found.enrolled(rt, doctor(rt).person_id or "")
    return found


def sent(rt: Runtime, made: Item, at: dt.datetime = MORNING, code: str = "D1") -> Recorded:
    with clock.at(at):
        return record_event(rt, doctor(rt, code), made)[1]


def shown(rt: Runtime, recorded: Recorded) -> Item:
    return history.answer(rt, doctor(rt), recorded)["attendance"]


def fresh(rt: Runtime, **body: Any) -> Item:
    return item(rt, doctor(rt), k=shown_k(rt, MORNING), direction="in", device_time=clock.iso(MORNING), **body)


def test_a_signed_scan_is_b_and_the_entry_carries_key_and_signature(rt: Runtime, phone: Phone) -> None:
    made = phone.signed(fresh(rt))
    recorded = sent(rt, made)
    said = shown(rt, recorded)
    assert (said["grade"], said["counts"], said["reason"], said["grade_version"]) == ("B", True, "B-CODE", "grade-1")
    assert (said["missing"], said["missing_text"]) == (["loc-none", "no-countersign"], ["没有位置", "没有他人确认"])
    assert said["evidence_line"] == "证据较充分:本人手机扫到现场当时的码"
    with rt.db.read() as session:
        entry = json.loads(session.get_one(LedgerEntry, recorded.entry.entry_id).entry)
        assert (entry["dev"], entry["dsig"]) == (phone.thumbprint, made["device"]["signature"])
        assert device.verifies(phone.jwk, entry["dsig"], ledger.jcs(fact_of(rt, recorded)["body"]))
        assert ledger.verify(session, rt.keys) == []


@pytest.mark.parametrize("spoil", [
    lambda made: made["device"].update(signature="A" * 86), lambda made: made["body"].update(direction="out"),
    lambda made: made["device"].update(thumbprint="A" * 43),
])  # fmt: skip
def test_a_signature_that_does_not_verify_marks_and_never_refuses(rt: Runtime, phone: Phone, spoil: Any) -> None:
    made = phone.signed(fresh(rt))
    spoil(made)
    said = shown(rt, sent(rt, made))
    assert (said["flags"], said["grade"], said["counts"]) == (["sig_invalid"], "C", False)
    assert said["missing"][0] == "no-device"


def test_a_young_key_is_b_at_most(rt: Runtime) -> None:
    new = Phone("new")
    new.enrolled(rt, doctor(rt).person_id or "", MORNING - 23 * HOUR)
    said = shown(rt, sent(rt, new.signed(fresh(rt))))
    assert (said["flags"], said["grade"], said["missing"][0]) == (["device_young"], "B", "device-young")


def test_a_key_that_nobody_confirmed_stays_young(rt: Runtime) -> None:
    further = Phone("further")
    further.enrolled(rt, doctor(rt).person_id or "", MORNING - 300 * HOUR, "sign_in")
    assert sent(rt, further.signed(fresh(rt))).row.flags == ["device_young"]


def test_the_key_of_another_physician_is_a_red_flag(rt: Runtime, phone: Phone) -> None:
    who = doctor(rt, "D2")
    made = phone.signed(item(rt, who, k=shown_k(rt, MORNING), direction="in"))
    said = shown(rt, sent(rt, made, code="D2"))
    assert (said["flags"], said["grade"], said["counts"]) == (["device_shared"], "D", False)
    assert said["evidence_line"] == "有疑点,处理前暂不计入:这台手机有多人使用。您可以补充说明"


def test_a_browser_that_was_another_physicians_is_a_red_flag_for_thirty_days(rt: Runtime) -> None:
    def tap(code: str, at: dt.datetime) -> list[str]:
        with clock.at(at):
            made = item(rt, doctor(rt, code), direction="in")
            return record_event(rt, doctor(rt, code), made, install="one browser")[1].row.flags

    assert tap("D1", MORNING) == []
    assert tap("D2", MORNING + HOUR) == ["device_shared"]
    assert tap("D2", MORNING + dt.timedelta(days=30, hours=2)) == []


def test_a_revoked_key_is_a_red_flag(rt: Runtime, phone: Phone) -> None:
    with rt.db.transaction() as session:
        session.execute(sa.update(Device).values(revoked_at=MORNING - HOUR))
    assert sent(rt, phone.signed(fresh(rt))).row.flags == ["device_revoked"]


def test_more_than_three_keys_in_ninety_days_are_a_mark(rt: Runtime) -> None:
    person = doctor(rt).person_id or ""
    for number in range(4):
        Phone(str(number)).enrolled(rt, person, MORNING - dt.timedelta(days=60 + number), "invitation")
        if number < 3:
            with rt.db.transaction() as session:
                session.execute(sa.update(Device).values(revoked_at=MORNING - HOUR))
    assert sent(rt, Phone("3").signed(fresh(rt))).row.flags == ["device_many"]


# ---- the place


def set_place(rt: Runtime, code: str = "SQ1") -> None:
    lat, lon = PLACE.to_e6()
    with rt.db.transaction() as session:
        session.execute(sa.update(Clinic).where(Clinic.code == code).values(lat_e6=lat, lon_e6=lon, crs="wgs84"))


def agree(rt: Runtime, *, given: bool = True) -> None:
    with clock.at(MORNING - HOUR):
        consents.answer(rt, doctor(rt), {"screen": "L", "version": "L-2026-11", "language": "zh-CN", "given": given})


def located(rt: Runtime, at: geo.Point = PLACE, **over: Any) -> Item:
    """A fresh tap with a fix beside it."""
    lat, lon = at.to_e6()
    fix = {"lat_e6": lat, "lon_e6": lon, "crs": "wgs84", "accuracy_dm": 80, "altitude_dm": None,
           "captured_at": clock.iso(MORNING), "source": "browser", **over}  # fmt: skip
    loc = hashlib.sha256(b"zhudian/v1/loc\n" + bytes(range(32)) + ledger.jcs(fix)).hexdigest()
    return {**fresh(rt, loc=loc), "location": {"salt": SALT, **fix}}


def test_key_code_and_place_are_a(rt: Runtime, phone: Phone) -> None:
    set_place(rt)
    agree(rt)
    recorded = sent(rt, phone.signed(located(rt)))
    said, told = shown(rt, recorded), fact_of(rt, recorded)
    assert (said["grade"], said["reason"], said["missing"]) == ("A", "A-CODE-GEO", [])
    assert (said["evidence_line"], said["location_line"]) == ("证据充分:本人手机、现场当时的码、定位在医院范围内", "在医院范围内")
    assert (told["loc_verdict"], told["distance_band"], told["judged"]["accuracy_m"]) == ("inside", "0-100", 8)
    assert "31500000" not in json.dumps(told)  # the fact holds no coordinates
    with rt.db.read() as session:
        kept = session.get_one(LedgerPayload, recorded.entry.entry_id)
        assert json.loads(kept.loc or b"")["lat_e6"] == 31_500_000
        assert kept.loc_salt != kept.fact_salt
        assert json.loads(session.get_one(LedgerEntry, recorded.entry.entry_id).entry)["cl"]


def test_a_location_without_consent_is_dropped(rt: Runtime, phone: Phone) -> None:
    set_place(rt)
    recorded = sent(rt, phone.signed(located(rt)))
    assert (recorded.row.loc_failure, recorded.row.loc_verdict) == ("no_consent", "none")
    assert shown(rt, recorded)["location_line"] == "已签到,未取得位置(未同意读取位置)"
    with rt.db.read() as session:
        assert session.get_one(LedgerPayload, recorded.entry.entry_id).loc is None


def test_a_withdrawn_consent_is_none(rt: Runtime, phone: Phone) -> None:
    set_place(rt)
    agree(rt)
    with clock.at(MORNING - HOUR / 2):
        consents.answer(rt, doctor(rt), {"screen": "L", "version": "L-2026-11", "language": "zh-CN", "given": False})
    assert sent(rt, phone.signed(located(rt))).row.loc_failure == "no_consent"


@pytest.mark.parametrize("spoil", [
    lambda made: made["location"].update(lat_e6=31_500_001), lambda made: made["location"].update(salt="AAAA"),
    lambda made: made["location"].update(salt="!"), lambda made: made["body"].pop("loc"),
])  # fmt: skip
def test_a_location_that_does_not_open_the_body_is_dropped(rt: Runtime, spoil: Any) -> None:
    set_place(rt)
    agree(rt)
    made = located(rt)
    spoil(made)
    recorded = sent(rt, made)
    assert (recorded.row.loc_failure, recorded.row.flags) == ("invalid", ["loc_invalid"])
    with rt.db.read() as session:
        assert session.get_one(LedgerPayload, recorded.entry.entry_id).loc is None


def test_null_island_is_no_place(rt: Runtime) -> None:
    agree(rt)
    assert sent(rt, located(rt, geo.Point(0, 0))).row.loc_failure == "invalid"


@pytest.mark.parametrize(
    ("at", "over", "verdict", "flags"),
    [
        (geo.Point(31.51, 108.5), {}, "outside", ["loc_outside"]),
        (PLACE, {"accuracy_dm": 0}, "undetermined", ["loc_zero"]),
        (PLACE, {"accuracy_dm": 5_001}, "undetermined", []),
        (PLACE, {"captured_at": clock.iso(MORNING - dt.timedelta(seconds=121))}, "undetermined", []),
        (geo.to_gcj02(PLACE), {}, "undetermined", ["crs_doubt"]),
        (geo.to_gcj02(PLACE), {"crs": "gcj02"}, "inside", []),
    ],
)
def test_verdicts_and_marks(rt: Runtime, at: geo.Point, over: Item, verdict: str, flags: list[str]) -> None:
    set_place(rt)
    agree(rt)
    row = sent(rt, located(rt, at, **over)).row
    assert (row.loc_verdict, row.flags) == (verdict, flags)


def test_the_line_of_a_tap_from_elsewhere_says_about_how_far(rt: Runtime, phone: Phone) -> None:
    set_place(rt)
    agree(rt)
    said = shown(rt, sent(rt, phone.signed(located(rt, geo.Point(31.51, 108.5)))))
    assert (said["location_line"], said["grade"]) == ("不在医院范围内(约 1000–5000 米)", "B")  # location never gates


def test_any_listed_clinic_of_the_posting_will_do(rt: Runtime) -> None:
    set_place(rt, "SQ2")  # D2 is posted to SQ1 and SQ2 and taps with the code of SQ1
    with clock.at(MORNING - HOUR):
        consents.answer(rt, doctor(rt, "D2"), {"screen": "L", "version": "1", "language": "zh-CN", "given": True})
    made = located(rt)
    made["body"]["person"] = doctor(rt, "D2").person_id
    assert sent(rt, made, code="D2").row.loc_verdict == "inside"


# ---- beacons and the window


def beacon_id(rt: Runtime, at: dt.datetime, code: str = "D1") -> str:
    return beacon.make(rt.keys.beacon_signer, doctor(rt, code).person_id or "", at)["id"]


@pytest.mark.parametrize(("age", "window"), [
    (dt.timedelta(minutes=15), "w15"), (dt.timedelta(minutes=16), "w24"), (25 * HOUR, "w72"), (73 * HOUR, "over"),
])  # fmt: skip
def test_a_beacon_bounds_a_tap_without_a_code_from_below(rt: Runtime, phone: Phone, age: dt.timedelta, window: str) -> None:
    made = item(rt, doctor(rt), direction="in", beacon_id=beacon_id(rt, MORNING - age))
    told = fact_of(rt, sent(rt, phone.signed(made)))
    assert told["judged"]["window"] == window
    assert (told["proven_from"] is None) is (window == "over")


@pytest.mark.parametrize("name", ["AAAA", None])
def test_a_forged_beacon_or_that_of_another_is_a_red_flag(rt: Runtime, phone: Phone, name: str | None) -> None:
    made = fresh(rt, beacon_id=name or beacon_id(rt, MORNING, "D2"))
    said = shown(rt, sent(rt, phone.signed(made)))
    assert (said["flags"], said["grade"]) == (["beacon_bad"], "D")


@pytest.mark.parametrize(("minutes", "strength", "flags"), [(10, "kiosk", []), (12, "poster", ["code_unverified"])])
def test_a_beacon_later_than_the_offline_code_unverifies_it(
    rt: Runtime, phone: Phone, minutes: int, strength: str, flags: list[str]
) -> None:
    made = item(rt, doctor(rt), typed=shown_digits(rt, MORNING), online=False, direction="in",
                device_time=clock.iso(MORNING), beacon_id=beacon_id(rt, MORNING + dt.timedelta(minutes=minutes)))  # fmt: skip
    row = sent(rt, phone.signed(made), MORNING + HOUR).row
    assert (row.strength, row.flags) == (strength, flags)


def test_e5_a_ticket_that_waits_is_weaker_and_later_never_lost(rt: Runtime, phone: Phone) -> None:
    grades = {}
    for number, wait in enumerate((dt.timedelta(minutes=4, seconds=59), dt.timedelta(minutes=5, seconds=1), 24 * HOUR)):
        at = MORNING + number * dt.timedelta(minutes=20)
        made = item(rt, doctor(rt), ticket=ticket(rt, at), direction="in")
        recorded = sent(rt, phone.signed(made), at + wait)
        assert recorded.row.effective_at == at
        grades[wait] = (recorded.row.strength, shown(rt, recorded)["reason"])
    assert list(grades.values()) == [("fresh", "B-CODE"), ("kiosk", "B-KIOSK"), ("poster", "C-WEAK")]


def test_e6_an_offline_code_after_twenty_days_is_verified_and_weak(rt: Runtime, phone: Phone) -> None:
    made = item(rt, doctor(rt), k=shown_k(rt, MORNING), online=False, direction="in", device_time=clock.iso(MORNING))
    recorded = sent(rt, phone.signed(made), MORNING + dt.timedelta(days=20))
    said = shown(rt, recorded)
    assert (said["strength"], said["grade"], said["reason"]) == ("kiosk", "C", "C-WEAK")
    assert said["missing"] == ["window-72h", "no-countersign"]


def test_what_comes_later_shows_when_the_record_is_read_again(rt: Runtime, phone: Phone) -> None:
    who = doctor(rt)
    recorded = sent(rt, phone.signed(fresh(rt)))
    with clock.at(MORNING + HOUR):
        assert history.read_event(rt, who, recorded.row.id)["reason"] == "B-CODE"
        with rt.db.transaction() as session:
            ledger.append(
                session, rt.keys, kind="attendance.countersigned", stream=ledger.Stream.posting(recorded.row.posting_id),
                actor=ledger.Actor("W1", "witness", "somewhere"),
                payload={"posting_id": recorded.row.posting_id, "service_date": "2026-11-23", "targets": [recorded.row.id],
                         "independent": True, "off_rota": False, "statement": "saw_on_site"},
            )  # fmt: skip
        read = history.read_event(rt, who, recorded.row.id)
        assert (read["grade"], read["reason"]) == ("A", "A-CODE-SIGN")
        assert read["evidence_line"] == "证据充分:本人手机、现场当时的码、同事 24 小时内确认"
        assert history.own_events(rt, who, None, 10)[0]["grade"] == "A"


def test_a_record_from_before_grades_keeps_its_line(rt: Runtime) -> None:
    recorded = sent(rt, fresh(rt))
    with rt.db.transaction() as session:
        session.execute(sa.update(Attendance).values(judged=None))
    with rt.db.read() as session:
        old = fact.view(session.get_one(Attendance, recorded.row.id), "柳岸")
    assert (old["grade"], old["counts"], old["missing"]) == (None, None, [])
    assert old["evidence_line"] == "证据较充分:扫到的是现场当时的码"


def test_every_answer_brings_a_beacon_of_the_person(rt: Runtime, phone: Phone) -> None:
    with clock.at(MORNING):
        answer = history.answer(rt, doctor(rt), sent(rt, phone.signed(fresh(rt))))
    person = doctor(rt).person_id or ""
    assert answer["beacon"]["person"] == person
    assert beacon.hear(rt.keys.beacon_signer, answer["beacon"]["id"], person, MORNING).at == MORNING
