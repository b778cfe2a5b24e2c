"""The Chinese words of cases, stretches and half-days. Pure."""

SCOPES = {"recipient": "同一受援机构", "pair": "同一对口关系", "programme": "项目内任何机构", "team_slot": "同一席位"}
ENDED_BY = {
    "break": "中断", "posting_end": "派驻结束", "recipient_change": "更换受援机构", "gap": "与下一段派驻不相连",
    "as_of": "仍在派驻",
}  # fmt: skip
BREAKS = {"absence_run": "连续缺勤", "absence_total": "累计缺勤达到上限", "leave_run": "请假时间过长", "ordered": "指令性工作"}
STATUSES = {"A": "在岗", "O": "指令性工作", "L": "请假", "P": "待定", "X": "缺勤", "rest": "无应出勤", "": "未到时间"}
EFFECTS = {"credited": "计入", "debt": "需顺延补足", "none": "不计入"}
REASONS = {
    "personal": "事假", "sick": "病假", "emergency": "急事", "annual": "年休假", "marriage": "婚假", "maternity": "产假",
    "bereavement": "丧假", "other": "其他",
    "epidemic": "疫情防控", "disaster": "抢险救灾", "government": "政府指令", "rescue": "医疗救援", "meeting": "会议培训",
    "travel": "往返路途",
    "window_open": "补签期未过", "decision_pending": "等待审批", "absent": "缺勤", "no_scan": "没有签到", "short": "在岗时间不足",
    "split_session": "两个站点都不足半天", "open": "没有签退", "correction_late": "补签超过期限", "correction_limit": "补签超过次数",
    "correction_refused": "补签未通过", "weak_evidence": "签到证据不足", "leave_level": "请假审批级别不够", "leave_late": "请假提交过晚",
    "leave_refused": "请假未批准", "order_issuer": "指令单位级别不够或无文号", "spot_missed": "抽查判定为未找到",
}  # fmt: skip
FLAGS = {
    "early_rotation": "未满期限提前轮换", "leave_split": "相邻请假合计超过审批权限", "corrections": "补签 {} 天",
    "record_ref": "有病历记录 {} 天", "two_clinics": "两个站点都满半天", "split_session": "两个站点都不足半天",
}  # fmt: skip
ATTRIBUTES = {
    "mode": "派驻方式", "specialty": "专业", "title_rank": "职称", "recipient_level": "机构等级", "supporter": "支援机构",
}  # fmt: skip
"""What `where` of a rule may ask of a posting."""
ASKS = {
    "continuity": "连续", "accumulate": "累计", "quota": "数量", "month": "月度", "coverage": "席位", "deadlines": "期限",
    "growth": "增长", "ban": "处理", "due": "满期", "day": "当日", "funding": "补助",
}  # fmt: skip
