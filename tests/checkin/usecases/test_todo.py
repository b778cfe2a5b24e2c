"""待办: filled by the fold, seen by whoever may decide, never by who asked; the same after a rebuild."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from checkin.usecases import todo as page
from checkin.usecases.deciding import Ruling
from checkin.usecases.leave import file_leave
from checkin.usecases.leave_decide import rule_leave
from services.progress import actors
from services.progress.usecases.rebuild import rebuild
from shared import clock
from shared.progress.models import OpenRequest
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.checkin.scene import MONDAY, MORNING, doctor, id_of
from tests.checkin.usecases.asking import DAY, EVENING, asked, drain, office, ruled, todo, with_accounts
from tests.checkin.usecases.tapping import proven
from tests.checkin.usecases.test_leave import body


def leave(rt: Runtime, last: str = "2026-11-30", at: dt.datetime = EVENING) -> str:
    """A leave from Tuesday on."""
    with clock.at(at):
        return file_leave(rt, doctor(rt), body(rt, "2026-11-24", last))[1].id


def rows(rt: Runtime) -> list[tuple[Any, ...]]:
    """The open requests as stored."""
    with rt.db.read() as session:
        columns = (OpenRequest.id, OpenRequest.kind, OpenRequest.role, OpenRequest.scope_id, OpenRequest.day_from, OpenRequest.day_to)
        return [tuple(row) for row in session.execute(sa.select(*columns).order_by(OpenRequest.id))]


def test_the_fold_fills_it_and_a_decision_empties_it(rt: Runtime) -> None:
    with_accounts(rt)
    row = asked(rt)
    assert rows(rt) == []
    drain(rt)
    assert rows(rt) == [(row.id, "correction", "recipient_admin", id_of(rt, "organisation", "SQ"), MONDAY, MONDAY)]
    ruled(rt, row)
    drain(rt)
    assert rows(rt) == []


def test_it_says_who_asks_what_what_it_does_and_how_long_it_waits(rt: Runtime) -> None:
    with_accounts(rt)
    asked(rt, sessions=["am", "pm"], reason_code="rescue", text="急诊抢救")
    drain(rt)
    (one,) = todo(rt, office(rt), EVENING + 2 * DAY)
    assert one["person"]["name"] == "林知远"
    assert (one["what"], one["reason"], one["waited_workdays"]) == ("11月23日 上午、下午 补签(整个半天)", "抢救/急诊。急诊抢救", 2)
    assert (one["left"], one["limit"]) == (2, 3)
    assert one["effect"].startswith("补后连续派驻")
    assert [action["label"] for action in one["actions"]] == ["同意", "退回补充", "不同意"]


def test_leave_moves_up_after_an_endorsement(rt: Runtime) -> None:
    name = leave(rt)
    drain(rt)
    (one,) = todo(rt, office(rt))
    assert one["actions"] == [{"decision": "endorsed", "label": "同意并转支援医院医务科"}]
    assert todo(rt, office(rt, "A1", "supporter_admin")) == []
    with clock.at(EVENING):
        rule_leave(rt, office(rt), name, Ruling("endorsed", together=6))
    drain(rt)
    assert todo(rt, office(rt)) == []
    (above,) = todo(rt, office(rt, "A1", "supporter_admin"))
    assert above["actions"][0]["label"] == "同意"
    assert above["endorsed"] == {"role": "受援医院医务科", "at": clock.iso(EVENING), "together": 6}, "in bulk, and the next level sees it"


def test_own_requests_are_never_shown(rt: Runtime) -> None:
    with_accounts(rt)
    who = doctor(rt)
    both = Principal(who.account_id, who.person_id, (*who.grants, Grant("recipient_admin", id_of(rt, "organisation", "SQ"))))
    row = asked(rt)
    leave(rt)
    drain(rt)
    assert todo(rt, both) == []
    with clock.at(EVENING):
        assert page.listing(rt, both, 0)["items"] == []
        assert page.chosen(rt, both, [row.id]) == []


def test_others_offices_see_nothing(rt: Runtime) -> None:
    with_accounts(rt)
    asked(rt)
    drain(rt)
    assert todo(rt, office(rt, "C1", "county_officer")) == []
    assert todo(rt, office(rt, "A1", "recipient_admin")) == []
    assert todo(rt, doctor(rt, "D2")) == []


def test_what_waited_five_workdays_is_the_countys_too(rt: Runtime) -> None:
    with_accounts(rt)
    asked(rt)
    drain(rt)
    night = dt.datetime(2026, 12, 1, 2, 20, tzinfo=clock.SHANGHAI)
    for at in (night - DAY, night):
        with clock.at(at), rt.db.transaction() as session:
            actors.nightly(rt, session, {"fire_at": str(at)}, None)
        drain(rt, at)
        seen = [len(todo(rt, office(rt, *who), at)) for who in (("R1", "recipient_admin"), ("C1", "county_officer"))]
        assert seen == ([1, 1] if at == night else [1, 0])


def test_a_rebuild_gives_the_same_and_repairs_what_is_wrong(rt: Runtime) -> None:
    with_accounts(rt)
    asked(rt)
    leave(rt)
    drain(rt)
    before = rows(rt)
    with rt.db.transaction() as session:
        session.delete(session.get_one(OpenRequest, before[0][0]))
        session.get_one(OpenRequest, before[1][0]).role = "city_officer"
        session.add(OpenRequest(id="bogus", kind="correction", posting_id=id_of(rt, "posting", "P1"), role="recipient_admin",
                                scope_id=None, asked_at=EVENING, asked_by=None, entry_id="none", day_from=MONDAY, day_to=MONDAY))  # fmt: skip
    with clock.at(EVENING):
        rebuild(rt, "2026-11")
    assert rows(rt) == before


def test_a_decision_leaves_the_page_before_the_fold_has_seen_it(rt: Runtime) -> None:
    with_accounts(rt)
    first, second = asked(rt), asked(rt, service_date="2026-11-20")
    drain(rt)
    ruled(rt, first)
    with clock.at(EVENING):
        assert [one["id"] for one in page.listing(rt, office(rt), 0)["items"]] == [second.id]


def test_the_detail_shows_both_times_and_now_beside_asked(rt: Runtime) -> None:
    with_accounts(rt)
    proven(rt, MORNING, device_time=clock.iso(MORNING - dt.timedelta(minutes=5)))
    row = asked(rt, what="missing_out", claimed_out="2026-11-23T12:10:00+08:00")
    drain(rt)
    with clock.at(EVENING):
        shown = page.detail(rt, office(rt), row.id)
    assert shown["taps"] == [{"what": "签到 07:52", "place": "柳岸社区卫生服务中心", "how": "现场码", "phone": "07:47", "received": "07:52"}]
    assert shown["halves"][0] == {"when": "11月23日 上午", "now": "待定(等待审批)", "then": "在岗(补签)"}
    assert (shown["what"], shown["state_words"], shown["history"]) == ("11月23日 上午 补签退 12:10", "待审批", [])
    ruled(rt, row, "rejected", "无依据")
    with clock.at(EVENING):
        again = page.detail(rt, office(rt), row.id)
    assert len(again["replaces"]) == 36
    assert again["history"][0]["note"] == "无依据"
