"""Pages without script: the words of experience.md, one form, large text, and how much the scan page weighs."""

import gzip
import json
import re

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.http.pages import MANIFEST, TEMPLATES, WEB
from shared.roles import Principal

SCAN = {
    "clinic_name": "内科门诊", "organisation_name": "县人民医院", "now_text": "11月23日 周一 07:52",
    "action": {"direction": "in", "label": "签到(上午)"}, "other": {"direction": "out", "label": "签退(上午)"},
    "fields": {"client_event_id": "0" * 32, "ticket": "t" * 300, "csrf_token": "c" * 64},
    "progress_line": "本周门诊 1/3 · 查房 0/2", "notice": None, "signed_in": True, "code_state": "fresh",
    "server_time_ms": 1, "windows": {"windows": {"am": ["08:00", "12:00"], "pm": ["14:00", "17:30"]}, "open": False},
}  # fmt: skip
RESULT = {
    "ok": True, "title": "签到已收到", "clinic_name": "内科门诊", "session_label": "签到(上午)", "time_text": "07:52:04",
    "receipt_code": "8F3K-Q2WD", "seq": 412, "short_hash": "9f2c41d07ab3", "evidence_line": "证据较充分:扫到的是现场当时的码",
    "progress_line": "本周门诊 1/3", "half_day_url": "/app/work?date=2026-11-23&session=am", "notice": None,
    "repeated": False, "location_line": "已签到,未取得位置(您没有勾选)",
}  # fmt: skip
LOGIN = {"next": "/", "error": "手机号、密码或验证码不对", "phone": "13900000001", "carried": {}}
SPOT = {
    "rows": [{"id": "1", "name": "林知远", "service_date": "2026-11-23", "half": "上午", "state_words": "正在接诊,待补充", "reason": "",
              "origin_words": "系统随机", "outside": True, "clinic": {"name": "柳岸"}, "issued": "11-23 09:12", "until": "11-23 09:42",
              "answered": ["应答较晚 11-23 09:50"], "busy": True, "busy_share": [1, 6], "decided": None, "overdue": True, "form": True}],
    "results": {"present": "到位"}, "methods": {"visit": "到场走访"}, "not_found": "未找到", "people": [("1", "林知远 · 柳岸")],
}  # fmt: skip
RECORD = {"id": "1", "name": "林知远", "label": "签到(上午)", "at": "11-23 07:52", "clinic": "柳岸", "code": "固定海报码", "needed": True,
          "left": "11-24 07:52"}  # fmt: skip
PAGES = {
    "scan.html": SCAN, "result.html": RESULT, "login.html": LOGIN,
    "invitation.html": {"name": "林知远", "hospital": "县人民医院", "error": None, "min_length": 10},
    "error.html": {"status": 404, "title": "没有找到,或您没有查看的权限", "detail": "no such thing"},
    "screen.html": {"clinic_name": "内科门诊", "organisation_name": "县人民医院", "code_url": "/screen/x/code", "server_time_ms": 1},
    "app.html": {"title": "今日", "entry": "physician", "part": "TodayScreen", "me": {"person": {"id": "1"}}},
    "reports.html": {"rows": [], "name": "苏文简", "now_text": "2026年11月23日", "desks": [("/sup/spot", "抽查")]},
    "spot.html": {**SPOT, "error": "请写明情况", "next": None},
    "countersign.html": {"rows": [RECORD], "signed": [RECORD], "error": None, "statements": {"visit": "到场走访"},
                         "declined": {"not_seen": "没有见到"}, "withdrawn": {"mistaken": "确认有误"}, "most": 20, "shown_at": "2026-11-23"},
    "questions.html": {"asked": {"recipients": [("1", "柳岸")], "recipient": "1", "month": "2026-11", "questions": [
        {"name": "林知远", "title": "工作日志没有照片", "text": "是没有上传成功?", "dates": ["11-02"], "evidence": ["0193"]}]}},
    "programmes.html": {
        "groups": [("zz-1", [{"id": "1", "title": "对口支援管理制度", "state": "未激活", "short": "6812759b4d10", "rules": 44,
                              "stored": "2026-11-23", "uploaded_by": None, "warnings": [{"message": "2027 年尚未载入"}],
                              "open": True, "first_month": ""}])],
        "earliest": "2026-12", "error": "规则文件有 1 处需要修改,没有保存", "mistakes": ["ZZ-04:应不小于 1"], "done": None,
    },
    "calendar.html": {
        "years": [{"year": 2027, "complete": False, "total": 261, "days": [{"date": "2027-01-01", "kind": "休息"}]}],
        "version": "80154813a4f1", "error": None, "mistakes": [], "done": "日历已保存,新的计算按新日历进行。",
    },
    "carried.html": {"action": "/c/x", "carried": {"ticket": "t"}},
}  # fmt: skip
PHYSICIAN = Principal("account", "person-1", ())


