/**
 * Sends what waits on the phone. Only a receipt that fits (our id, our body hash) is an acknowledgement; a bare 200 is
 * not (experience.md §2, evidence.md §3–4). Whatever happens, the record stays on the phone.
 */
import { jcs } from '../canonical/jcs';
import { sha256OfText } from '../canonical/sha256';
import { retryAfterMs, waitMs } from './backoff';
import { all, keep, photoBytes, read } from './queue';
import { isTaken, isUnsent, type Kind, type OutboxRecord, type ProblemBody, type Reason, type Receipt } from './record';

export interface Server {
  /** Person signed in now, or null. */
  personId: string | null;
  csrfToken: string;
  fetch: typeof fetch;
  now: () => number;
}

export const ROUTES: Record<Kind, string> = {
  attendance: '/api/checkin/events',
  half_day: '/api/worklog/half-days',
  diary: '/api/worklog/diaries',
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

/** Count, oldest time and sessions of what waits, for `sent.unsent`. */
function waiting(records: OutboxRecord[]): { count: number; oldest_at: string | null; sessions: string[] } {
  const oldest = Math.min(...records.map((one) => one.savedAt));
  const sessions = records.filter((one) => one.kind === 'attendance' && one.session).map((one) => `${one.date} ${one.session}`);
  return {
    count: records.length,
    oldest_at: records.length ? new Date(oldest).toISOString() : null,
    sessions: [...new Set(sessions)],
  };
}

/** fetch that gives up; AbortController is missing in the oldest web views, where the browser's own limit must do. */
async function patiently(server: Server, url: string, init: RequestInit): Promise<Response> {
  if (typeof AbortController === 'undefined') return server.fetch(url, init);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE_MS);
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

async function ask(server: Server, url: string, init: RequestInit): Promise<Answer | Reason> {
  let response: Response;
  try {
    response = await patiently(server, url, { credentials: 'same-origin', redirect: 'error', ...init });
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
  if (problem.slug === 'form-expired') return later(record, { type: 'local', code: 'page_old' }, now);
  if (answer.ours && FINAL.has(status)) return { ...record, state: 'needs_you', reason: { type: 'problem', problem }, nextAt: null };
  if (answer.ours && status >= 400) return later(record, { type: 'problem', problem }, now, answer.retryAfter);
  return later(record, { type: 'local', code: 'not_ours' }, now, answer.retryAfter);
}

/** The record as it may be sent by this person, or the reason why it may not. */
export function forPerson(record: OutboxRecord, personId: string | null): OutboxRecord | Reason {
  if (personId === null) return { type: 'local', code: 'signed_out' };
  if (record.personId === null && !record.sealed)
    return { ...record, personId, body: { ...record.body, person: personId }, sealed: true };
  return record.personId === personId ? record : { type: 'local', code: 'other_person' };
}

async function sendBody(record: OutboxRecord, server: Server, tell: Tell): Promise<OutboxRecord> {
  const mine = forPerson(record, server.personId);
  if ('type' in mine) return { ...record, reason: mine, nextAt: null };
  const sending: OutboxRecord = { ...mine, state: 'sending', attempts: mine.attempts + 1 };
  await keep(sending);
  tell(sending);
  const others = (await all()).filter((one) => isUnsent(one) && one.clientEventId !== record.clientEventId);
  const sent = { sent_at: new Date(server.now()).toISOString(), attempt: sending.attempts, unsent: waiting(others) };
  const answer = await ask(server, ROUTES[record.kind], {
    method: 'POST',
    keepalive: true,
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': server.csrfToken },
    body: JSON.stringify({ body: sending.body, sent }),
  });
  return 'type' in answer ? later(sending, answer, server.now()) : judge(sending, answer, server.now());
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

/** Photos one by one after the body; each keeps its own reason, none holds another. */
async function sendPhotos(record: OutboxRecord, server: Server, tell: Tell): Promise<OutboxRecord> {
  let current = record;
  for (const part of record.photos) {
    if (part.sent) continue;
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

/** Send one record (and its photos); every change is on the phone before it is told. */
export async function sendOne(id: string, server: Server, tell: Tell = () => undefined): Promise<OutboxRecord | null> {
  const record = await read(id);
  if (!record || !isUnsent(record)) return record ?? null;
  let current = record;
  if (!isTaken(current)) {
    current = await sendBody(current, server, tell);
    await keep(current);
    tell(current);
  }
  if (isTaken(current) && current.photos.some((photo) => !photo.sent)) {
    current = await sendPhotos(current, server, tell);
    await keep(current);
    tell(current);
  }
  return current;
}
