"""How strong each kind of scan is when it is recorded, and what is marked."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest

from checkin.models import Poster
from checkin.usecases import history
from checkin.usecases.record import record_event
from shared import clock
from shared.ids import new_id
from shared.service import Runtime
from tests.checkin.scene import MONDAY, MORNING, clinic, doctor, id_of, item, shown_digits, shown_k, ticket
from tests.checkin.usecases.tapping import HOUR, fact_of, tapped


def test_a_forwarded_photo_of_the_code_has_poster_strength(rt: Runtime) -> None:
    k = shown_k(rt, MORNING)
    recorded = tapped(rt, MORNING + dt.timedelta(seconds=40), k=k)
    assert (recorded.row.strength, recorded.row.slot, fact_of(rt, recorded)["code_check"]) == ("poster", None, "stale")


def test_the_code_of_another_day_has_poster_strength_online_and_offline(rt: Runtime) -> None:
    yesterday = shown_k(rt, MORNING - 24 * HOUR)
    assert tapped(rt, k=yesterday).row.strength == "poster"
    kept = tapped(rt, MORNING + HOUR, k=yesterday, online=False, device_time=clock.iso(MORNING + HOUR))
    assert (kept.row.strength, kept.row.flags) == ("poster", ["code_unverified", "late_sync"])


@pytest.mark.parametrize(("later", "strength"), [
    (dt.timedelta(minutes=4, seconds=59), "fresh"), (dt.timedelta(minutes=5, seconds=1), "kiosk"), (24 * HOUR, "poster"),
])  # fmt: skip
def test_a_ticket_may_be_tapped_late_and_keeps_its_time(rt: Runtime, later: dt.timedelta, strength: str) -> None:
    recorded = tapped(rt, MORNING + later, ticket=ticket(rt, MORNING))
    assert recorded.row.strength == strength
    assert recorded.row.effective_at == MORNING
    assert recorded.row.service_date == MONDAY
    weak = tapped(rt, MORNING + later + HOUR, k=shown_k(rt, MORNING + later + HOUR))  # a new scan works
    assert weak.row.strength == "fresh"


def test_digits_typed_online_are_fresh(rt: Runtime) -> None:
    recorded = tapped(rt, typed=shown_digits(rt, MORNING))
    assert (recorded.row.method, recorded.row.strength) == ("typed", "fresh")


def test_digits_alone_find_the_clinic_among_those_of_the_posting(rt: Runtime) -> None:
    who = doctor(rt, "D2")
    with clock.at(MORNING):
        _, recorded = record_event(rt, who, item(rt, who, site=None, typed=shown_digits(rt, MORNING, "SQ2")))
    assert recorded.row.clinic_id == id_of(rt, "clinic", "SQ2")
    assert recorded.row.strength == "fresh"


def test_a_clinic_merely_named_is_recorded_without_strength(rt: Runtime) -> None:
    who = doctor(rt)
    with clock.at(MORNING):
        _, recorded = record_event(rt, who, item(rt, who, site=None, clinic_id=id_of(rt, "clinic", "SQ1")))
    assert (recorded.row.method, recorded.row.strength) == ("none", "none")


def test_the_code_of_another_clinic_is_recorded_and_marked(rt: Runtime) -> None:
    recorded = tapped(rt, site="SQ2", k=shown_k(rt, MORNING, "SQ2"))
    assert recorded.row.flags == ["code_foreign"]
    assert history.answer(rt, doctor(rt), recorded)["attendance"]["evidence_line"] == (
        "有疑点,处理前暂不计入:不是您派驻医疗点的码。您可以补充说明"
    )


def test_a_revoked_poster_is_recorded_and_marked(rt: Runtime) -> None:
    place = clinic(rt)
    digest = hashlib.sha256(place.site_token.encode()).hexdigest()
    with rt.db.transaction() as session:
        session.add(Poster(id=new_id(), clinic_id=place.id, token_sha256=digest, issued_at=MORNING, issued_by=None,
                           pdf_sha256="0" * 64, png_sha256="0" * 64, revoked_at=MORNING))  # fmt: skip
    assert tapped(rt).row.flags == ["code_revoked"]
