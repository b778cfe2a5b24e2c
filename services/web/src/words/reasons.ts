/** Why a record has not gone out yet, in words. */
import type { LocalCode, Reason } from '../outbox/record';
import { sentence } from './problems';

const LOCAL: Record<LocalCode, string> = {
  offline: '没有网络,连上后自动发送',
  timeout: '网络太慢,没有等到答复,会再试',
  unavailable: '服务暂时不可用,记录已存手机,会自动发送',
  not_ours: '收到的不是驻点通的答复,可能要先在浏览器里登录上网',
  signed_out: '登录已过期,您的未发送记录仍在手机里',
  other_person: '这条记录属于另一位医师,请本人登录后发送',
  page_old: '页面已过期,重新打开后自动发送',
  unreadable: '手机里的密钥已被清除,这条记录读不出来了',
};

const READING: Partial<typeof LOCAL> = {
  offline: '没有网络',
  timeout: '网络太慢,没有等到答复',
  unavailable: '服务暂时不可用',
};

/** Why something could not be shown; nothing of the person's own is waiting here. */
export function loadingWords(reason: Reason): string {
  const code = reason.type === 'local' ? reason.code : reason.problem.slug === 'unavailable' ? 'unavailable' : null;
  return (code && READING[code]) || reasonWords(reason);
}

export function reasonWords(reason: Reason): string {
  if (reason.type === 'problem') return sentence(reason.problem);
  return reason.code === 'other_person' && reason.name ? `这条记录属于 ${reason.name},请本人登录后发送` : LOCAL[reason.code];
}