def page(name, visitor=PHYSICIAN, assets=False, **context):
    """A template as shared/http renders it, with a name missing from its context being an error."""
    found = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    names = {"csp_nonce": lambda: "n" * 22, "csrf_token": lambda: "c" * 64, "visitor": lambda: visitor,
             "asset": lambda entry: f"/assets/{entry}.js" if assets else "", "asset_css": lambda entry: [],
             "asset_parts": lambda part: []}  # fmt: skip
    return found.get_template(name).render(**{**names, **PAGES[name], **context})


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_in_the_care_look_and_may_be_zoomed(name):
    text = page(name)
    assert '<body data-weui-mode="care"' in text
    assert '<html lang="zh-CN">' in text
    assert "width=device-width, initial-scale=1" in text
    assert not re.search(r"user-scalable|maximum-scale|text-size-adjust:\s*none", text)
    assert 'nonce="' + "n" * 22 + '"' in text


@pytest.mark.parametrize("name", PAGES)
def test_no_page_leaks_english_or_loads_from_elsewhere(name):
    text = page(name)
    seen = re.sub(r"<(style|script)[^>]*>.*?</\1>|<[^>]+>", " ", text, flags=re.S)
    assert not re.findall(r"[A-Za-z]{4,}", seen.replace("Excel", "").replace("Word", "").replace("account", ""))
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', text)
    assert " style=" not in text, "the policy of the page refuses style attributes"


def test_the_scan_page_is_one_form_with_one_green_button():
    text = page("scan.html")
    assert text.count("<form") == 1
    assert 'method="post"' in text
    assert text.count("weui-btn_primary") - text.count(".weui-btn_primary") == 2, "the button, and the hidden one after the receipt"
    button = re.search(r'<button type="submit" name="direction" value="in"[^>]*data-action>([^<]*)</button>', text)
    assert button[1] == "签到(上午)"
    assert "不是签到?改为签退" in text
    for name, value in SCAN["fields"].items():
        assert f'name="{name}" value="{value}"' in text
    assert "本周门诊 1/3 · 查房 0/2" in text
    assert 'data-person="person-1"' in text


def test_the_scan_page_before_sign_in_shows_the_button_and_no_progress():
    text = page("scan.html", visitor=None, signed_in=False, progress_line="")
    assert "签到(上午)" in text
    assert "本周进度 —" in text
    assert 'data-person=""' in text
    assert "您还没有登录" in text


def test_a_notice_stands_above_the_button_and_stops_nothing():
    text = page("scan.html", notice="码已更新,请再扫一次,或直接签到(证据较弱)")
    assert text.index("码已更新") < text.index("签到(上午)</button>")


def test_names_cannot_carry_markup():
    text = page("scan.html", clinic_name="<script>alert(1)</script>")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_the_result_page_reads_the_receipt_aloud():
    text = page("result.html")
    for words in ("已收到 <time>07:52:04</time>", "8F3K-Q2WD", "第 412 条", "9f2c41d07ab3", "证据较充分", "本半天做了什么"):
        assert words in text
    assert "/app/work?date=2026-11-23&amp;session=am" in text
    assert "已收到(之前已提交)" not in text
    assert "已收到(之前已提交)" in page("result.html", repeated=True)


def test_sign_in_carries_the_fields_of_a_tap_once():
    text = page("login.html", carried={"ticket": "abc", "direction": "in"})
    assert 'name="ticket" value="abc"' in text
    assert "登录后,刚才的记录会一并提交" in text


def test_the_scan_page_weighs_at_most_40_kb():
    if not MANIFEST.exists():
        pytest.skip("the pages were not built")
    script = json.loads(MANIFEST.read_text())["src/entries/scan/main.ts"]["file"]
    html = len(gzip.compress(page("scan.html", assets=True).encode(), 9))
    js = len(gzip.compress((WEB / "dist" / script).read_bytes(), 9))
    assert html <= 8 * 1024
    assert js <= 20 * 1024
    assert html + js <= 40 * 1024
