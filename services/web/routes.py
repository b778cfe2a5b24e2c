"""The shells of the pages and their built assets. What a page shows, its script asks of the API."""

from __future__ import annotations

import re

from flask import Response, redirect, request

from services.web import usecases
from shared import clock
from shared.http.app import runtime
from shared.http.auth import OWN_AREA, OWN_COUNTY, OWN_ORG, OWN_PAIR, PUBLIC, SELF, policy, principal, visitor
from shared.http.pages import WEB, page_blueprint, render
from shared.problems import Forbidden, NotFound

blueprint = page_blueprint("web")

ASSETS = WEB / "dist" / "assets"
BUILT_NAME = re.compile(r"[\w.-]{1,120}", re.ASCII)
"""A longer or stranger name is no file of the build; asking the file system for it would be an error of its own."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
CHECK = re.compile(r"[0-9a-fA-F-]{1,36}", re.ASCII)
FOREVER = "public, max-age=31536000, immutable"
SCREENS = {
    "today": "今日", "work": "半天记录", "diary": "工作日志", "records": "记录", "progress": "进度", "inbox": "消息",
    "me": "我的", "outbox": "未发送的记录", "correction": "申请补签", "leave": "请假",
    "objection": "我有异议", "handover": "交接单", "scan": "扫码签到",
}  # fmt: skip


DESKS = (
    ("/sup/todo", "待办", ("recipient_admin", "supporter_admin", "county_officer")),
    ("/sup/people", "人员", ("recipient_admin", "supporter_admin", "county_officer")),
    ("/sup/roster", "名单", ("supporter_admin", "county_officer")),
    ("/sup/records", "记录与材料", ("recipient_admin", "supporter_admin", "county_officer", "city_officer")),
    ("/sup/spot", "抽查", ("recipient_admin", "supporter_admin", "county_officer")),
    ("/sup/countersign", "在岗确认", ("recipient_admin", "supporter_admin", "county_officer", "city_officer")),
    ("/sup/flags", "疑点", ("recipient_admin", "supporter_admin", "county_officer")),
    ("/sup/objections", "异议", ("recipient_admin", "supporter_admin", "county_officer", "city_officer")),
    ("/sup/clinics", "医疗点", ("recipient_admin", "county_officer")),
    ("/sup/handovers", "交接", ("recipient_admin",)),
    ("/sup/questions", "待了解的情况", ("supporter_admin", "county_officer")),
)
"""The other pages of the desk and whose they are: nobody is shown a link that is refused to him."""


@blueprint.get("/")
@policy("web.home", allow=PUBLIC)
def home() -> Response:
    """To where the person starts; an account that has no page yet is told so and may sign out."""
    start = usecases.home(visitor())
    if start is None:
        raise Forbidden("no page for these roles")
    return redirect(start, 303)  # type: ignore[return-value]


@blueprint.get("/app/<screen>")
@policy("web.physician.open", allow={"doctor": SELF}, values=("screen",))
def physician(screen: str) -> Response:
    """A screen of the physician: the same shell for all, the script draws what the address names."""
    if screen not in SCREENS:
        raise NotFound(f"no screen {screen}")
    return _shell(SCREENS[screen], screen)


@blueprint.get("/app/records/<day>")
@policy("web.physician.day", allow={"doctor": SELF}, values=("day",))
def physician_day(day: str) -> Response:
    """PH-06: one day explained. Which days there are, the API knows."""
    if not DAY.fullmatch(day):
        raise NotFound(f"no day {day}")
    return _shell("当天记录", "day")


@blueprint.get("/app/spot/<check_id>")
@policy("web.physician.spot", allow={"doctor": SELF}, values=("check_id",))
def physician_spot(check_id: str) -> Response:
    """PH-15: answer a spot check. Whose it is, the API judges."""
    if not CHECK.fullmatch(check_id):
        raise NotFound(f"no check {check_id}")
    return _shell("抽查应答", "spot")


def _shell(title: str, screen: str) -> Response:
    """The shell of a screen; what the screen's script consists of is asked for with the page."""
    return render("app.html", title=title, entry="physician", part=f"{screen.capitalize()}Screen", me=usecases.me(runtime(), principal()))


@blueprint.get("/app-shell")
@policy("web.shell.read", allow=PUBLIC)
def shell() -> Response:
    """The shell without a person: what the service worker keeps, so that a phone without network opens its own copies."""
    return render("app.html", title="驻点通", entry="physician", part="", me={}, csrf_token="")


@blueprint.get("/sw.js")
@policy("web.worker.read", allow=PUBLIC)
def worker() -> Response:
    """The service worker with the version and the names of the built assets; asked for anew at every visit."""
    code = usecases.worker(WEB / "dist")
    return Response(code, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get("/sup/reports")
@policy(
    "web.reports.list",
    allow={
        "recipient_admin": OWN_ORG,
        "supporter_admin": OWN_PAIR,
        "county_officer": OWN_COUNTY,
        "city_officer": OWN_AREA,
    },
)
def reports() -> Response:
    """The monthly reports of every recipient in the reader's scope."""
    who = usecases.me(runtime(), principal())["person"]
    today = clock.today()
    roles = principal().roles
    desks = [(address, words) for address, words, wanted in DESKS if not roles.isdisjoint(wanted)]
    return render("reports.html", rows=usecases.reports(runtime(), principal()), name=who["name"], desks=desks,
                  now_text=f"{today.year}年{today.month}月{today.day}日")  # fmt: skip


@blueprint.get("/assets/<name>")
@policy("web.asset.read", allow=PUBLIC, values=("name",))
def asset(name: str) -> Response:
    """A built file; its name holds its hash, so it never changes. Compressed for those who take it."""
    if not BUILT_NAME.fullmatch(name) or not (ASSETS / name).is_file():
        raise NotFound(f"no asset {name}")
    packed = request.accept_encodings.quality("gzip") > 0 and (ASSETS / f"{name}.gz").is_file()
    response = Response((ASSETS / (f"{name}.gz" if packed else name)).read_bytes(), mimetype=_type_of(name))
    response.headers["Cache-Control"] = FOREVER
    response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _type_of(name: str) -> str:
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "png": "image/png"}
    return types.get(name.rsplit(".", 1)[-1], "application/octet-stream")
