/** Words of objections and of what one is about (experience.md PH-06, PH-12). */
import type { ObjectionReason } from '../api/types';

/** 「我有异议」 and 「补充说明」: one objection about one thing (evidence.md §11). */
export const objection = {
  title: '我有异议',
  explain: '补充说明',
  about: '对哪一项',
  choose: '请选择对哪一项',
  nothing: '这一天没有可以提出异议的记录',
  grade: (label: string, time: string, grade: string) => `${label} ${time} 证据等级 ${grade}`,
  flag: (label: string, time: string, text: string) => `${label} ${time} 疑点:${text}`,
  check: (time: string) => `${time} 的抽查`,
  month: (year: number, month: number) => `${year}年${month}月的数字`,
  reason: '理由',
  reasons: {
    grade_low: '证据等级偏低',
    flag_wrong: '疑点不成立',
    check_wrong: '抽查结果有误',
    figure_wrong: '报告数字有误',
    not_present: '对在岗有异议',
    other: '其他',
  } satisfies Record<ObjectionReason, string>,
  text: '请写明情况',
  textHint: '不要写患者姓名',
  textNeeded: '请用文字写明情况',
  window: '记录收到后 15 天内可以提出,10 个工作日内由没有参与的人员处理。处理前等级不变',
  noPosting: '这一天不在您的派驻期内',
  own: '我的异议与说明',
  open: (due: string) => `待处理,${due} 前答复`,
  decided: (state: string, role: string) => `${state} · ${role}`,
  again: '再写一条',
} as const;
