"""The administrator's desk: /sup/programmes and /sup/calendar, plain forms without script."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Response, redirect, request

from services.roster.domain.overrides import MAX_BYTES
from services.roster.routes.programmes import ADMINISTRATORS
from services.roster.usecases import calendar, versions
from services.roster.usecases.programmes import next_month
from shared import clock
from shared.http.app import runtime
from shared.http.auth import policy, principal
from shared.http.pages import page_blueprint, render
from shared.problems import Problem

blueprint = page_blueprint("roster_desk")

DONE = {"stored": "规则文件已保存,激活后才生效。", "known": "这个版本已经保存过。", "active": "生效月份已设定。",
        "loaded": "日历已保存,新的计算按新日历进行。", "same": "文件里没有新的内容。"}  # fmt: skip
KINDS = {"workday": "上班", "rest": "休息"}


@blueprint.get("/sup/programmes")
@policy("roster.programme.page", allow=ADMINISTRATORS)
def programmes() -> Response:
    """Every version by programme, with the forms to upload and to activate."""
    return _programmes()


@blueprint.post("/sup/programmes")
@policy("roster.programme.upload_form", allow=ADMINISTRATORS, audit="decision", limit="30/min")
def upload() -> Response:
    """Store the file of the form, or show every problem of it."""
    name, data = chosen(versions.MAX_BYTES)
    try:
        _, new = versions.upload(runtime(), name, data, principal())
    except versions.ProgrammeInvalid as refused:
        return _programmes(refused, [f"{p.rule} · {p.key}:{p.message}" for p in refused.problems])
    return _back("/sup/programmes", "stored" if new else "known")


@blueprint.post("/sup/programmes/<version_id>/activate")
@policy("roster.programme.activate_form", allow=ADMINISTRATORS, object=versions.stored, audit="decision")
def activate(version_id: str) -> Response:
    """Let a version count from the month of the form."""
    try:
        versions.activate(runtime(), version_id, request.form.get("first_month", ""))
    except (versions.MonthBegun, versions.AlreadyCounts, versions.ModeInUse) as refused:
        return _programmes(refused)
    return _back("/sup/programmes", "active")


@blueprint.get("/sup/calendar")
@policy("roster.calendar.page", allow=ADMINISTRATORS)
def calendar_page() -> Response:
    """The overrides by year, the present and the next year, with the form to load a file."""
    return _calendar()


@blueprint.post("/sup/calendar")
@policy("roster.calendar.load_form", allow=ADMINISTRATORS, audit="decision", limit="30/min")
def load() -> Response:
    """Load the file of the form, or show every mistake in it."""
    try:
        done = calendar.load_overrides(runtime(), chosen(MAX_BYTES)[1])
    except calendar.CalendarInvalid as refused:
        return _calendar(refused, [f"第 {m.line} 行 {m.value}:{m.reason}" for m in refused.mistakes])
    return _back("/sup/calendar", "loaded" if done.added or done.changed or done.years else "same")


def chosen(limit: int) -> tuple[str, bytes]:
    """Name and bytes of the form's file; one byte past the limit shows that it is too large."""
    file = request.files.get("file")
    return (file.filename or "", file.read(limit + 1)) if file else ("", b"")


def _back(address: str, done: str) -> Response:
    return redirect(f"{address}?done={done}", 303)  # type: ignore[return-value]


def _programmes(refused: Problem | None = None, mistakes: list[str] | None = None) -> Response:
    found = [_row(version) for version in versions.listing(runtime())]
    groups = [(name, list(rows)) for name, rows in groupby(found, key=lambda row: row["programme_id"])]
    return _page("programmes.html", refused, mistakes, groups=groups, earliest=next_month())


def _row(version: versions.Version) -> dict[str, Any]:
    state = f"从 {version.first_month} 起" if version.first_month else "从项目开始"
    state += "(现行)" if version.in_use else "(已被取代)" if version.superseded else ""
    open_ = version.activated_at is None or version.first_month >= next_month()
    return {
        **version.to_dict(), "short": version.sha256[7:19], "open": open_,
        "state": "未激活" if version.activated_at is None else state,
        "stored": clock.local_date(clock.parse_iso(version.created_at)).isoformat(),
    }  # fmt: skip


def _calendar(refused: Problem | None = None, mistakes: list[str] | None = None) -> Response:
    this = clock.today().year
    shown = [calendar.show(runtime(), year) for year in sorted({*calendar.years(runtime()), this, this + 1})]
    years = [
        {"year": one.year, "complete": one.complete, "total": sum(one.workdays),
         "days": [{"date": day["date"], "kind": KINDS[day["kind"]]} for day in one.overrides]}
        for one in shown
    ]  # fmt: skip
    return _page("calendar.html", refused, mistakes, years=years, version=shown[0].calendar_version[7:19])


def _page(template: str, refused: Problem | None, mistakes: list[str] | None, **context: Any) -> Response:
    response = render(
        template, error=refused.title_text() if refused else None, mistakes=mistakes or [],
        done=DONE.get(request.args.get("done", "")), **context,
    )  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response
