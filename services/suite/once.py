"""The main job once, as a person would do it, over HTTP: scan, tap, half-day, diary, roll-up, report in four formats.

It runs on any day of the year, a rest day too: nothing here waits for a session, and what it records counts as the
programme says (a visit of seconds on a Sunday is kept, and is no attended half-day).
"""

from __future__ import annotations

import hashlib
import io
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from services.suite.client import Client, Refused
from shared import clock

FORMATS = ("html", "pdf", "docx", "xlsx")
FOLD_SECONDS, DRAFT_SECONDS = 60, 90


class NotDone(Exception):
    """A step of the main job did not happen; the text says which and what was answered."""


def main_job(base_url: str, world: dict[str, Any], out: Path, say: Callable[[str], None]) -> None:
    """Do every step and print what was seen. Raises NotDone (or Refused) at the first step that did not happen."""
    doctor = Client(base_url, world["physician"]["phone"], world["physician"]["password"])
    before = doctor.get("/api/progress/today")
    _check_in(doctor, world, say)
    _check_out(doctor, world, say)
    half_day = _half_day(doctor, before)
    say(f"门诊半天已记录: {'无在岗记录,标注 unattended' if half_day['unattended'] else '与在岗记录相符'}")
    diary = _diary(doctor, before)
    say(f"日志已提交: 回执 {diary['receipt']['code']}")
    after = _wait(lambda: _folded(doctor, diary["receipt"]["event"]), FOLD_SECONDS, "the worker did not fold the day")
    say(f"汇总完成: {after['week']} {after['line']}")
    _report(base_url, world, before["posting"]["recipient"]["id"], out, say)


def _check_in(doctor: Client, world: dict[str, Any], say: Callable[[str], None]) -> None:
    """Scan the screen's rotating code and press the button of the page, without script."""
    code = doctor.get(f"/screen/{world['screen_token']}/code")
    page = doctor.open_page(f"/c/{world['site_token']}?k={code['k']}")
    result = doctor.press(f"/c/{world['site_token']}", {**page.fields, "direction": "in"})
    if "回执" not in result.text:
        raise NotDone(f"check-in: no receipt on the result page ({result.status})")
    say("签到已收到 (动态码, 网页表单)")


def _check_out(doctor: Client, world: dict[str, Any], say: Callable[[str], None]) -> None:
    """Check out through the API with the same clinic's poster."""
    answer = doctor.post("/api/checkin/events", {"body": {
        "client_event_id": secrets.token_hex(16), "kind": "attendance", "person": doctor.person_id,
        "direction": "out", "site_token": world["site_token"], "device_time": clock.iso(clock.now()),
    }})  # fmt: skip
    say(f"签退已收到: 回执 {answer['receipt']['code']} 第 {answer['receipt']['seq']} 条")


def _half_day(doctor: Client, today: dict[str, Any]) -> dict[str, Any]:
    session = "am" if clock.local(clock.now()).hour < 13 else "pm"
    answer = doctor.post("/api/worklog/half-days", {"body": {
        "client_event_id": secrets.token_hex(16), "person": doctor.person_id, "service_date": today["date"],
        "session": session, "department": today["posting"]["department"] or "全科", "visits": 12,
        "record_ref": ["MZ20261"], "notes": "",
    }})  # fmt: skip
    found: dict[str, Any] = answer["half_day"]
    return found


def _diary(doctor: Client, today: dict[str, Any]) -> dict[str, Any]:
    photo = _photo()
    digest = hashlib.sha256(photo).hexdigest()
    doctor.put(f"/api/worklog/photos/{digest}", photo, "image/jpeg")
    return doctor.post("/api/worklog/diaries", {"body": {
        "client_event_id": secrets.token_hex(16), "person": doctor.person_id, "service_date": today["date"],
        "text": "上午出门诊,下午带教查房并整理慢病随访名单。",
        "activities": [{"kind": "ward_round", "count": 1, "people": 3, "record_ref": []}],
        "photo_sha256": [digest], "declaration": True,
    }})  # fmt: skip


def _photo() -> bytes:
    """A drawn picture that differs each time, so that the run stores a new file."""
    image = Image.new("RGB", (1600, 1200), "#dfeee5")
    draw = ImageDraw.Draw(image)
    for n in range(12):
        draw.rectangle((100 + 110 * n, 300, 190 + 110 * n, 300 + secrets.randbelow(700)), fill="#018942")
    data = io.BytesIO()
    image.save(data, "JPEG")
    return data.getvalue()


def _folded(doctor: Client, diary_entry: str) -> dict[str, Any] | None:
    """Today's answer once the worker has folded this diary."""
    answer = doctor.get("/api/progress/today")
    diary = (answer["day"] or {}).get("diary") or {}
    return answer if diary.get("entry_id") == diary_entry else None


def _wait(probe: Callable[[], Any], seconds: int, otherwise: str) -> Any:
    """Ask every 200 ms until the probe gives something. Raises NotDone after `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := probe():
            return found
        time.sleep(0.2)
    raise NotDone(f"{otherwise} within {seconds} s")


def _report(base_url: str, world: dict[str, Any], recipient: str, out: Path, say: Callable[[str], None]) -> None:
    """Ask for this month's draft, wait for the worker, fetch every format and print paths and figures."""
    officer = Client(base_url, world["officer"]["phone"], world["officer"]["password"])
    month = f"{clock.today():%Y-%m}"
    path = f"/api/reports/monthly/{recipient}/{month}"
    asked_at = clock.iso(clock.now())
    officer.post(f"{path}/drafts", {})
    data = _wait(lambda: _drafted(officer, path, asked_at), DRAFT_SECONDS, "the worker did not make the report")
    out.mkdir(parents=True, exist_ok=True)
    for suffix in FORMATS:
        content = officer.fetch(f"{path}.{suffix}")
        target = out / f"{data['head']['form_no']}.{suffix}"
        target.write_bytes(content)
        say(f"{target} ({len(content):,} bytes)")
    say(data["head"]["sentence"])


def _drafted(officer: Client, path: str, asked_at: str) -> dict[str, Any] | None:
    """The draft that the worker stored after it was asked for; what a reader's own request computed does not count."""
    try:
        data = officer.get(path)
    except Refused as refused:
        if refused.status == 404:
            return None
        raise
    made = clock.parse_iso(data["head"]["generated_at"])
    return data if data["stored"] and made >= clock.parse_iso(asked_at) else None
