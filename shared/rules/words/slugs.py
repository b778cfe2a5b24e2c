"""The Chinese words of the free slugs of rule files: documents, items, triggers, effects, uses and the like. Pure."""

from __future__ import annotations

DOCUMENTS = {
    "agreement": "对口支援协议书", "annual_assessment_result": "年度考核结果", "annual_plan": "年度帮扶计划", "annual_summary": "年度工作总结",
    "annual_summary_and_plan": "年度总结和下年度改进计划", "assessment_form": "医师考核登记表", "assessment_form_batch": "考核登记表(汇总上报)",
    "county_work_plan": "县级帮扶工作方案", "effect_evaluation": "援助效果评估", "half_year_evaluation": "半年评估情况总结",
    "half_year_stats": "对口支援工作统计表", "monthly_roster": "月度排班表", "monthly_specialty_summary": "专科月度小结",
    "national_system_entry": "信息管理系统填报", "pairing_list": "对口支援关系名单", "personal_file_entry": "个人档案记录",
    "posting_summary": "驻点工作总结", "quarterly_stats": "对口支援工作考核统计表", "roster_revision": "排班调整表",
    "service_registration_form": "服务人员情况登记表", "support_plan": "帮扶方案", "tripartite_agreement": "三方协议", "work_diary": "工作日志",
}  # fmt: skip
ITEMS = {
    "accreditation": "等级评审", "annual_target": "年度目标考核", "appropriate_technique": "适宜技术推广", "batch_list": "派驻人员名单",
    "board_lodging": "食宿安排", "class_1_2_surgery": "一、二类手术", "collate": "整理", "collect": "收集", "conduct": "思想作风",
    "coordinate": "协调", "core_systems": "核心制度落实", "death_case": "死亡病例讨论", "demonstration": "示范操作",
    "dept_assessment": "纳入科室考核", "deputy_leader": "分管领导", "difficult_case": "疑难病例讨论", "discipline": "工作纪律",
    "down_referral": "下转", "effect_assessment": "效果考核评估", "emergency": "急诊急救", "equipment_value": "设备价值",
    "evaluation": "考核评估", "free": "免费", "free_clinic_patients": "义诊人数", "good_practice": "经验交流推广", "green_channel": "绿色通道",
    "health": "身体健康", "hemodialysis": "血液透析", "hospital_plan": "医院发展规划", "housing": "食宿条件", "icu": "重症监护", "imaging": "影像",
    "infection_control": "院感管理", "internal": "内科", "key_specialty_named": "确定重点扶持专科", "kickoff_meeting": "部署会议",
    "laboratory": "临床检验", "leading_group": "领导机构", "lectures": "讲座", "liaison_meeting": "工作联系会议", "logistics": "后勤保障",
    "management": "管理能力", "management_rules": "管理制度", "medical_office": "医务科", "mentoring": "带教指导", "named_contact": "专人负责",
    "named_leader_per_recipient": "确定驻点负责人", "named_mentor": "指定带教医生", "new_techniques": "新技术", "nursing": "护理",
    "nursing_quality": "护理质量", "obgyn": "妇产科", "obstetrics": "产科", "organise": "组织实施", "orthopedics": "骨科", "outpatient": "门诊",
    "pathology": "病理", "pediatrics": "儿科", "periodic_assessment": "医师定期考核", "plan": "规划方案", "principles": "支援原则",
    "priority": "优先安排", "priority_admission": "优先住院", "priority_exam": "优先检查", "priority_visit": "优先就诊", "promotion": "职称晋升",
    "quality_office": "质控办", "rehabilitation": "康复", "remote_consultation": "远程会诊", "report": "上报", "rotation_plan": "轮换安排",
    "rules": "完善制度", "rules_revised": "制修订制度", "safety": "安全保障", "selection": "遴选", "skill": "业务水平", "specialty": "专科建设",
    "specialty_alliance": "专科联盟", "supervision": "监督指导", "surgeries": "手术", "surgery": "手术", "surgery_demo": "手术示教",
    "talent": "人才培养", "task": "明确带教任务", "tcm": "中医", "tcm_service": "中医药服务", "tcm_technique": "中医适宜技术",
    "teaching_ability": "带教能力", "team_leader": "组长管理", "technique_promotion": "技术推广", "top_leader": "主要负责人",
    "trained_person_times": "培训人次", "trainee_assessment": "进修考核", "trainees_received": "接收进修", "training": "业务培训",
    "ward_round": "查房", "work_rules_signed": "签署工作制度", "working_contact": "具体联系人", "workplace": "工作场所",
}  # fmt: skip
GROUPS = {
    "guided": "指导手术", "joined": "参与手术", "independent": "单独开展手术", "teaching": "教学", "new_service": "新增服务项目",
    "team_built": "带出技术团队", "urgent_need": "解决医疗急需", "weak_link": "突破薄弱环节",
}  # fmt: skip
TRIGGERS = {
    "discipline_breach": "违反工作纪律", "falsification_confirmed": "查实弄虚作假", "poor_work": "工作不力", "rating_use": "用于评审评价",
    "serious_failure": "严重影响援助工作",
}  # fmt: skip
EFFECTS = {
    "ban_promotion": "规定年限内不得晋升高一级职称", "cancel_current_year": "取消当年聘任和晋升资格",
    "comprehensive_target_assessment": "综合目标管理考核", "hold_hospital_accountable": "追究医院责任",
    "hold_unit_accountable": "追究有关单位和人员责任", "key_specialty": "重点专科申报", "public_criticism": "通报批评",
    "quality_hospital": "优质医院创建", "rating": "评优评先", "three_post_system": "三岗制考核",
}  # fmt: skip
USES = {"salary": "工资", "allowance": "津贴", "work_subsidy": "工作补贴", "transport": "交通支出"}
REQUIREMENTS = {
    "dept_head": "科主任", "deputy_head": "科副主任", "senior_physician": "高年资医师", "senior_nurse": "高年资护师",
    "promotion_candidate": "晋升中高级职称人员", "senior_attending": "高年资主治医师", "record_ref_per_attended_day": "每个在岗日有病历记录",
    "title_rank>=attending": "主治医师以上", "category in clinical|tcm|stomatology": "临床、中医或口腔类别医师",
    "clinical": "临床", "stomatology": "口腔",
}  # fmt: skip
OTHERS = {"pair_change_before_target": "支援目标完成前调整对口关系", "clinic": "站点", "doctor": "医师"}

WORDS = {**OTHERS, **REQUIREMENTS, **USES, **EFFECTS, **TRIGGERS, **GROUPS, **ITEMS, **DOCUMENTS}


def of(slug: str) -> str:
    """The words of a slug; a slug of a local programme that nobody put into words stands for itself."""
    return WORDS.get(slug, slug)


def requirement(entry: str) -> str:
    """The words of an entry of `requires`; alternatives are joined by 或."""
    return WORDS.get(entry) or "或".join(of(flag) for flag in entry.split("|"))
