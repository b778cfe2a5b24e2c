"""The language of rule files as data: closed sets, metrics, keys of every table and kind (rules.md §1-3, §6). Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from shared.roles import ROLES
from shared.rules import values as v
from shared.rules.values import Check, Key, optional

SCHEMA = "duikou-rules/1"
RULE_ID = re.compile(r"[A-Z]{2}-[0-9]{2}[a-z]?\Z")
DATE_TYPE = dt.date


def words_of(text: str) -> frozenset[str]:
    """A closed set written as one line of words."""
    return frozenset(text.split())


SUBJECTS = words_of("doctor team pair supporter recipient county city province")
BASES = frozenset({"text", "inferred", "local"})
SEVERITIES = frozenset({"red", "amber", "info"})
OPS = frozenset({">=", ">", "==", "<=", "<"})
UNITS = words_of("half_day day month time case person person_trip person_time hospital area item bed percent CNY")
PERIODS = words_of("day week two_weeks month quarter half_year year posting posting_start programme once")
TITLE_RANKS = ("physician", "attending", "associate_chief", "chief")
RECIPIENT_LEVELS = frozenset({"below_basic", "basic", "recommended", "creating"})
ISSUERS = ("supporter", "county", "city", "province", "national")
"""Issuers of ordered work, rising."""
RULE_ROLES = words_of(
    "doctor team_leader recipient_admin supporter_admin county_officer city_officer province_officer "
    "quality_office hr_officer finance_officer"
)
"""Roles a rule may name (domain.md §3); account roles are not among them."""
APPROVERS = {name: role.level for name, role in ROLES.items() if role.level is not None}
EVIDENCE = words_of(
    "agreement archive_file assessment_form attendance continuity_cert credit_doc diary disclosure_notice event_record "
    "handover_form his_export inspection_record leave_form monthly_report opinion outpatient_log patient_feedback "
    "payroll phone_check photo plan record_ref registration roster round_log stats_table surgery_log trainee_record "
    "training_record walkthrough"
)
FEEDS = words_of(
    "registration_form monthly_clinic monthly_doctor quarterly_stats half_year_stats half_year_eval annual_summary "
    "assessment_form continuity_cert inspection_sheet archive promotion_dossier"
)
GATES = frozenset({"appoint_intermediate", "apply_associate_senior", "apply_senior"})
CREDITS = words_of("aid_abroad aid_tibet aid_xinjiang emergency_order mentoring")
CONFIRMERS = ("supporter", "county", "city", "province")
"""Whose named officer confirms a finding or approves an exception, rising."""
RECORD_REFS = "record_ref_per_attended_day"
"""What kind evidence asks for: 连续工作时间(以病历文书记录为依据)."""
ADDRESSEES = words_of("recipient supporter county city province hr team_leader national_system")


@dataclass(frozen=True)
class Metric:
    """A metric's unit, and whether it counts dated items (which `each` may filter)."""

    unit: str
    items: bool = False


def _metrics() -> dict[str, Metric]:
    states = {
        "half_day": "on_site_half_days outpatient_half_days",
        "day": "on_site_days",
        "item": "featured_specialties",
        "person": "mentees posted_persons posted_non_physician team_size team_mid_level_clinicians",
        "person_trip": "person_trips",
        "hospital": "pairs_recipients centres_level2",
        "area": "pairs_areas",
        "bed": "beds_managed",
        "CNY": "donated_drug_value",
        "percent": "arrival_rate outpatient_emergency_visits",
    }
    items = {
        "time": "activity ward_rounds trainings free_clinics survey_visits city_inspections county_checks "
        "county_evaluations county_inspections fund_inspections pair_evaluations quality_inspections self_checks "
        "supporter_checks",
        "case": "surgeries",
        "item": "four_ones guidelines_made new_techniques",
        "person": "trainees_completed",
    }
    found = {name: Metric(unit) for unit, names in states.items() for name in names.split()}
    return found | {name: Metric(unit, items=True) for unit, names in items.items() for name in names.split()}


METRICS: Mapping[str, Metric] = _metrics()
EACH_UNITS = {"duration": frozenset({"month", "day"}), "donated_drug_value": frozenset({"CNY"})}
"""What `each` may measure of an item, and in which units."""

_count = v.integer(0)
_some = v.integer(1)
_halves = v.list_of(v.one_of({"am", "pm"}))
_span = v.list_of(v.clock, length=2)
BASIS = Key(v.one_of(BASES))
_role = v.one_of(RULE_ROLES, "role_unknown")
_words = v.list_of(v.word)
_rung = v.table({"up_to_workdays": optional(_count), "by": Key(v.one_of(APPROVERS, "role_unknown"))})


def _keys(**checks: Check) -> dict[str, Key]:
    return {name: Key(check) for name, check in checks.items()}


def _maybe(**checks: Check) -> dict[str, Key]:
    return {name: optional(check) for name, check in checks.items()}


