/**
 * Sends what waits on the phone. Only a receipt that fits (our id, our body hash) is an acknowledgement; a bare 200 is
 * not (experience.md §2, evidence.md §3–4). Whatever happens, the record stays on the phone.
 */
import { jcs } from '../canonical/jcs';
import { sha256OfText } from '../canonical/sha256';
import { retryAfterMs, waitMs } from './backoff';
import { keepBeacon } from './beacon';
import { deviceKey } from './device';
import { all, keep, photoBytes, read } from './queue';
import { isTaken, isUnsent, type Kind, type OutboxRecord, type ProblemBody, type Reason, type Receipt } from './record';
import { seal, SEAL_WITHIN_MS, withFix } from './seal';

export interface Server {
  /** Person signed in now, or null. */
  personId: string | null;
  personName?: string | null;
  csrfToken: string;
  fetch: typeof fetch;
  now: () => number;
}

export const ROUTES: Record<Kind, string> = {
  attendance: '/api/checkin/events',
  half_day: '/api/worklog/half-days',
  diary: '/api/worklog/diaries',
  correction: '/api/checkin/corrections',
  leave: '/api/checkin/leaves',
  spot: '/api/checkin/spot',
  objection: '/api/checkin/objections',
  handover: '/api/checkin/handovers',
};
export const PHOTO_ROUTE = '/api/worklog/photos/';
type Tell = (record: OutboxRecord) => void;
const PATIENCE_MS = 20_000;
const FINAL = new Set([400, 403, 404, 409, 413, 422]);

export const isReceipt = (value: unknown): value is Receipt =>
  typeof value === 'object' && value !== null && typeof (value as Receipt).code === 'string' &&
  typeof (value as Receipt).body_hash === 'string' && typeof (value as Receipt).client === 'string';

/** True when a receipt is for exactly what this phone sent. */
export async function fits(receipt: Receipt, record: OutboxRecord): Promise<boolean> {
  return receipt.client === record.clientEventId && receipt.body_hash === (await sha256OfText(jcs(record.body)));
}

/** Count, oldest time and sessions of what waits, for `sent.unsent` and for a contact. */
export function waiting(records: OutboxRecord[]): { count: number; oldest_at: string | null; sessions: string[] } {
  const oldest = Math.min(...records.map((one) => one.savedAt));
  const sessions = records.filter((one) => one.kind === 'attendance' && one.session).map((one) => `${one.date} ${one.session}`);
  return {
    count: records.length,
    oldest_at: records.length ? new Date(oldest).toISOString() : null,
    sessions: [...new Set(sessions)],
  };
}

