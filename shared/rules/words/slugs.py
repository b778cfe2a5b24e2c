"""The Chinese words of the free slugs of rule files, by field: doc, items, per, trigger, effects, forbid, uses, requires. Pure."""

from __future__ import annotations

from collections.abc import Mapping

DOCS = {
    "agreement": "对口支援工作协议书", "annual_assessment_result": "年度考核结果", "annual_plan": "年度帮扶计划",
    "annual_summary": "年度工作总结", "annual_summary_and_plan": "年度工作总结和下一年度改进计划",
    "assessment_form": "对口支援工作医师考核登记表", "assessment_form_batch": "考核登记表(汇总上报)",
    "county_work_plan": "县区工作方案", "effect_evaluation": "援助效果评估", "half_year_evaluation": "半年评估情况总结",
    "half_year_stats": "城乡医院对口支援工作统计表", "monthly_roster": "下月排班表",
    "monthly_specialty_summary": "各专业月度总结和图片说明", "national_system_entry": "国家信息系统填报",
    "pairing_list": "对口支援关系名单", "personal_file_entry": "个人档案材料", "posting_summary": "驻点工作日志和总结",
    "quarterly_stats": "对口支援工作考核统计表", "roster_revision": "排班调整", "service_registration_form": "服务专业技术人员情况登记表",
    "support_plan": "帮扶方案", "tripartite_agreement": "三方支援协议", "work_diary": "工作日志",
}  # fmt: skip
ITEMS = {
    "accreditation": "医院等级评审", "annual_target": "年度目标考核", "appropriate_technique": "临床适宜技术推广",
    "batch_list": "本批次队员名单", "board_lodging": "食宿", "class_1_2_surgery": "一、二类手术", "collate": "整理资料",
    "collect": "收集资料", "conduct": "思想作风好", "coordinate": "协调援受双方", "core_systems": "核心制度落实",
    "death_case": "死亡病例讨论", "demonstration": "示范操作", "dept_assessment": "纳入科室工作考核",
    "deputy_leader": "分管领导", "difficult_case": "疑难病例讨论", "discipline": "支援期间工作纪律",
    "down_referral": "下转病人", "effect_assessment": "支援效果考核评估", "emergency": "急诊",
    "equipment_value": "设备价值", "evaluation": "考核评估", "free": "免费", "free_clinic_patients": "义诊人次",
    "good_practice": "经验做法交流推广", "green_channel": "转诊绿色通道", "health": "身体健康", "hemodialysis": "血液透析",
    "hospital_plan": "医院发展规划", "housing": "生活条件", "icu": "重症监护", "imaging": "影像",
    "infection_control": "院感", "internal": "内科", "key_specialty_named": "确定重点扶持专科",
    "kickoff_meeting": "专题会议", "laboratory": "临床检验", "leading_group": "领导机构", "lectures": "讲座和培训班",
    "liaison_meeting": "工作联系会", "logistics": "后勤保障", "management": "管理能力",
    "management_rules": "管理制度", "medical_office": "医务", "mentoring": "带教指导", "named_contact": "专人负责",
    "named_leader_per_recipient": "各中心卫生院驻点负责人", "named_mentor": "指定带教医生", "new_techniques": "新技术",
    "nursing": "护理", "nursing_quality": "护理质量", "obgyn": "妇产科", "obstetrics": "产科", "organise": "组织实施",
    "orthopedics": "骨伤科", "outpatient": "坐诊", "pathology": "病理", "pediatrics": "儿科",
    "periodic_assessment": "医师定期考核", "plan": "规划和方案", "principles": "帮扶原则", "priority": "优先安排",
    "priority_admission": "优先住院", "priority_exam": "优先检查", "priority_visit": "优先就诊", "promotion": "职称晋升",
    "quality_office": "质控", "rehabilitation": "康复", "remote_consultation": "远程会诊", "report": "上报资料",
    "rotation_plan": "轮换安排", "rules": "完善管理制度", "rules_revised": "修订制度", "safety": "安全保障",
    "selection": "人员遴选", "skill": "业务水平高", "specialty": "专科服务能力", "specialty_alliance": "加入专科联盟",
    "supervision": "监督指导", "surgeries": "手术", "surgery": "手术", "surgery_demo": "手术示教", "talent": "人才培养",
    "task": "明确带教任务", "tcm": "中医", "tcm_service": "中医药服务", "tcm_technique": "中医适宜技术",
    "teaching_ability": "能够指导医务人员", "team_leader": "组长", "technique_promotion": "技术推广",
    "top_leader": "第一责任人", "trained_person_times": "培训人次", "trainee_assessment": "管理考核",
    "trainees_received": "接收进修", "training": "业务培训", "ward_round": "查房", "work_rules_signed": "签订工作制度",
    "working_contact": "具体工作人员", "workplace": "工作条件",
}  # fmt: skip
PER = {
    "clinic": "每个机构", "doctor": "每名医师", "specialty": "每个专业", "doctor_year": "每名医师每年",
    "guided": "指导手术", "joined": "参与手术", "independent": "单独手术", "urgent_need": "解决一项医疗急需",
    "weak_link": "突破一个薄弱环节", "team_built": "带出一支技术团队", "new_service": "新增一项服务项目",
    "outpatient": "门诊", "ward_round": "查房", "surgery": "手术", "teaching": "教学",
}  # fmt: skip
TRIGGERS = {
    "discipline_breach": "违反驻点纪律且后果严重", "falsification_confirmed": "弄虚作假经查实", "poor_work": "工作不力",
    "rating_use": "考核结果的使用", "serious_failure": "严重影响援助工作",
}  # fmt: skip
EFFECTS = {
    "accreditation": "作为医院评审评价的依据", "ban_promotion": "不得晋升高一级职称",
    "cancel_current_year": "取消当年聘任和晋升职称资格", "comprehensive_target_assessment": "纳入综合目标管理考核",
    "hold_hospital_accountable": "追究医院责任", "hold_unit_accountable": "追究有关单位和人员责任",
    "key_specialty": "作为国家重点专科申报的依据", "priority": "同等条件下优先考虑", "public_criticism": "通报批评",
    "quality_hospital": "作为优质医院创建的依据", "rating": "与评优评先、评审评价挂钩", "three_post_system": "按「三岗制」处理",
}  # fmt: skip
FORBIDDEN = {"pair_change_before_target": "支援目标未完成前调整对口关系"}
USES = {"allowance": "津贴", "salary": "工资", "transport": "交通费", "work_subsidy": "工作补助"}
REQUIRED = {
    "dept_head": "科室主任", "deputy_head": "科室副主任", "senior_physician": "高年资医师", "senior_nurse": "高年资护师",
    "promotion_candidate": "晋升中高级职称人员", "senior_attending": "高年资主治", "title_rank": "职称",
    "category": "执业类别", "record_ref_per_attended_day": "出勤日附病历文书记录号",
    "clinical": "临床", "tcm": "中医", "stomatology": "口腔", "physician": "医师", "attending": "主治医师",
    "associate_chief": "副主任医师", "chief": "主任医师",
}  # fmt: skip
FIELDS: Mapping[str, Mapping[str, str]] = {
    "doc": DOCS, "items": ITEMS, "per": PER, "trigger": TRIGGERS, "effects": EFFECTS, "forbid": FORBIDDEN, "uses": USES,
    "requires": REQUIRED,
}  # fmt: skip
_IN_RULE = {
    ("SX-01", "emergency"): "急诊科", ("SX-10", "surgery"): "手术操作", ("SX-10", "emergency"): "急诊抢救",
    ("SX-01", "pediatrics"): "儿科", ("ZD-10", "surgery"): "外科", ("ZD-10", "obgyn"): "妇产",
    ("SX-08", "management"): "管理能力强", ("SQ-01", "management"): "规范化管理",
}  # fmt: skip
"""Where one slug is two words, the clause's own word."""


def slug(field: str, name: str, rule_id: str = "") -> str:
    """The Chinese words of a slug of a rule's field, in the words of its clause; a slug nobody has words for is itself."""
    return _IN_RULE.get((rule_id, name)) or FIELDS[field].get(name, name)


def requirement(entry: str) -> str:
    """An entry of eligibility in words: 「职称不低于主治医师」, 「执业类别为临床、中医或口腔」, 「科室主任或科室副主任」."""
    if ">=" in entry:
        key, least = (part.strip() for part in entry.split(">="))
        return f"{slug('requires', key)}不低于{slug('requires', least)}"
    key, among, values = entry.partition(" in ")
    if among:
        return f"{slug('requires', key.strip())}为{_any(values.strip())}"
    return _any(entry)


def _any(names: str) -> str:
    *before, last = (slug("requires", name) for name in names.split("|"))
    return f"{'、'.join(before)}或{last}" if before else last
