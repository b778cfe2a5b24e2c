"""Settings laid over a programme: validated as in a rule file, and in force."""

from __future__ import annotations

import pytest

from tests.shared.rules.case_files import POSTING, explained, refused

CONTINUITY = [{"ask": "continuity", "rule": "ZZ-37"}]


@pytest.mark.parametrize(
    ("settings", "problems"),
    [
        ({"leave.colour": 1}, [("leave.colour", "setting_unknown")]),
        ({"leave": {"cap_workdays": 1}}, [("leave", "setting_unknown")]),
        ({"programme.title": "x"}, [("programme.title", "setting_unknown")]),
        ({"leave.cap_workdays": -1}, [("leave.cap_workdays", "setting_value")]),
        ({"leave.cap_workdays": 1.5}, [("leave.cap_workdays", "setting_value")]),
        ({"ordered.continuity": "ignore"}, [("ordered.continuity", "setting_value")]),
        ({"session.am": ["12:00", "08:00"]}, [("session.am", "setting_value")]),
        ({"session.min_minutes": 500}, [("session.min_minutes", "setting_value")]),
        ({"absence.break_total_workdays": 2}, [("absence.break_total_workdays", "setting_value")]),  # below the run
        ({"leave.approve": [{"by": "doctor"}]}, [("leave.approve", "setting_value")]),
        ({"programme.effective_to": "2021-02-30"}, [("programme.effective_to", "setting_value")]),
        ({"programme.effective_to": "2020-01-01"}, [("programme.effective_to", "setting_value")]),
        ({"programme.effective_from": None}, [("programme.effective_from", "setting_value")]),
        ({"x.y": 1, "leave.cap_workdays": "ten"}, [("x.y", "setting_unknown"), ("leave.cap_workdays", "setting_value")]),
    ],
)
def test_what_is_wrong_with_a_setting(settings, problems):
    assert refused(settings=settings) == [(f"settings.{name}", code) for name, code in problems]


def test_an_override_is_in_force():
    leave = [{"kind": "leave", "from": "2026-04-13", "to": "2026-04-24"}]
    def met(**keys):
        return explained(events=leave, questions=CONTINUITY, **keys)["answers"][0]["met_on"]

    assert met() == "2026-09-01"
    assert met(settings={"leave.cap_workdays": 5}) == "2026-09-08"


def test_optional_settings_may_be_given():
    assert refused(settings={"accumulate.min_stay_months": 3, "accumulate.count_since": "title"}) == []


def test_the_effective_dates_may_be_moved_and_left_open():
    assert explained(settings={"programme.effective_to": "2026-12-31"})["warnings"] == []
    assert explained(settings={"programme.effective_to": None})["warnings"] == []
    assert len(explained(settings={"programme.effective_to": "2026-09-29"})["warnings"]) == 1
    assert refused(settings={"programme.effective_from": "2026-09-29", "programme.effective_to": "2026-09-29"}) == []


@pytest.mark.parametrize(("recipient", "problems"), [
    ("", [("postings[0].recipient", "value")]), ("  ", [("postings[0].recipient", "value")]), ("x" * 2000, []),
    ("x" * 2001, [("postings[0].recipient", "value")]), (7, [("postings[0].recipient", "type")]),
])  # fmt: skip
def test_a_text_has_content_and_an_end(recipient, problems):
    assert refused(postings=[{**POSTING, "recipient": recipient}]) == problems
