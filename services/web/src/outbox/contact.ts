/**
 * The phone says what it still holds, so that the server tells 「未同步」 from 「未记录到」; the server says what it last has,
 * so that a person whose phone was wiped can see it (experience.md §3, evidence.md §4, §6.2).
 */
import { keepBeacon } from './beacon';
import { getFact, setFact } from './db';
import { deviceKey, setEnrolled } from './device';
import { all } from './queue';
import { isUnsent } from './record';
import { ask, type Server, waiting } from './sender';

export interface KnownEntry {
  client_event_id: string;
  seq: number;
  at: string;
}

export interface Contacted {
  known: KnownEntry[];
  /** None of what the server has of this person is on this phone: a new phone, or its storage was wiped. */
  wiped: boolean;
}

const PATIENCE_MS = 10_000;

/** POST with JSON; null when there is no answer of ours. Nothing here may hold up a check-in. */
export async function post(server: Server, url: string, body: object): Promise<{ status: number; json: { [member: string]: unknown } } | null> {
  const answer = await ask(server, url, {
    method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': server.csrfToken },
  }, PATIENCE_MS);
  return 'type' in answer || answer.json === null ? null : { status: answer.status, json: answer.json };
}

/** Report to the server; null when it could not be reached. */
export async function contact(server: Server): Promise<Contacted | null> {
  if (!server.personId) return null;
  const records = await all();
  const mine = records.filter((one) => one.personId === server.personId || one.personId === null);
  const key = await deviceKey(server.personId);
  const answer = await post(server, '/api/checkin/contact', { unsent: waiting(mine.filter(isUnsent)), device: key?.thumbprint ?? null });
  if (answer?.status !== 200) return null;
  await keepBeacon(answer.json.beacon, server.personId);
  const known = (answer.json.known ?? []) as KnownEntry[];
  const metKey = `met:${server.personId}`;
  const met = await getFact<boolean>(metKey);
  const here = new Set(records.map((one) => one.clientEventId));
  const wiped = met === null && known.length > 0 && !known.some((one) => here.has(one.client_event_id));
  if (!wiped) await setFact(metKey, true);
  return { known, wiped };
}

/** From now on this phone is not new to the person (「知道了」). */
export const settleIn = (personId: string): Promise<void> => setFact(`met:${personId}`, true);

export type Enrolment = 'enrolled' | 'away' | { status: number; slug: string; [member: string]: unknown };

/** Make the key known to the server. A server that has no such address yet counts as away: events then go without it. */
export async function enrol(server: Server): Promise<Enrolment> {
  const key = await deviceKey(server.personId);
  if (!key || !server.personId) return 'away';
  if (key.enrolled) return 'enrolled';
  const answer = await post(server, '/api/identity/devices', { jwk: key.jwk, platform: platform(navigator.userAgent) });
  if (answer === null || answer.status === 404 || answer.status === 405 || answer.status >= 500) return 'away';
  if (answer.status < 300) {
    await setEnrolled(server.personId, true);
    return 'enrolled';
  }
  return { ...answer.json, status: answer.status, slug: String(answer.json.slug ?? '') };
}

/** Class of the web view, nothing finer: WeCom names itself before WeChat (experience.md §7). */
export function platform(agent: string): string {
  const view = /wxwork/i.test(agent) ? 'wecom' : /MicroMessenger/i.test(agent) ? 'wechat' : 'browser';
  const system = /HarmonyOS|OpenHarmony/i.test(agent) ? 'harmony' : /Android/i.test(agent) ? 'android' : /iPhone|iPad|iPod/i.test(agent) ? 'ios' : 'other';
  return `${view}-${system}`;
}
