"""quota: a number of things in a period, in each group (rules.md §3, §5). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from shared.attendance.session import HALVES
from shared.calendar import Calendar
from shared.rules import metrics, periods, quota, words
from shared.rules.inquiry import Inquiry
from shared.rules.quota import Reading
from shared.rules.result import MET, NOT_REPORTED, PROVISIONAL, WAIVED, Result

_SCANNED = ("session.am", "session.pm", "session.min_minutes")
_ATTENDED = frozenset({"on_site_half_days", "on_site_days", "outpatient_half_days"})


def evaluate(inquiry: Inquiry) -> Result:
    """Met when every group meets `op value`; a week is prorated, a window only partly inside is waived."""
    if inquiry.period_kind not in ("", *periods.UNDATED):
        span = periods.period(inquiry.period_kind, inquiry.period)
        if periods.partial_window(span, inquiry.inside(), inquiry.calendar):
            return _waived(inquiry, "partial_window", None)
    if inquiry.rule.get("metric") not in metrics.COUNTED:
        return _amount(inquiry)
    return _counted(inquiry)


def _counted(inquiry: Inquiry) -> Result:
    found, groups = metrics.items(inquiry), metrics.groups(inquiry)
    n = workdays(inquiry) if prorates(inquiry) else None
    sure = _reading(inquiry, quota.tally(found, groups, hoped=False), n)
    if sure.value == WAIVED:
        return _waived(inquiry, "n = 0", 0)
    others = [_reading(inquiry, quota.tally(found, groups, hoped=True), n)]
    judged = quota.verdict(sure, others, unpublished=n is not None and _unpublished(inquiry))
    evidence = tuple(sorted({entry for item in found if item.sure for entry in item.evidence}))
    return _result(inquiry, judged.sure, judged.value, evidence, judged.best, judged.worst, n)


def _amount(inquiry: Inquiry) -> Result:
    number, evidence = metrics.amount(inquiry)
    if number is None:
        sentence = words.kinds.not_reported(words.METRICS[inquiry.rule.get("metric")])
        return Result(NOT_REPORTED, sentence, threshold=inquiry.rule.get("value"), unit=inquiry.rule.get("unit"),
                      metric=inquiry.rule.get("metric"), evidence=evidence)  # fmt: skip
    n = workdays(inquiry) if prorates(inquiry) else None
    reading = _reading(inquiry, {"": number}, n)
    return _result(inquiry, reading, reading.value, evidence, n=n)


def _reading(inquiry: Inquiry, numbers: Mapping[str, int], n: int | None) -> Reading:
    threshold, waived = int(inquiry.rule.get("value")), False
    if n is not None:
        threshold, waived = periods.prorated(threshold, n), n == 0
    return quota.reading(inquiry.rule, numbers, threshold, over=inquiry.over(), waived=waived)


def prorates(inquiry: Inquiry) -> bool:
    """Whether the threshold follows the workdays of a doctor's week."""
    ceil = inquiry.programme.setting("week.prorate") == "ceil"
    return inquiry.period_kind == "week" and inquiry.subject.kind == "doctor" and ceil


def workdays(inquiry: Inquiry) -> int:
    """n of the week: workdays inside the matching postings less those wholly covered by leave or ordered work and not
    attended (rules.md §5.1). What is covered is not pending, so every reading has the same n."""
    letters = {{"leave": "L", "ordered": "O"}[name] for name in inquiry.programme.setting("week.subtract")}
    covers = {posting.id for posting in inquiry.postings}
    found = 0
    for day in inquiry.counting():
        if not inquiry.calendar.is_workday(day):
            continue
        here = {half.half: half.status for half in inquiry.by_date.get(day, ()) if half.posting_id in covers}
        found += not all(here.get(half) in letters for half in HALVES)
    return found


def _unpublished(inquiry: Inquiry) -> bool:
    calendar: Calendar = inquiry.calendar
    return any(calendar.is_provisional(day) for day in inquiry.counting())


def _waived(inquiry: Inquiry, reason: str, n: int | None) -> Result:
    metric = inquiry.rule.get("metric")
    sentence = words.waived_sentence(words.kinds.period(inquiry.period_kind, inquiry.period), metric, reason)
    effective = 0 if n == 0 else inquiry.rule.get("value")
    return Result(WAIVED, sentence, None, inquiry.rule.get("value"), effective, inquiry.rule.get("unit"), metric,
                  waived_reason=reason, n_workdays=n, local_settings=("partial_window",) if n is None else _local(inquiry))  # fmt: skip


def _result(
    inquiry: Inquiry, sure: Reading, value: str, evidence: tuple[str, ...], best: str | None = None,
    worst: str | None = None, n: int | None = None,
) -> Result:  # fmt: skip
    rule, number = inquiry.rule, min(sure.numbers.values(), default=0)
    sentence = words.kinds.counted(
        words.kinds.period(inquiry.period_kind, inquiry.period), words.METRICS[rule.get("metric")], rule.get("unit"),
        {inquiry.names.get(group, words.slug("per", group, rule.id)) if group else "": n for group, n in sure.numbers.items()},
        sure.threshold, rule.get("op"), value,
    )  # fmt: skip
    doubt = value == PROVISIONAL
    return Result(
        value, sentence, number, rule.get("value"), sure.threshold, rule.get("unit"), rule.get("metric"),
        groups=sure.numbers if list(sure.numbers) != [""] else {}, evidence=evidence,
        best=best if doubt else None, worst=worst if doubt else None,
        n_workdays=n,
        detail={"target": rule.get("target")} if rule.get("target") and value == MET else {}, local_settings=_local(inquiry),
    )  # fmt: skip


def _local(inquiry: Inquiry) -> tuple[str, ...]:
    used = set(_SCANNED if inquiry.rule.get("metric") in _ATTENDED else ())
    used |= {"week.prorate", "week.subtract"} if prorates(inquiry) else set()
    return tuple(sorted(used & set(inquiry.programme.local_settings())))
