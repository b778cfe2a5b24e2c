"""The Chinese words of the closed sets: metrics, units, results, subjects, kinds, periods. Pure."""

from __future__ import annotations

METRICS = {
    "on_site_half_days": "现场", "outpatient_half_days": "门诊", "on_site_days": "现场指导",
    "activity": "活动", "ward_rounds": "查房", "trainings": "培训", "free_clinics": "义诊", "survey_visits": "调研",
    "city_inspections": "市级督查", "county_checks": "县级检查", "county_evaluations": "县级评估",
    "county_inspections": "县级督查", "fund_inspections": "资金检查", "pair_evaluations": "工作评估",
    "quality_inspections": "质控检查", "self_checks": "自查", "supporter_checks": "支援医院检查",
    "surgeries": "手术", "four_ones": "四个一", "guidelines_made": "诊疗常规", "new_techniques": "新技术",
    "featured_specialties": "特色专科", "trainees_completed": "进修人员", "mentees": "带教", "posted_persons": "派驻人员",
    "posted_non_physician": "非医师派驻人员", "team_size": "团队人数", "team_mid_level_clinicians": "中级以上医师",
    "person_trips": "派驻人次", "pairs_recipients": "对口机构", "centres_level2": "达二级标准的中心",
    "pairs_areas": "对口片区", "beds_managed": "管理病床", "donated_drug_value": "捐赠药品", "arrival_rate": "到岗率",
    "outpatient_emergency_visits": "门急诊人次增长",
}  # fmt: skip
UNITS = {
    "half_day": "个半天", "day": "天", "month": "个月", "time": "次", "case": "例", "person": "人", "person_trip": "人次",
    "person_time": "人次", "hospital": "所", "area": "个片区", "item": "项", "bed": "张", "percent": "%", "CNY": "元",
}  # fmt: skip
SHORT_UNITS = {**UNITS, "half_day": "个"}
"""The unit after a number that already stands in a sentence about half-days."""
RESULTS = {
    "met": "达标", "not_met": "未达标", "open": "进行中", "waived": "免计", "not_applicable": "不适用",
    "not_reported": "未报", "not_evaluable": "无法计算", "provisional": "待定",
}  # fmt: skip
BASES = {"text": "", "inferred": "推定", "local": "本地"}
WAIVED = {"n = 0": "没有应出勤的工作日", "partial_window": "派驻天数不足", "approved": "已批准"}
WEEKDAYS = "一二三四五六日"
