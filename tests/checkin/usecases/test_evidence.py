"""The phone's key, the place and the beacon at the tap (E5, E6, E8 of evidence.md §17): they mark, they never refuse."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.usecases import history
from checkin.usecases.record import record_event
from services.identity.usecases import consents
from shared import clock, device, ledger
from shared.access.models import Device
from shared.attendance import geo
from shared.db import Database
from shared.directory.models import Clinic
from shared.ledger.models import LedgerEntry, LedgerPayload
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, item, shown_k, world
from tests.checkin.usecases.signed import fresh, sent, shown
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


def test_a_key_that_was_swapped_afterwards_is_named_by_verify(rt: Runtime, phone: Phone) -> None:
    recorded = sent(rt, phone.signed(fresh(rt)))
    with rt.db.transaction() as session:  # as only the database's owner can
        for name in session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(sa.text(f"DROP TRIGGER {name}"))
        enrolment = session.scalars(sa.select(LedgerPayload).join(LedgerEntry, LedgerEntry.id == LedgerPayload.entry_id)
                                    .where(LedgerEntry.kind == "device.enrolled")).one()  # fmt: skip
        told = json.loads(enrolment.fact or b"")
        enrolment.fact = ledger.jcs({**told, "jwk": device.public_jwk(Phone("other").jwk)})
    with rt.db.read() as session:
        found = {difference.entry_id: difference.what for difference in ledger.verify(session, rt.keys)}
    assert found[recorded.entry.entry_id] == "the device signature does not verify"


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


def test_a_signed_scan_on_postgresql(pg_rt: Runtime) -> None:
    world(pg_rt)
    one, who = Phone("D1"), doctor(pg_rt)
    one.enrolled(pg_rt, who.person_id or "", MORNING - 300 * HOUR, "sign_in")
    set_place(pg_rt)
    agree(pg_rt)
    recorded = sent(pg_rt, one.signed(located(pg_rt)))
    assert (recorded.row.flags, recorded.row.loc_verdict, shown(pg_rt, recorded)["reason"]) == (["device_young"], "inside", "B-CODE")
    with clock.at(MORNING + HOUR):
        assert history.read_event(pg_rt, who, recorded.row.id)["reason"] == "B-CODE"


@pytest.mark.parametrize("signed", [False, True])
def test_key_and_grade_cost_no_further_look(rt: Runtime, phone: Phone, monkeypatch: pytest.MonkeyPatch, *, signed: bool) -> None:
    made, looks = fresh(rt), []
    made = phone.signed(made) if signed else made
    for name in ("rows", "read", "transaction"):
        whole = getattr(Database, name)

        def counted(self: Database, *args: Any, whole: Any = whole, name: str = name) -> Any:
            looks.append(name)
            return whole(self, *args)

        monkeypatch.setattr(Database, name, counted)
    with clock.at(MORNING):
        record_event(rt, Principal("a", made["body"]["person"], (Grant("doctor", "x"),)), made)
    assert looks == ["rows"]  # one look; the write is one statement of its own


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
