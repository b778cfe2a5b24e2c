"""Leave and ordered work of a case: which half-days each record lies over, and by which postings its length is counted."""

from __future__ import annotations

import pytest

from tests.shared.rules.case_files import explained, halves

SHORT = {"start": "2026-03-02", "end": "2026-04-14"}
OPEN = {"start": "2026-04-20", "end": None, "clinics": ["C2"]}
LEAVE = {"kind": "leave", "from": "2026-04-13", "to": "2026-04-16", "approved_by": "recipient_admin"}
"""Four workdays, one more than a recipient may grant; two of them in the first posting."""


@pytest.mark.parametrize(("postings", "status"), [
    ([SHORT], "L"), ([{**SHORT, "end": "2026-04-15"}], "L"), ([{**SHORT, "end": "2026-04-16"}], "X"),
    ([{**SHORT, "end": None}], "X"), ([SHORT, OPEN], "L"), ([SHORT, {**OPEN, "start": "2026-04-16"}], "L"),
    ([SHORT, {**OPEN, "start": "2026-04-15"}], "X"),
])  # fmt: skip
def test_a_slip_is_as_long_as_the_duty_half_days_of_all_postings_it_lies_over(postings, status: str) -> None:
    assert halves("2026-04-13", postings=postings, events=[LEAVE], as_of="2026-05-06T08:00") == [(status, None)] * 2


@pytest.mark.parametrize(("keys", "before", "after"), [
    ({"filed_at": "2026-04-10T09:00"}, "A", "L"),
    ({"filed_at": "2026-04-10T09:00", "approved_at": "2026-04-13T18:30", "approved_by": "county_officer"}, "P", "L"),
    ({"filed_at": "2026-04-10T09:00", "decision": "pending"}, "P", "P"),
])  # fmt: skip
def test_a_slip_is_known_when_it_is_filed_and_granted_when_it_is_decided(keys, before: str, after: str) -> None:
    slip = {"kind": "leave", "date": "2026-04-13", **keys}
    asked = {"postings": [{**SHORT, "end": "2026-09-30"}], "events": [slip]}
    assert halves("2026-04-13", **asked, as_of="2026-04-13T18:30")[1][0] == after
    first = "2026-04-10T08:59" if before == "A" else "2026-04-13T18:29"
    told = explained(**asked, as_of=first, questions=[{"ask": "day", "date": "2026-04-13"}])["answers"][0]["sessions"]
    assert told[1]["status"] == ("" if before == "A" else before)


def test_of_what_is_known_for_good_a_slip_nobody_decided_is_refused() -> None:
    slip = {"kind": "leave", "date": "2026-04-13", "decision": "pending"}
    assert halves("2026-04-13", events=[slip]) == [("X", None)] * 2
