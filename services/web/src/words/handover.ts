/** Words of handing a seat over and of ordered work (evidence.md §2.2, §2.4). */
export const handover = {
  title: '交接单',
  none: '还没有交接单',
  waiting: '等您签字',
  from: (out: string, coming: string) => `${out} 交给 ${coming}`,
  signed: (role: string, time: string) => `${role} ${time} 签字`,
  steps: { out: '移交人', in: '接手人', recipient: '受援医院' } as Record<string, string>,
  waits: { doctor: '待接手医师签字', recipient_admin: '待受援医院确认' } as Record<string, string>,
  complete: '已完成',
  sign: '已看过,签字接手',
  items: '交接事项',
  newOne: '我要移交',
  to: '交给谁',
  choice: (name: string, start: string) => `${name}(${start} 起)`,
  noSuccessor: '本机构现在没有可以接手的派驻医师。接手医师的派驻登记后,这里会出现',
  itemsHow: '一行写一项,最多 50 项。不要写患者姓名',
  itemsNeeded: '请写明交接事项',
  tooMany: '最多 50 项',
  tooLong: '每一项不超过 500 个字',
  submit: '签字移交',
  again: '返回交接单',
  label: (name: string) => `移交给 ${name}`,
  signLabel: (name: string) => `接手 ${name} 的工作`,
} as const;

/** Ordered work, filed by an office: the physician reads it (evidence.md §2.2). */
export const orders = {
  title: '抽调(由单位登记)',
  kinds: { epidemic: '疫情防控', disaster: '抢险救灾', government: '政府任务', meeting: '会议', travel: '路途' } as Record<string, string>,
  document: (no: string, issuer: string) => `${issuer} ${no}`,
  span: (from: string, fromHalf: string, to: string, toHalf: string) => (from === to ? `${from} ${fromHalf === toHalf ? fromHalf : '全天'}` : `${from} ${fromHalf} 至 ${to} ${toHalf}`),
} as const;
