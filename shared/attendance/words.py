"""Grades, reasons and places in Chinese (experience.md §2). The phone, the console and the forms show these words. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from shared.attendance.grade import Graded

RED = {
    "code_foreign": "不是您派驻医疗点的码",
    "code_revoked": "此码已停用",
    "device_shared": "这台手机有多人使用",
    "device_fork": "手机记录不连续",
    "device_revoked": "这台手机的绑定已撤销",
    "travel": "两次记录之间距离过远",
    "two_places": "同一时间在两个医疗点有记录",
    "beacon_bad": "时间凭证无效",
}
AMBER = {
    "code_unverified": "8 位码没有对上",
    "clock_skew": "手机时间不准",
    "claim_range": "手机时间异常,按收到时间记",
    "late_sync": "超过 24 小时才传上来",
    "install_mismatch": "扫码与签到不是同一台手机",
    "unregistered": "派驻备案尚未确认",
    "sig_invalid": "手机签名没有核对上",
    "device_young": "手机绑定不满 24 小时或尚未确认",
    "device_many": "90 天内多次更换手机",
    "device_gap": "手机有记录尚未传上来",
    "loc_zero": "定位误差为 0,未采用",
    "loc_constant": "多日定位完全相同,未采用",
    "loc_invalid": "定位数据异常,未采用",
    "crs_doubt": "定位坐标系不明,未采用",
    "loc_outside": "定位不在医院范围内",
    "burst_entry": "短时间内集中补填",
    "diary_similar": "日志与近 60 天的另一篇内容接近",
    "photo_reused": "照片以前用过",
}
ABOUT = {
    **RED, **AMBER,
    "two_clinics": "两处同时达到时长", "split_session": "一个半天分在两处", "device_shared": "一部手机多人使用",
    "travel": "两次签到相距过远", "two_places": "两处在岗时间重叠", "code_foreign": "扫了不在派驻范围的码",
    "code_revoked": "扫了已作废的码", "code_unverified": "离线码未能核验", "loc_outside": "定位在门诊范围外",
    "clock_skew": "手机时钟不准", "claim_range": "手机时间超出范围", "late_sync": "离线超过24小时才上传",
    "unregistered": "未备案",
    "spot_missed": "抽查判定为未找到",
}  # fmt: skip
"""The same flags, and those no tap has, as an office or a report says them of somebody else."""
REASONS = {
    "A-CODE-GEO": "本人手机、现场当时的码、定位在医院范围内",
    "A-CODE-SIGN": "本人手机、现场当时的码、同事 24 小时内确认",
    "A-KIOSK-SIGN": "本人手机、现场的码、同事 72 小时内确认",
    "B-CODE": "本人手机扫到现场当时的码",
    "B-KIOSK": "本人手机保存了现场的码,收到较晚",
    "B-GEO": "本人手机,定位在医院范围内",
    "B-SIGN": "本人手机,同事 24 小时内确认",
    "C-SIGN-OFF": "由院外人员确认在岗",
    "C-CORRECTED": "按审核通过的补签计",
    "D-UPHELD": "疑点或异议已查实",
    "D-OBJECTION": "有单位对在岗提出异议",
}
MISSING = {
    "no-device": "没有绑定本人手机",
    "device-young": "手机刚绑定,满 24 小时并确认后更充分",
    "no-code": "没有现场的码",
    "poster-only": "只有固定海报的码",
    "window-24h": "超过 24 小时才收到",
    "window-72h": "超过 72 小时才收到,或无法核对时间",
    "loc-outside": "定位不在医院范围内",
    "loc-undetermined": "定位无法判断",
    "loc-none": "没有位置",
    "no-countersign": "没有他人确认",
    "countersign-late": "他人确认得较晚",
}
FAILURES = {
    "not_asked": "您没有勾选", "denied": "手机未允许", "timeout": "定位超时", "unavailable": "手机无法定位",
    "page_hidden": "页面已切走", "unsupported": "此浏览器不支持", "insecure": "连接不安全",
    "no_consent": "未同意读取位置", "invalid": "定位数据异常",
}  # fmt: skip
BANDS = {"0-100": "100 以内", "100-300": "100–300", "300-1000": "300–1000", "1000-5000": "1000–5000", "5000+": "5000 以上"}


def reason_text(found: Graded) -> str:
    """Why this grade, in words; a weak one says what is missing, one in doubt which doubts."""
    if found.reason == "D-FLAG":
        return "、".join(RED.get(code, code) for code in found.flags)
    if found.reason == "C-WEAK":
        return "、".join(MISSING[code] for code in found.missing)
    return REASONS[found.reason]


def grade_line(found: Graded, amber: Iterable[str] = ()) -> str:
    """The evidence line of a result page; amber marks follow after a semicolon."""
    head = {"A": "证据充分", "B": "证据较充分"}.get(found.grade)
    if found.grade == "D":
        decided = found.reason == "D-UPHELD"
        begin = "不计入" if decided else "有疑点,处理前暂不计入"
        return f"{begin}:{reason_text(found)}。" + ("您可以提出异议" if decided else "您可以补充说明")
    weak = "证据较弱,已计入" if found.counts else "证据较弱,需他人确认后计入"
    return ";".join([f"{head or weak}:{reason_text(found)}", *(AMBER[code] for code in amber if code in AMBER)])


def missing_text(found: Graded) -> list[str]:
    """What would have made the evidence stronger, one phrase each."""
    return [MISSING[code] for code in found.missing]


def location_line(verdict: str, band: str | None, accuracy_m: int | None, failure: str | None) -> str:
    """The location line: in, not in (about how far), cannot tell (how blurred), or why there is none."""
    if failure or verdict == "none":
        return f"已签到,未取得位置({FAILURES[failure or 'not_asked']})"
    if verdict == "inside":
        return "在医院范围内"
    if verdict == "outside":
        return f"不在医院范围内(约 {BANDS[band]} 米)" if band else "不在医院范围内"
    return f"无法判断(定位误差约 {accuracy_m} 米)" if accuracy_m else "无法判断"
