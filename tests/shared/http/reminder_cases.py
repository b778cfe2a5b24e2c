"""The doors of reminders in the matrix: levels, manual reminders, the administrator's rows."""

from __future__ import annotations

from tests.shared.http.world import POSTINGS, Case, json_of, page

A_ROW = (("kind", "G01"),)
HTML = {"Accept": "text/html"}

CASES: dict[str, Case] = {
    "notifier.preference.list": Case(),
    "notifier.preference.choose": Case(constants=A_ROW, request=json_of(lambda *_: {"level": "digest"}), unless="absent"),
    "notifier.preference.page": Case(request=page),
    "notifier.preference.form": Case(constants=A_ROW, request=lambda *_: {"data": {"level": "digest"}, "headers": HTML}, unless="absent"),
    "notifier.nudge.read": Case(POSTINGS, "posting_id"),
    "notifier.nudge.send": Case(POSTINGS, "posting_id"),
    "notifier.nudge.page": Case(POSTINGS, "posting_id", request=page),
    "notifier.nudge.form": Case(POSTINGS, "posting_id", request=lambda *_: {"data": {}, "headers": HTML}),
    "notifier.rule.list": Case(), "notifier.rule.page": Case(request=page),
    "notifier.rule.switch": Case(constants=A_ROW, request=json_of(lambda *_: {"enabled": True})),
    "notifier.rule.switch_form": Case(constants=A_ROW, request=lambda *_: {"data": {"enabled": "yes"}, "headers": HTML}),
    "notifier.rule.dry_run": Case(constants=A_ROW), "notifier.rule.try": Case(constants=A_ROW, unless="absent"),
    "notifier.rule.try_form": Case(constants=A_ROW, request=lambda *_: {"data": {}, "headers": HTML}, unless="absent"),
}  # fmt: skip