/** fetch that gives up; AbortController is missing in the oldest web views, where the browser's own limit must do. */
async function patiently(server: Server, url: string, init: RequestInit, patience: number): Promise<Response> {
  if (typeof AbortController === 'undefined') return server.fetch(url, init);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), patience);
  try {
    return await server.fetch(url, { ...init, signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}

interface Answer {
  status: number;
  ours: boolean;
  retryAfter: number | null;
  json: { [member: string]: unknown } | null;
}

/** One request: what came back, or why nothing did. @param patience milliseconds after which it gives up */
export async function ask(server: Server, url: string, init: RequestInit, patience = PATIENCE_MS): Promise<Answer | Reason> {
  let response: Response;
  try {
    response = await patiently(server, url, { credentials: 'same-origin', redirect: 'error', ...init }, patience);
  } catch (error) {
    const code = (error as Error)?.name === 'AbortError' ? 'timeout' : 'offline';
    return { type: 'local', code };
  }
  const type = response.headers.get('content-type') ?? '';
  let json: Answer['json'] = null;
  try {
    if (/json/.test(type)) json = (await response.json()) as Answer['json'];
  } catch {
    json = null;
  }
  const retryAfter = retryAfterMs(response.headers.get('retry-after'), server.now());
  return { status: response.status, ours: json !== null, retryAfter, json };
}

export function problemOf(answer: { status: number; json: { [member: string]: unknown } | null }): ProblemBody {
  const type = String(answer.json?.type ?? '');
  const slug = String(answer.json?.slug ?? type.slice(type.lastIndexOf('/') + 1)).replace(/^.*:/, '');
  return { ...answer.json, status: answer.status, slug: slug || 'unavailable' };
}

function later(record: OutboxRecord, reason: Reason, now: number, retryAfter: number | null = null): OutboxRecord {
  return { ...record, state: 'saved', reason, nextAt: now + waitMs(record.attempts, retryAfter) };
}

/** What an answer to the body makes of the record. */
export async function judge(record: OutboxRecord, answer: Answer, now: number): Promise<OutboxRecord> {
  const { status, json } = answer;
  const receipt = json?.receipt;
  const problem = problemOf(answer);
  if ((status === 200 || status === 201) && isReceipt(receipt) && (await fits(receipt, record)))
    return { ...record, state: 'confirmed', receipt, answer: json, reason: null, nextAt: null, confirmedAt: now };
  if (status === 409 && problem.slug === 'already-recorded' && isReceipt(receipt))
    return { ...record, state: 'duplicate', receipt, answer: json, reason: null, nextAt: null, confirmedAt: now };
  if (status === 401) return later(record, { type: 'local', code: 'signed_out' }, now);
  if (problem.slug === 'not-your-record') return later(record, otherPerson(record), now); // waits for its own person
  if (problem.slug === 'form-expired') return later(record, { type: 'local', code: 'page_old' }, now);
  if (answer.ours && FINAL.has(status)) return { ...record, state: 'needs_you', reason: { type: 'problem', problem }, nextAt: null };
  if (answer.ours && status >= 400) return later(record, { type: 'problem', problem }, now, answer.retryAfter);
  return later(record, { type: 'local', code: 'not_ours' }, now, answer.retryAfter);
}

/** The name comes from the phone, never from the server (experience.md §6.5). */
const otherPerson = (record: OutboxRecord): Reason => ({ type: 'local', code: 'other_person', ...(record.personName ? { name: record.personName } : {}) });

/** The record as it may be sent by this person, or the reason why it may not. */
export function forPerson(record: OutboxRecord, personId: string | null, personName: string | null = null): OutboxRecord | Reason {
  if (personId === null) return { type: 'local', code: 'signed_out' };
  if (record.personId === null && !record.sealed)
    return { ...record, personId, personName, body: { ...record.body, person: personId } };
  return record.personId === personId ? record : otherPerson(record);
}

/** Sealed and its own person's, ready to go; a reason why not; or null for a position that is still being asked for. */
async function ready(record: OutboxRecord, server: Server): Promise<OutboxRecord | Reason | null> {
  const mine = forPerson(record, server.personId, server.personName ?? null);
  if ('type' in mine || mine.sealed) return mine;
  if (!mine.waitsForFix) return seal(mine);
  if (Math.abs(server.now() - mine.savedAt) < SEAL_WITHIN_MS) return null;
  return seal(await withFix(mine, 'page_hidden')); // the page died before it had sealed
}

/** The key's signature, once the server knows the key; it is no part of what is hashed and may come with a later attempt. */
async function deviceOf(record: OutboxRecord): Promise<{ device: OutboxRecord['device'] } | null> {
  if (!record.device) return null;
  const key = await deviceKey(record.personId).catch(() => null);
  return key?.enrolled && key.thumbprint === record.device.thumbprint ? { device: record.device } : null;
}

async function sendBody(record: OutboxRecord, server: Server, tell: Tell): Promise<OutboxRecord> {
  const mine = await ready(record, server);
  if (mine === null) return { ...record, nextAt: record.savedAt + SEAL_WITHIN_MS };
  if ('type' in mine) return { ...record, reason: mine, nextAt: null };
  const sending: OutboxRecord = { ...mine, state: 'sending', attempts: mine.attempts + 1 };
  await keep(sending);
  tell(sending);
  const others = (await all()).filter((one) => isUnsent(one) && one.personId === sending.personId && one.clientEventId !== record.clientEventId);
  const sent = { sent_at: new Date(server.now()).toISOString(), attempt: sending.attempts, unsent: waiting(others) };
  const location = sending.location ? { location: sending.location } : null;
  const answer = await ask(server, record.route ?? ROUTES[record.kind], {
    method: 'POST',
    keepalive: true,
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': server.csrfToken },
    body: JSON.stringify({ body: sending.body, ...(await deviceOf(sending)), ...location, sent }),
  });
  if ('type' in answer) return later(sending, answer, server.now());
  await keepBeacon(answer.json?.beacon, server.personId).catch(() => undefined);
  return judge(sending, answer, server.now());
}

async function sendPhoto(sha256: string, server: Server): Promise<Reason | null> {
  const photo = await photoBytes(sha256);
  if (!photo) return { type: 'problem', problem: { status: 0, slug: 'photo-unreadable' } };
  const answer = await ask(server, PHOTO_ROUTE + sha256, {
    method: 'PUT',
    headers: { 'Content-Type': photo.type, 'X-CSRF-Token': server.csrfToken },
    body: photo.bytes,
  });
  if ('type' in answer) return answer;
  if (answer.status < 300 && answer.json?.sha256 === sha256) return null;
  if (problemOf(answer).slug === 'form-expired') return { type: 'local', code: 'page_old' };
  if (answer.ours && FINAL.has(answer.status)) return { type: 'problem', problem: problemOf(answer) };
  if (answer.status === 401) return { type: 'local', code: 'signed_out' };
  return { type: 'local', code: answer.ours ? 'unavailable' : 'not_ours' };
}

/**
 * Photos one by one after the body; each keeps its own reason, none holds another. @param pressing whether something
 * more urgent came in meanwhile: a photo never holds a check-in
 */
async function sendPhotos(record: OutboxRecord, server: Server, tell: Tell, pressing: () => boolean): Promise<OutboxRecord> {
  let current = record;
  for (const part of record.photos) {
    if (part.sent || part.reason?.type === 'problem') continue;
    if (pressing()) return { ...current, nextAt: null };
    const reason = await sendPhoto(part.sha256, server);
    const photos = current.photos.map((one) => (one.sha256 === part.sha256 ? { ...one, sent: reason === null, reason } : one));
    current = { ...current, photos };
    await keep(current);
    tell(current);
    if (reason?.type === 'local') break;
  }
  const waits = current.photos.some((photo) => !photo.sent && photo.reason?.type === 'local');
  return waits ? { ...current, attempts: current.attempts + 1, nextAt: server.now() + waitMs(current.attempts + 1) } : { ...current, nextAt: null };
}

/** Send the body of one record, if it is still owed; every change is on the phone before it is told. */
export async function sendText(id: string, server: Server, tell: Tell = () => undefined): Promise<OutboxRecord | null> {
  const record = await read(id);
  if (!record || !isUnsent(record) || isTaken(record)) return record ?? null;
  const sent = await sendBody(record, server, tell);
  await keep(sent);
  tell(sent);
  return sent;
}

/** Send the photos a taken record still owes. */
export async function sendRest(id: string, server: Server, tell: Tell = () => undefined, pressing = () => false): Promise<OutboxRecord | null> {
  const record = await read(id);
  if (!record || !isTaken(record) || !isUnsent(record) || record.personId !== server.personId) return record ?? null;
  const sent = await sendPhotos(record, server, tell, pressing);
  await keep(sent);
  tell(sent);
  return sent;
}

/** Send one record and its photos. */
export async function sendOne(id: string, server: Server, tell: Tell = () => undefined): Promise<OutboxRecord | null> {
  await sendText(id, server, tell);
  return sendRest(id, server, tell);
}
