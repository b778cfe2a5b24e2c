/** Words of the clinic screen (KS-01). */
export const screen = {
  typed: (code: string) => `${code.slice(0, 4)} ${code.slice(4)}`,
  left: (seconds: number) => `${seconds} 秒后更新`,
  renewing: '正在更新…',
  skew: (seconds: number) => `屏幕时间偏差 ${seconds} 秒,已按服务器校正`,
  offline: '没有网络,签到码无法更新,正在重试。请先使用墙上的纸质海报',
  revoked: '这个屏幕地址已停用,请向医务科索取新的地址',
  clock: (date: string, hms: string) => `${date} ${hms}`,
} as const;
