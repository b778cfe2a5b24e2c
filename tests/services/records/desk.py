"""People and bodies of the small world for tests of records: two counties, their hospitals and authorities."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from typing import Any

import sqlalchemy as sa
from PIL import Image

from services.records.domain import catalogue
from services.records.usecases import deciding, filing
from shared import clock, ledger
from shared.directory.models import Pair, Person
from shared.ledger.models import LedgerEntry
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.factories.directory import id_of
from tests.factories.workbook import Rows, two_counties

NOON = dt.datetime(2026, 11, 17, 12, 0, tzinfo=clock.SHANGHAI)
PROGRAMME = "zhongzhan-demo"
_numbers = itertools.count(1)


def rows() -> Rows:
    """Two counties, with a personnel office, a finance office and the office of the second recipient."""
    found = two_counties()
    found["人员"] += [
        {"工号": "H1", "姓名": "温如玉", "手机": "13900000091", "机构编码": "YY", "角色": "支援医院人事科"},
        {"工号": "F1", "姓名": "岳书窈", "手机": "13900000092", "机构编码": "WJ", "角色": "财务"},
        {"工号": "R9", "姓名": "白鹿野", "手机": "13900000093", "机构编码": "SQ9", "角色": "受援医院医务科"},
    ]
    return found


def who(rt: Runtime, code: str, role: str) -> Principal:
    """A person of the world in one role over the own organisation."""
    with rt.db.read() as session:
        row = session.scalars(sa.select(Person).where(Person.code == code)).one()
    return Principal(f"account-{code}", row.id, (Grant(role, row.organisation_id),))


def about(rt: Runtime, kind: str, code: str = "") -> str:
    """A subject by the code of its sheet; the pair is the only one."""
    if kind == "pair":
        with rt.db.read() as session:
            return f"pair:{session.scalars(sa.select(Pair.id)).one()}"
    table = {"posting": "posting", "person": "person"}.get(kind, "organisation")
    return f"{kind}:{id_of(rt, table, code)}"


def body(subject: str, **fields: Any) -> dict[str, Any]:
    """A body with an id of its own."""
    return {"client_event_id": f"{next(_numbers):032x}", "about": subject, **fields}


def file(rt: Runtime, person: Principal, slug: str, sent: dict[str, Any]) -> filing.Filed:
    """File at noon of the test's day."""
    with clock.at(NOON):
        return filing.file_record(rt, person, catalogue.BY_SLUG[slug], sent)


def decide(rt: Runtime, person: Principal, slug: str, path: str, record_id: str, **fields: Any) -> Any:
    """Decide at noon of the test's day."""
    kind = catalogue.BY_SLUG[slug]
    with clock.at(NOON):
        return deciding.decide(rt, person, kind, deciding.step_of(kind, path), record_id, fields)


def entries(rt: Runtime) -> int:
    """Number of ledger entries."""
    with rt.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(LedgerEntry)) or 0


def fact(rt: Runtime, entry_id: str) -> ledger.Fact:
    """The fact of an entry."""
    with rt.db.read() as session:
        found = ledger.fact(session, entry_id)
    assert found is not None
    return found


def png() -> bytes:
    """A small picture."""
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(target, "PNG")
    return target.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
