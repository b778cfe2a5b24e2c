"""Every figure of the demo county's reports that a person could count by hand is counted by hand here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from services.reports.usecases.listing import reports
from services.reports.usecases.monthly import monthly_for_operator
from shared.directory.models import Organisation
from shared.roles import Grant, Principal
from tests.fixtures.runtime import make_runtime
from tests.journeys.conftest import DATABASE
from tests.journeys.ledger_figures import figures


def test_every_report_says_what_the_facts_say(county_folder: Path) -> None:
    rt = make_runtime(county_folder, f"sqlite:///{county_folder / DATABASE}")
    with rt.db.read() as session:
        office = session.scalars(sa.select(Organisation.id).where(Organisation.kind == "county")).one()
    listed = reports(rt, Principal("reader", None, (Grant("county_officer", office),)), None, 100)

    assert len(listed) >= 5
    for item in listed:
        recipient, month = item["recipient"]["id"], item["month"]
        report = monthly_for_operator(rt, recipient, month).report
        wanted = figures(rt, recipient, month)
        work = {row["key"]: row["total"] for row in report["workload"]}
        for key in ("outpatient_visits", "outpatient_half_days", "ward_rounds"):
            assert value(work[key]) == getattr(wanted, key), (item["recipient"]["name"], month, key)
        assert value(report["diaries_total"]["submitted"]) == wanted.diaries
        assert value(report["diaries_total"]["photos"]) == wanted.photos
    rt.db.dispose()


def value(figure: dict[str, Any]) -> int:
    """The number of a figure; nobody reported anything counts as no fact."""
    return int(figure.get("value", 0))