PROGRAMME = {
    **_keys(id=v.slug, title=v.text, issuer=v.text, source=v.text, effective_from=v.date),
    **_keys(calendar=v.one_of({"cn-mainland"}), timezone=v.one_of({"Asia/Shanghai"})),
    **_maybe(doc_no=v.text, issued=v.date, derived_from=v.slug, effective_to=v.date),
}
SETTINGS: Mapping[str, Mapping[str, Key]] = {
    "session": _keys(am=_span, pm=_span, min_minutes=v.integer(1, 1440), late_after_minutes=_count),
    "week": _keys(
        start=v.one_of({"mon"}), prorate=v.one_of({"ceil", "none"}),
        subtract=v.list_of(v.one_of({"leave", "ordered"}), empty=True),
    ),
    "leave": _keys(
        cap_workdays=_count, break_run_calendar_days=_some, late_filing_workdays=_count, approve=v.list_of(_rung),
    ),
    "absence": _keys(break_run_workdays=_some, break_total_workdays=_some),
    "ordered": _keys(
        continuity=v.one_of({"bridge", "count", "break"}), accumulate=v.one_of({"count", "bridge"}),
        min_issuer=v.one_of(ISSUERS[1:]), meeting_workdays_per_month=_count, travel_workdays_per_end=_count,
    ),
    "correction": _keys(window_workdays=_count, max_per_month=_count),
    "accumulate": {
        **_keys(day_to_month=_some, half_days_per_day=_some, days_per_month=_some),
        **_maybe(min_stay_months=_some, count_since=v.one_of({"licence", "title"})),
    },
    "continuity": _keys(rest_tail=v.boolean, rest_tail_max_days=_count),
    "lock": _keys(month_close_workday=_some, sign_workdays=v.list_of(_some, length=4)),
    "title": _keys(senior_attending_years=_some),
    "funding": _keys(day_to_month=_some),
    "remind": _keys(lead_workdays=v.list_of(_count), escalate_after_workdays=_count, quiet_hours=_span),
}  # fmt: skip
MODE = _keys(id=v.word, label=v.text, duty=v.one_of({"workdays", "roster", "none"}), sessions=_halves)
COMMON = {
    **_keys(subject=v.one_of(SUBJECTS), basis=v.one_of(BASES), severity=v.one_of(SEVERITIES)),
    **_keys(evidence=v.list_of(v.one_of(EVIDENCE, "evidence_unknown"), empty=True)),
    **_keys(remind=v.list_of(_role, empty=True), feeds=v.list_of(v.one_of(FEEDS, "feed_unknown"), empty=True)),
    **_maybe(note=v.text),
}
"""Keys of every rule but id, kind, quote and where, which have checks of their own."""

_measure = _keys(metric=v.one_of(METRICS, "metric_unknown"), op=v.one_of(OPS), value=_some, unit=v.one_of(UNITS))
_months = _keys(op=v.one_of(OPS), value=_some, unit=v.one_of(UNITS))
_gate = Key(v.list_of(v.one_of(GATES, "gate_unknown")))
_period = v.one_of(PERIODS)
_confirm = v.one_of(CONFIRMERS)
_window = {"window_from": optional(v.day_text()), "window_to": optional(v.day_text())}
_each = v.table(
    _keys(metric=v.one_of(EACH_UNITS, "metric_unknown"), op=v.one_of(OPS), value=_some, unit=v.one_of(UNITS))
)

KINDS: Mapping[str, Mapping[str, Key]] = {
    "quota": {
        **_measure, **_window,
        **_maybe(period=_period, per=_words, each=_each, anchor=v.one_of({"team_start_monday"})),
        **_maybe(interpretation=v.one_of({"each", "any"}), target=_some, grace_workdays=_count),
    },
    "headcount": {
        **_measure, **_maybe(period=v.one_of({"day"}), fixed=v.list_of(v.one_of({"person", "place", "time"}))),
    },
    "continuity": {**_months, "scope": Key(v.one_of({"recipient", "pair", "programme", "team_slot"}))},
    "accumulate": {**_months, "gate": _gate},
    "credit": {
        **_keys(counts=v.list_of(v.one_of(CREDITS)), ratio=v.decimal(0), toward=v.list_of(v.one_of({"accumulate"}))),
        **_maybe(cap_months=_count),
    },
    "coverage": _keys(slots=_some, min_present=_some, max_gap_half_days=_count),
    "document": {
        **_keys(doc=v.word, to=v.list_of(v.one_of(ADDRESSEES)), due_basis=v.one_of(BASES)),
        **_maybe(copies=v.list_of(v.one_of({"paper", "electronic"})), per=_words, min_photos=_some, min_chars=_some),
        **_maybe(seals=v.list_of(v.one_of({"recipient", "supporter", "county", "city"})), coverage=_period),
        **_maybe(cutoff_days_before_due=_count), **_window,
    },
    "growth": {**_measure, "base": Key(v.one_of({"previous_year"}))},
    "eligibility": _keys(requires=v.list_of(v.requirement({"title_rank": TITLE_RANKS, "category": None}))),
    "evidence": {**_keys(requires=v.list_of(v.one_of({RECORD_REFS}))), **_maybe(min_ratio=v.decimal(0, 1))},
    "funding": _maybe(amount=_some, unit=v.one_of(UNITS), per=v.one_of({"doctor_year"}), total=_some, uses=_words),
    "approval": _keys(
        before=v.one_of({"trip_start"}), by=_role, covers=v.list_of(v.one_of({"doctor", "assistant"})),
    ),
    "inspection": _keys(
        methods=v.list_of(v.one_of({"walkthrough", "phone", "unannounced"})), sample=v.one_of({"random"}),
        min_sample=_some, period=_period,
    ),
    "sanction": {**_keys(trigger=v.word, effects=_words), **_maybe(confirm_by=_confirm, ban_months=_some)},
    "disclosure": {"gate": _gate, **_keys(min_workdays=_some)},
    "constraint": _keys(forbid=v.word, confirm_by=_confirm),
    "incentive": {"gate": _gate, **_keys(effects=_words)},
    "checklist": _keys(items=_words, period=_period, owner=v.one_of(SUBJECTS)),
    "window": _keys(start=v.day_text(yearly=False), end=v.day_text(yearly=False)),
    "reference": _keys(ref=v.text),
}  # fmt: skip
KIND_UNITS = {"continuity": "month", "accumulate": "month", "growth": "percent"}
