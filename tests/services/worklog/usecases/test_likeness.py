"""A diary that repeats another and a photo that was used before are marked where the fold sees it, and never refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from services.progress.usecases.fold import fold_and_judge
from services.progress.usecases.rebuild import rebuild
from services.worklog.usecases.diaries import submit_diary
from services.worklog.usecases.photos import store_photo
from shared import clock
from shared.progress import lookup
from shared.progress.models import RaisedFlag
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, id_of, world
from tests.services.worklog.pictures import encoded, picture

TEXT = "上午出门诊,慢病复诊较多,调整了降压方案;下午带教查房,讲解抗生素使用。"
EVENING = MORNING.replace(hour=20)
DAY = dt.timedelta(days=1)


def write(rt: Runtime, code: str, at: dt.datetime, text: str = TEXT, day: dt.date | None = None, photos: tuple[str, ...] = ()) -> str:
    """Hand in a diary; gives its entry."""
    body: dict[str, Any] = {
        "client_event_id": secrets.token_hex(16), "person": doctor(rt, code).person_id,
        "service_date": (day or at.date()).isoformat(), "text": text, "activities": [], "photo_sha256": list(photos),
        "declaration": bool(photos),
    }  # fmt: skip
    with clock.at(at):
        return str(submit_diary(rt, doctor(rt, code), {"body": body})[1]["diary"]["id"])


def upload(rt: Runtime, code: str, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    with clock.at(EVENING):
        store_photo(rt, doctor(rt, code), digest, data)
    return digest


def raised(rt: Runtime) -> dict[str, str]:
    """Marked entry → code."""
    with rt.db.read() as session:
        return {row.target: row.code for row in session.scalars(sa.select(RaisedFlag))}


def test_a_diary_of_another_or_another_day_said_again_is_a_mark(rt: Runtime) -> None:
    write(rt, "D1", EVENING)
    other = write(rt, "D2", EVENING + dt.timedelta(hours=1), TEXT + "完")
    own = write(rt, "D1", EVENING + DAY)
    different = write(rt, "D1", EVENING + 2 * DAY, "参加病例讨论,就慢阻肺急性加重的处理交换意见,形成了一份书面小结并已存档。")
    assert raised(rt) == {other: "diary_similar", own: "diary_similar"}
    assert different not in raised(rt)


def test_a_diary_handed_in_again_for_its_day_repeats_nobody(rt: Runtime) -> None:
    write(rt, "D1", EVENING)
    write(rt, "D1", EVENING + dt.timedelta(minutes=5))
    assert raised(rt) == {}


@pytest.mark.parametrize(("days", "marked"), [(60, True), (61, False)])
def test_only_the_last_sixty_days_are_looked_at(rt: Runtime, days: int, marked: bool) -> None:
    write(rt, "D1", EVENING)
    later = write(rt, "D1", EVENING + days * DAY)
    assert (later in raised(rt)) is marked


@pytest.mark.parametrize("text_first", [True, False])
def test_the_same_photo_and_one_that_looks_the_same_are_a_mark_whichever_came_first(rt: Runtime, text_first: bool) -> None:
    first = encoded(picture())
    smaller = encoded(picture().resize((800, 600)), quality=60)
    photo = upload(rt, "D1", first)
    write(rt, "D1", EVENING, "第一天的工作日志", photos=(photo,))
    digest = hashlib.sha256(smaller).hexdigest()
    if not text_first:
        upload(rt, "D2", smaller)
    again = write(rt, "D2", EVENING + DAY, "第二天的工作日志", photos=(digest,))
    if text_first:
        assert raised(rt) == {}
        upload(rt, "D2", smaller)
    assert raised(rt) == {again: "photo_reused"}
    same_day = write(rt, "D1", EVENING + dt.timedelta(hours=1), "第一天的工作日志,改过", photos=(photo,))
    assert same_day not in raised(rt)


def test_another_photo_is_no_mark(rt: Runtime) -> None:
    one = upload(rt, "D1", encoded(picture()))
    two = upload(rt, "D1", encoded(picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    write(rt, "D1", EVENING, "第一天的工作日志", photos=(one,))
    write(rt, "D1", EVENING + DAY, "第二天的工作日志", photos=(two,))
    assert raised(rt) == {}


@pytest.mark.parametrize("database", ["rt", "pg_rt"])
def test_the_day_carries_both_marks_and_a_rebuild_gives_the_same(request: pytest.FixtureRequest, database: str) -> None:
    rt: Runtime = request.getfixturevalue(database)
    if database == "pg_rt":
        world(rt)
    photo = upload(rt, "D1", encoded(picture()))
    write(rt, "D1", EVENING, photos=(photo,))
    write(rt, "D1", EVENING + DAY, photos=(photo,))
    posting, tuesday = id_of(rt, "posting", "P1"), (EVENING + DAY).date()
    with clock.at(EVENING + 2 * DAY):
        with rt.db.transaction() as session:
            fold_and_judge(session, rt.keys, posting, EVENING.date(), tuesday)
        assert [one for one in rebuild(rt, "2026-11") if one.posting == "P1" and one.where.startswith("2026-11-2")] == []
    with rt.db.read() as session:
        found = lookup.days(session, [posting], EVENING.date(), tuesday)
    assert found[posting, EVENING.date()].flags == ()
    assert found[posting, tuesday].flags == ("diary_similar", "photo_reused")
