"""Two counties in a database: 柳岸 with two supporting hospitals, 远山 in another county; November 2026 folded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from services.progress.actors import JOBS
from shared import clock, ledger
from shared.access import store as access
from shared.directory.models import Organisation, Person
from shared.ids import new_id
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.factories.directory import directory, id_of
from tests.factories.workbook import END, PROGRAMME, START, Rows, world

MONTH = "2026-11"
NOW = dt.datetime(2026, 12, 9, 6, 0, tzinfo=clock.SHANGHAI)


MORE: Rows = {
    "机构": [
        {"机构编码": "WJ2", "名称": "远山县卫生健康局", "类别": "县级卫健"},
        {"机构编码": "YY2", "名称": "青禾区中医院", "类别": "支援医院", "所在县": "WJ"},
        {"机构编码": "SQ9", "名称": "远山镇卫生院", "类别": "受援机构", "所在县": "WJ2"},
        {"机构编码": "SQ7", "名称": "空谷卫生院", "类别": "受援机构", "所在县": "WJ"},
    ],
    "执业点": [{"执业点编码": "SQ91", "名称": "远山镇卫生院", "机构编码": "SQ9"}],
    "人员": [
        {"工号": "D3", "姓名": "白景行", "手机": "13900000013", "机构编码": "YY2", "角色": "派驻医师", "专业": "中医科"},
        {"工号": "D9", "姓名": "顾长安", "手机": "13900000019", "机构编码": "YY2", "角色": "派驻医师"},
        {"工号": "A2", "姓名": "沈一舟", "手机": "13900000023", "机构编码": "YY2", "角色": "支援医院医务科"},
        {"工号": "R9", "姓名": "贺远", "手机": "13900000029", "机构编码": "SQ9", "角色": "受援医院医务科"},
        {"工号": "C9", "姓名": "许望", "手机": "13900000039", "机构编码": "WJ2", "角色": "县级卫健部门"},
    ],
    "协议": [
        {"协议编号": number, "项目编码": PROGRAMME, "支援机构": supporter, "受援机构": where, "签订日期": START, "起始": START}
        for number, supporter, where in (("XY2", "YY2", "SQ"), ("XY9", "YY2", "SQ9"), ("XY7", "YY", "SQ7"))
    ],
    "派驻": [
        {"派驻编号": number, "工号": person, "项目编码": PROGRAMME, "协议编号": agreement, "受援机构": where,
         "执业点编码": clinic, "方式": "驻点", "起始": START, "截止": END}
        for number, person, agreement, where, clinic in (("P3", "D3", "XY2", "SQ", "SQ1"), ("P9", "D9", "XY9", "SQ9", "SQ91"))
    ],
}  # fmt: skip
"""A second supporter at 柳岸, a recipient in another county, and one without postings."""


def rows() -> Rows:
    """The small world and MORE."""
    return {sheet: [*found, *MORE.get(sheet, [])] for sheet, found in world().items()}


def build(rt: Runtime) -> None:
    """Import the world, record a few days of P1 and fold November."""
    with clock.at(dt.datetime(2026, 8, 28, tzinfo=dt.UTC)):
        directory(rt, rows())
    for day in (2, 3, 4):
        attend(rt, dt.date(2026, 11, day))
    fold(rt)


def fold(rt: Runtime, at: dt.datetime = NOW) -> None:
    """Fold and judge November of every posting, as the worker does."""
    job = next(job for job in JOBS if job.name == "progress.fold_day")
    with clock.at(at):
        for code in ("P1", "P2", "P3", "P9"):
            touched = {"entry_id": f"test:{code}", "posting_id": id_of(rt, "posting", code), "day_from": "2026-11-01",
                       "day_to": "2026-11-30"}  # fmt: skip
            prepared = job.prepare(rt, touched)
            with rt.db.transaction() as session:
                job.apply(rt, session, touched, prepared)


def attend(rt: Runtime, day: dt.date) -> None:
    """P1 attends both sessions of a date and logs its outpatient morning."""
    tap(rt, day, "in", dt.time(7, 52))
    tap(rt, day, "out", dt.time(17, 40))
    record(rt, day, "worklog.recorded", dt.time(17, 45), type="outpatient", session="am", department="内科",
           clinic_id=id_of(rt, "clinic", "SQ1"), counts={"visits": 12}, record_ref=["MZ1"], notes="", unattended=False,
           filed_at=clock.iso(instant(day, dt.time(17, 45))))  # fmt: skip


def tap(rt: Runtime, day: dt.date, direction: str, at: dt.time) -> None:
    record(rt, day, "attendance.recorded", at, direction=direction, direction_source="tapped", method="rotating",
           clinic_id=id_of(rt, "clinic", "SQ1"), effective_at=clock.iso(instant(day, at)), strength="fresh", flags=[])  # fmt: skip


def record(rt: Runtime, day: dt.date, kind: str, at: dt.time, **payload: Any) -> None:
    """Append a fact of P1."""
    posting, person = id_of(rt, "posting", "P1"), id_of(rt, "person", "D1")
    with clock.at(instant(day, at)), rt.db.transaction() as session:
        ledger.append(
            session, rt.keys, kind=kind, stream=ledger.Stream.posting(posting), subject=posting, days=(day, day),
            actor=ledger.Actor(person, "doctor", None),
            payload={"posting_id": posting, "client_event_id": new_id(), "service_date": day.isoformat(), **payload},
        )  # fmt: skip


def instant(day: dt.date, at: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, at, clock.SHANGHAI)


def recipient(rt: Runtime, code: str = "SQ") -> str:
    """The id of a recipient."""
    return id_of(rt, "organisation", code)


def who(rt: Runtime, person: str, role: str, scope: str | None = None) -> Principal:
    """A person in a role over an organisation (the own one unless said)."""
    with rt.db.read() as session:
        found = session.execute(sa.select(Person.id, Person.organisation_id).where(Person.code == person)).one()
        place = (
            session.scalars(sa.select(Organisation.id).where(Organisation.code == scope)).one() if scope else found[1]
        )
    return Principal(f"account-{person}", found[0], (Grant(role, place),))


def bearer(rt: Runtime, principal: Principal) -> dict[str, str]:
    """The header of a script signed in as this principal."""
    with rt.db.transaction() as session:
        account = access.add_account(session, principal.person_id, new_id()[:30])
        access.set_grants(session, account.id, list(principal.grants))
        token, _ = access.open_token(session, account.id)
    return {"Authorization": f"Bearer {token}"}
