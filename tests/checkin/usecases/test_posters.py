"""Posters are issued by the hospital's own office and are facts of the clinic."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from checkin import commands
from checkin.usecases import posters
from shared import clock, ledger
from shared.ledger.models import LedgerEntry
from shared.problems import NotFound
from shared.service import Runtime
from tests.checkin.browser import application, sign_in
from tests.checkin.scene import MORNING, clinic, counts, id_of, new_rows, principal


def test_issuing_prints_two_files_and_appends_to_the_clinics_stream(rt: Runtime) -> None:
    before, place = counts(rt), clinic(rt)
    with clock.at(MORNING):
        issued = posters.issue_poster(rt, principal(rt, "R1", "recipient_admin"), place.id)
    grown = new_rows(before, counts(rt))
    assert {name: grown[name] for name in ("poster", "file", "ledger_entry", "ledger_payload")} == {
        "poster": 1, "file": 2, "ledger_entry": 1, "ledger_payload": 1,
    }  # fmt: skip
    with rt.db.read() as session:
        assert ledger.head(session, rt.keys, ledger.Stream.clinic(place.id)) is not None
        entry_id = session.scalars(sa.select(LedgerEntry.id).where(LedgerEntry.kind == "clinic.poster_issued")).one()
        fact = ledger.fact(session, entry_id)
        assert not ledger.verify(session, rt.keys)
    assert fact is not None
    assert fact.payload["token_sha256"] == hashlib.sha256(place.site_token.encode()).hexdigest()
    assert fact.payload["actor"]["role"] == "recipient_admin"
    reader = principal(rt, "R1", "recipient_admin")
    assert posters.read_poster(rt, reader, place.id, issued.id, "pdf").startswith(b"%PDF")
    assert posters.read_poster(rt, reader, place.id, issued.id, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize(("person", "role"), [("A1", "recipient_admin"), ("R1", "supporter_admin"), ("D1", "doctor")])
def test_nobody_else_issues_or_reads(rt: Runtime, person: str, role: str) -> None:
    place = clinic(rt)
    with clock.at(MORNING):
        issued = posters.issue_poster(rt, principal(rt, "R1", "recipient_admin"), place.id)
    before = counts(rt)
    with pytest.raises(NotFound):
        posters.issue_poster(rt, principal(rt, person, role), place.id)
    with pytest.raises(NotFound):
        posters.read_poster(rt, principal(rt, person, role), place.id, issued.id, "pdf")
    assert new_rows(before, counts(rt)) == {}


def test_a_poster_is_fetched_under_its_own_clinic_and_form_only(rt: Runtime) -> None:
    admin = principal(rt, "R1", "recipient_admin")
    with clock.at(MORNING):
        issued = posters.issue_poster(rt, admin, id_of(rt, "clinic", "SQ1"))
    for clinic_id, poster_id, suffix in (
        (id_of(rt, "clinic", "SQ2"), issued.id, "pdf"), (issued.clinic_id, "none", "pdf"), (issued.clinic_id, issued.id, "svg"),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            posters.read_poster(rt, admin, clinic_id, poster_id, suffix)


def test_the_route_answers_with_links_that_lead_to_the_files(rt: Runtime) -> None:
    with clock.at(MORNING):
        client = application(rt)
        sign_in(rt, client, "R1", "recipient_admin")
        value = client.get("/api/identity/me").json
        assert value is not None
        headers = {"X-CSRF-Token": value["csrf_token"]}
        made = client.post(f"/api/checkin/clinics/{id_of(rt, 'clinic', 'SQ1')}/posters", headers=headers)
        assert made.status_code == 201
        assert made.json is not None
        for suffix, kind in (("pdf", "application/pdf"), ("png", "image/png")):
            got = client.get(made.json["links"][suffix])
            assert (got.status_code, got.mimetype) == (200, kind)
        assert client.post("/api/checkin/clinics/none/posters", headers=headers).status_code == 404


@pytest.mark.parametrize("name", ["SQ2", "柳岸东站"])
def test_the_operator_prints_again_and_writes_nothing(rt: Runtime, tmp_path: Path, name: str) -> None:
    before = counts(rt)
    done = CliRunner().invoke(commands.app, [name, "--out", str(tmp_path / "out")], obj=lambda: rt)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["poster-SQ2.pdf", "poster-SQ2.png"]
    assert new_rows(before, counts(rt)) == {}


def test_an_unknown_clinic_is_bad_usage(rt: Runtime) -> None:
    done = CliRunner().invoke(commands.app, ["nowhere"], obj=lambda: rt)
    assert done.exit_code == 2
    assert "nowhere" in done.output
