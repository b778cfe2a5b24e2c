/** Words of the scan page and of the three states that are never mixed (experience.md §1, §2). */
export const scan = {
  saved: (time: string) => `已存手机 ${time}`,
  sending: '发送中',
  received: (time: string, code: string) => [`已收到 ${time}`, `回执 ${code}`],
  duplicate: (code: string) => ['已收到(之前已提交)', `回执 ${code}`],
  needsYou: (reason: string) => `需要处理:${reason}`,
  waiting: (reason: string) => `还没有发出:${reason}`,
  sendNow: '立即发送',
  signIn: '登录后发送',
  goSignIn: '正在前往登录…',
  eightDigits: '请输入屏幕上的 8 位数字,或清空后直接签到',
  noStore: '本机无法离线保存,请联网后签到',
  unsent: (count: number) => `${count} 条未发送`,
  action: { in: '签到', out: '签退', am: '上午', pm: '下午' },
  label: (direction: 'in' | 'out', session: 'am' | 'pm') => `${scan.action[direction]}(${scan.action[session]})`,
  flip: (direction: 'in' | 'out') =>
    `不是${scan.action[direction]}?改为${scan.action[direction === 'in' ? 'out' : 'in']}`,
  week: (line: string) => (line.startsWith('本周') ? line : `本周${line}`),
  seq: (seq: number) => `第 ${seq} 条`,
  weekdays: ['日', '一', '二', '三', '四', '五', '六'],
  clock: (month: number, day: number, weekday: string, time: string) => `${month}月${day}日 周${weekday} ${time}`,
} as const;
