"""/sup/questions over HTTP: the reader's own recipients, real day facts of the small world, nothing written."""

import pytest
import sqlalchemy as sa

from services.reports.service import SERVICE
from shared.http.app import create_web
from tests.services.reports.places import MONTH, bearer, recipient, who

PAGE = {"Accept": "text/html"}


@pytest.fixture
def client(world):
    return create_web(world, [SERVICE]).test_client()


def test_the_officers_read_questions_and_choose_recipient_and_month(world, client):
    before = rows(world)
    for person, role in (("C1", "county_officer"), ("A1", "supporter_admin")):
        headers = {**bearer(world, who(world, person, role)), **PAGE}
        answer = client.get("/sup/questions", query_string={"month": MONTH}, headers=headers)
        assert (answer.status_code, "待了解的情况" in answer.text) == (200, True)
        assert f'value="{recipient(world, "SQ")}" selected' in answer.text
        assert "不作为结论" in answer.text
    assert rows(world) == before


def rows(world):
    with world.db.read() as session:
        return [session.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in ("ledger_entry", "report_version", "outbox_message")]


@pytest.mark.parametrize(("query", "status"), [
    ({"month": "2099-01"}, 422), ({"month": "soon"}, 404), ({"recipient": "missing"}, 404), ({"month": "2026-11.pdf"}, 404),
])  # fmt: skip
def test_what_is_not_there_is_told(world, client, query, status):
    headers = {**bearer(world, who(world, "C1", "county_officer")), **PAGE}
    assert client.get("/sup/questions", query_string=query, headers=headers).status_code == status


def test_the_recipient_itself_is_not_asked(world, client):
    headers = {**bearer(world, who(world, "R1", "recipient_admin")), **PAGE}
    assert client.get("/sup/questions", headers=headers).status_code == 403
