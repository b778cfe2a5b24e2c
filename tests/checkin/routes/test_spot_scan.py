"""A scan of the clinic's code leads to the spot check that waits, and answers it."""

from __future__ import annotations

import datetime as dt
import html
import re
from urllib.parse import parse_qs, urlsplit

from shared import clock
from shared.service import Runtime
from tests.checkin.routes.test_requests import Script, application
from tests.checkin.scene import clinic, doctor, shown_k
from tests.checkin.usecases.asking import event
from tests.checkin.usecases.checks import begun, issued


def test_a_scan_answers_the_check_that_waits(rt: Runtime) -> None:
    mine, nobody = Script(rt, doctor(rt)), application(rt)
    row = issued(rt, begun(rt)[0])
    with clock.at(row.issued_at + dt.timedelta(minutes=2)):
        address = f"/c/{clinic(rt).site_token}"
        poster = mine.page(address)
        fresh = mine.page(f"{address}?k={shown_k(rt, clock.now())}")
        (link,) = re.findall(r'href="(/app/spot/[^"]+\?[^"]+)"', fresh)
        asked = parse_qs(urlsplit(html.unescape(link)).query)
        body = event(kind="spot", person=doctor(rt).person_id, check_id=row.id, site_token=asked["site"][0], ticket=asked["ticket"][0])
        status, answer = mine.post(f"/api/checkin/spot/{row.id}/answer", {"body": body})
        assert "/app/spot/" not in nobody.get(address).text
        assert "/app/spot/" not in mine.page(address)
    assert f'href="/app/spot/{row.id}"' in poster
    assert (status, answer["verdict"], answer["check"]["state"]) == (201, "in_time", "answered")
