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
KINDS = {
    "quota": "数量", "headcount": "在岗人数", "continuity": "连续时间", "accumulate": "累计时间", "credit": "折算时间",
    "coverage": "岗位不空", "document": "材料报送", "growth": "增长", "eligibility": "人员条件", "evidence": "病历依据",
    "funding": "经费", "approval": "事前备案", "inspection": "抽查", "sanction": "责任追究", "disclosure": "公示",
    "constraint": "限制", "incentive": "激励", "checklist": "工作清单", "window": "时间范围", "reference": "另见文件",
}  # fmt: skip
SUBJECTS = {
    "doctor": "派驻医师", "team": "帮扶团队", "pair": "对口双方", "supporter": "支援医院", "recipient": "受援机构",
    "county": "县级", "city": "市级", "province": "省级",
}  # fmt: skip
PERIODS = {
    "day": "每天", "week": "每周", "two_weeks": "每两周", "month": "每月", "quarter": "每季度", "half_year": "每半年",
    "year": "每年", "posting": "每个派驻期", "posting_start": "派驻开始时", "programme": "项目期内", "once": "一次",
}  # fmt: skip
SEVERITIES = {"red": "硬性", "amber": "提醒", "info": "统计"}
OPS = {">=": "不少于", ">": "多于", "==": "等于", "<=": "不超过", "<": "少于"}
GATES = {
    "appoint_intermediate": "聘任中级职称", "apply_associate_senior": "申报副高级职称", "apply_senior": "申报正高级职称",
}  # fmt: skip
CREDITS = {
    "aid_abroad": "援外", "aid_tibet": "援藏", "aid_xinjiang": "援疆", "emergency_order": "突发事件统一调遣",
    "mentoring": "带教基层学员",
}  # fmt: skip
ADDRESSEES = {
    "recipient": "受援机构", "supporter": "支援医院", "county": "县级卫健部门", "city": "市级卫健部门",
    "province": "省级卫健部门", "hr": "人事科", "team_leader": "组长", "national_system": "国家信息系统",
}  # fmt: skip
METHODS = {"walkthrough": "走访", "phone": "电话", "unannounced": "暗访"}
SETTINGS = {
    "session": "半天时段", "week": "按周折算", "leave": "请假", "absence": "缺勤", "ordered": "抽调", "correction": "补签",
    "accumulate": "累计折算", "continuity": "连续计算", "lock": "月度锁定", "title": "职称年限", "funding": "经费折算",
    "remind": "提醒",
}  # fmt: skip
