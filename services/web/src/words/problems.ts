/**
 * Problem slug → the one sentence a physician reads (experience.md §6.5, and the slugs the services add).
 * {name} stands for a member of the problem; where it is missing, the server's own title is shown.
 */
import type { ProblemBody } from '../outbox/record';

export const PROBLEMS: Readonly<Record<string, string>> = {
  'idempotency-conflict': '同一条记录的内容不一致,没有覆盖原记录。请新建一条',
  'not-your-record': '这条记录属于 {name},请本人登录后发送',
  'code-locked': '8 位码连续输错,{minutes} 分钟后再试,或直接扫码',
  'code-wrong': '8 位码不对或已更新,请看屏幕重新输入,或直接签到(证据较弱)',
  'already-recorded': '这次签到之前已收到,回执 {code}',
  'flip-over': '已超过 10 分钟或之后又有记录,请用"申请补签"更正方向',
  'no-open-posting': '您当前没有派驻任务,未能签到(已留下扫码记录)',
  erased: '该记录的内容已按规定删除,不能重新提交',
  'unknown-code': '没有找到这个码对应的医疗点,请扫门诊现场的码',
  'photo-unreadable': '这不是可以读取的照片',
  'photo-too-large': '照片太大,请重新选择或压缩后再传',
  'text-empty': '请用文字写几句',
  'date-in-future': '还没有到这一天',
  'date-outside-posting': '这一天不在您的派驻期内',
  'photo-mismatch': '照片在传输中有变化,请重新上传',
  'month-not-begun': '这个月还没有开始',
  'not-found': '没有找到,或您没有查看的权限',
  'programme-invalid': '规则文件有 {n} 处需要修改,没有保存',
  'month-begun': '只能从还没有开始的月份起生效,最早 {earliest}',
  'version-counts': '这个版本从{since}起已经生效,不能更改生效月份',
  'mode-in-use': '这个版本里没有派驻正在使用的方式:{modes}',
  'nothing-proposed': '没有待确认的位置,或位置已更改,请刷新后再看',
  'calendar-invalid': '日历文件有 {n} 处需要修改,没有保存',
  'level-too-low': '这项结论需由{approver}或上级作出',
  'attachment-mismatch': '附件在传输中有变化,请重新上传',
  'export-invalid': '导出表有 {n} 处需要修改,没有导入任何一行',
  'attachment-too-large': '附件太大,请压缩后再传',
  'attachment-refused': '附件格式不对或已损坏,请换一个文件',
  'workbook-invalid': '名单有 {n} 处需要修改,没有导入任何一行',
  'second-factor-required': '请再输入动态验证码',
  'correction-window-over': '已超过 {workdays} 个工作日,不能补签',
  'correction-quota-used': '本月补签次数已用完',
  'month-locked': '本月已锁定,更正会以新版本出具',
  'self-approval': '不能审批自己的申请',
  'leave-level': '{workdays} 个工作日的请假需{approver}批准,可"同意并转上级"',
  'not-independent': '您与该记录有关,需由他人确认',
  'already-decided': '已被 {name} 于 {time} 处理',
  'not-your-turn': '请先由{approver}处理',
  'no-outage': '这个医疗点当天没有登记过停电、断网或设备故障',
  'posting-ended': '这个派驻已经结束',
  'spot-closed': '本次抽查已有结果',
  'spot-not-now': '现在不能发起抽查:{reason}',
  'objection-late': '已超过 15 天,不能提出异议',
  'rate-limited': '操作太快了,{n} 秒后再试',
  unavailable: '服务暂时不可用,记录已存手机,会自动发送',
  'invalid-body': '有一项填写不对:{field}',
  'not-signed-in': '登录已过期,请重新登录',
  forbidden: '您没有这项权限',
  'invitation-over': '邀请链接已失效,请联系医务科重新发送',
  'sign-in-again': '为了安全,请重新登录后再绑定这台手机',
  'device-taken': '这把手机密钥不能再绑定,请在手机上重新生成',
  'device-limit': '最多绑定 2 台手机,请先解除一台',
  'other-key-needed': '请在另一台已确认的手机上操作,或到医务科当面确认',
  'password-weak': '密码不合要求:{reason}',
  'sign-in-failed': '手机号、密码或验证码不对',
  'sign-in-locked': '15 分钟后再试',
  'binding-over': '绑定已超时或已完成,请从头打开一次;邀请码请向医务科要',
  'platform-away': '微信暂时没有应答,请用微信右上角扫一扫,或输入 8 位码',
  'platform-off': '这里没有开通微信登录,请用手机号和密码登录',
  'platform-refused': '登录没有完成,请再试一次,或用手机号和密码登录',
  'snapshot-page': '请点右下角"使用完整服务"后再试',
  'not-a-member': '您不在本企业通讯录,请改用微信登录',
  'nothing-missing': '目前没有需要提醒的事项',
  'nudge-too-soon': '{until} 后可再次提醒',
  'nudge-hours': '07:20 至 20:45 之间可以提醒',
  'level-not-allowed': '这一项最低可选「{lowest}」',
  'form-expired': '页面已过期,请刷新后再试',
  'bad-request': '请求的格式不对',
  'method-not-allowed': '不支持这种操作',
  'body-too-large': '内容太大,无法接收',
  'unsupported-media-type': '不支持这种内容类型',
  internal: '服务出了问题,请稍后再试',
};

/** Names of body fields as a person knows them, for 「有一项填写不对」. */
export const FIELDS: Readonly<Record<string, string>> = {
  service_date: '日期',
  session: '上午/下午',
  department: '科室',
  visits: '人次',
  record_ref: '编号',
  notes: '备注',
  text: '日志内容',
  activities: '活动',
  type: '类型',
  times: '次数',
  count: '次数',
  people: '人数',
  photo_sha256: '照片',
  declaration: '照片声明',
  clinic_id: '医疗点',
  direction: '签到或签退',
  note: '原因',
  claimed_in: '签到时间',
  claimed_out: '签退时间',
  sessions: '上午/下午',
  supersedes: '要更正的记录',
  attachment_sha256: '附件',
  doc_no: '文号',
  issuer_level: '发文单位',
  phone: '手机号',
  password: '密码',
};

function value(problem: ProblemBody, name: string): string | null {
  const found = problem[name];
  if (name === 'code') return (problem.receipt as { code?: string } | undefined)?.code ?? (found as string | undefined) ?? null;
  if (name === 'field' && typeof found === 'string') {
    const parts = found.split('.').filter((part) => !/^\d+$/.test(part));
    return FIELDS[parts[parts.length - 1] ?? ''] ?? null;
  }
  return typeof found === 'string' || typeof found === 'number' ? String(found) : null;
}

const CHINESE = /[\u4e00-\u9fff]/;

/** The sentence of a problem; never English, never empty. */
export function sentence(problem: ProblemBody): string {
  const template = PROBLEMS[problem.slug];
  if (template) {
    let complete = true;
    const filled = template.replace(/\{(\w+)\}/g, (_all, name: string) => {
      const found = value(problem, name);
      if (found === null) complete = false;
      return found ?? '';
    });
    if (complete) return filled;
    if (typeof problem.title === 'string' && CHINESE.test(problem.title)) return problem.title;
    return template.replace(/[,::][^,::]*\{.*$/, '').replace(/\{\w+\}/g, '');
  }
  if (typeof problem.title === 'string' && CHINESE.test(problem.title)) return problem.title;
  return PROBLEMS.internal as string;
}
