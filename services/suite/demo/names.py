"""Invented people: composed from lists, so that nobody real is meant. Pure."""

from __future__ import annotations

from random import Random

SURNAMES = "林何方苏陆秦顾季白温叶许邵沈程宋乔江孟祝岑戴薛柏尹骆纪安简卓"
FIRST = "知清以文见望长向秋景予书若云星时思言怀君"
SECOND = "远越宁简川舒安晚实澄禾仪棠帆河雨行蹊瑜亭"


def people(rng: Random, count: int) -> list[str]:
    """`count` different names of three characters; at most 12,000."""
    every = [a + b + c for a in SURNAMES for b in FIRST for c in SECOND]
    return rng.sample(every, count)


TEXTS = (
    "上午出门诊,慢病复诊较多,调整了降压方案;下午带教查房,讲解抗生素使用。",
    "今日随访高血压和糖尿病患者,与家庭医生团队核对名单,安排下周入户。",
    "门诊平稳。午后组织小讲课,题目是胸痛的早期识别,大家提问踊跃。",
    "协助完善转诊流程,和上级医院约定了绿色通道联系人。",
    "查房时发现记录不全,和责任医师一起补充,并示范了规范写法。",
    "参加病例讨论,就慢阻肺急性加重的处理交换意见,形成书面小结。",
    "上午门诊,下午指导心电图判读,练习了二十份图纸。",
    "为社区居民做健康讲座,讲解合理膳食,现场测量血压。",
    "与护理组演练急救流程,记录了三处需要改进的地方。",
    "完成两例会诊,其中一例建议上转,已电话沟通床位。",
)
"""What diaries say: no patient, no place that exists."""
