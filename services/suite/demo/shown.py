"""What a person needs to look at the demo world: addresses and sign-ins. Demo sign-ins exist in the demo world alone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.suite.demo.storage import migrated
from services.suite.demo.world import GUEST, MARK
from shared.directory.models import Clinic, Person, Posting
from shared.problems import NotFound
from shared.roles import ROLES
from shared.service import Runtime

PASSWORD = "qinghe-yanshi-2026"
OFFICES = ("R1", "A1", "C1", "C2", "S1")
MODES = ("resident", "rounds", "taskforce")


def shown_people(session: Session) -> list[str]:
    """Codes of the people whose sign-in is shown: one physician of each mode, then the offices."""
    first = [
        session.scalars(sa.select(Posting).where(Posting.mode == mode).order_by(Posting.code).limit(1)).first()
        for mode in MODES
    ]
    ids = [posting.person_id for posting in first if posting]
    codes = {row.id: row.code for row in session.execute(sa.select(Person.id, Person.code).where(Person.id.in_(ids)))}
    return [codes[key] for key in ids] + [f"{MARK}-{code}" for code in OFFICES]


def show(rt: Runtime) -> dict[str, Any]:
    """{"addresses": [{title, url}], "sign_ins": [{role, name, phone, password}], "once": what `zhudian once` uses}.

    Raises NotFound without demo data, and always in production.
    """
    if rt.settings.production:
        raise NotFound("no demo data in production")
    if not migrated(rt):
        raise NotFound("no tables yet: zhudian migrate makes them")
    with rt.db.read() as session:
        guest = session.scalars(sa.select(Person).where(Person.code == f"{MARK}{GUEST + 1:03d}")).first()
        if guest is None:
            raise NotFound("no demo data: zhudian demo makes it")
        posting = session.scalars(sa.select(Posting).where(Posting.person_id == guest.id)).one()
        clinic = session.get_one(Clinic, posting.clinics[0])
        people = {row.code: row for row in session.scalars(sa.select(Person))}
        shown = [people[code] for code in shown_people(session)]
        return {
            "addresses": _addresses(rt.settings.public_base_url, clinic),
            "sign_ins": [_sign_in(one) for one in shown],
            "once": {
                "physician": _sign_in(guest), "officer": _sign_in(people[f"{MARK}-C1"]),
                "site_token": clinic.site_token, "screen_token": clinic.screen_token,
            },
        }  # fmt: skip


def _addresses(base: str, clinic: Clinic) -> list[dict[str, str]]:
    pages = (
        ("登录", "/login"), ("医师手机页", "/app/today"), (f"扫码签到({clinic.name})", f"/c/{clinic.site_token}"),
        ("门诊屏幕(动态码)", f"/screen/{clinic.screen_token}"), ("月度督导报告", "/sup/reports"), ("规则文件和日历", "/sup/programmes"),
        ("接口文档", "/api/docs"),
    )  # fmt: skip
    return [{"title": title, "url": base + path} for title, path in pages]


def _sign_in(one: Person) -> dict[str, str]:
    roles = "、".join(ROLES[role].label for role in one.roles)
    return {"role": roles, "name": one.name, "phone": one.phone, "password": PASSWORD}
