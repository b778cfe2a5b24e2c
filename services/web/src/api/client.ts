/** Calls of the API give Ok or Failed, never an exception; reads leave a copy on the phone for offline hours. */
import { getFact, setFact } from '../outbox/db';
import type { ProblemBody, Reason } from '../outbox/record';
import { problemOf } from '../outbox/sender';
import { type Kept, lock, unlock } from '../outbox/vault';

export interface Ok<T> {
  ok: true;
  data: T;
  /** When this was true, milliseconds since 1970; older than now for a copy. */
  at: number;
  stale: boolean;
}

export interface Failed {
  ok: false;
  reason: Reason;
}

export type Result<T> = Ok<T> | Failed;

export interface Who {
  personId: string;
  csrfToken: string;
}

const PATIENCE_MS = 15_000;

async function call(url: string, init: RequestInit): Promise<Response> {
  if (typeof AbortController === 'undefined') return fetch(url, init);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE_MS);
  try {
    return await fetch(url, { credentials: 'same-origin', ...init, signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}

async function json(response: Response): Promise<{ [member: string]: unknown } | null> {
  if (!/json/.test(response.headers.get('content-type') ?? '')) return null;
  try {
    return (await response.json()) as { [member: string]: unknown };
  } catch {
    return null;
  }
}

async function request<T>(url: string, init: RequestInit): Promise<Result<T>> {
  let response: Response;
  try {
    response = await call(url, init);
  } catch (error) {
    return { ok: false, reason: { type: 'local', code: (error as Error).name === 'AbortError' ? 'timeout' : 'offline' } };
  }
  if (response.status === 401) return { ok: false, reason: { type: 'local', code: 'signed_out' } };
  if (response.ok && response.status === 204) return { ok: true, data: null as T, at: Date.now(), stale: false };
  const found = await json(response);
  if (found === null) return { ok: false, reason: { type: 'local', code: response.ok ? 'not_ours' : 'unavailable' } };
  if (response.ok) return { ok: true, data: found as T, at: Date.now(), stale: false };
  const problem: ProblemBody = problemOf({ status: response.status, json: found });
  return { ok: false, reason: { type: 'problem', problem } };
}

const copyKey = (who: Who, url: string) => `copy:${who.personId}:${url}`;

/** Copies are personal, so they rest locked like everything else of this person. */
async function keepCopy(who: Who, url: string, at: number, data: unknown): Promise<void> {
  await setFact(copyKey(who, url), { at, kept: await lock(who.personId, data) });
}

async function copyOf<T>(who: Who, url: string): Promise<{ at: number; data: T } | null> {
  const found = await getFact<{ at: number; kept?: Kept; data?: T }>(copyKey(who, url));
  if (!found) return null;
  return { at: found.at, data: found.kept ? await unlock<T>(found.kept) : (found.data as T) };
}

/** Read; when the network or the server is away, the last copy of this person stands in, marked stale. */
export async function read<T>(url: string, who: Who): Promise<Result<T>> {
  const result = await request<T>(url, { headers: { Accept: 'application/json' } });
  if (result.ok) {
    await keepCopy(who, url, result.at, result.data).catch(() => undefined);
    return result;
  }
  const { reason } = result;
  const away = reason.type === 'local' ? reason.code !== 'signed_out' : reason.problem.status >= 500;
  const copy = away ? await copyOf<T>(who, url).catch(() => null) : null;
  return copy ? { ok: true, data: copy.data, at: copy.at, stale: true } : result;
}

/** A write that is not kept on the phone (mark a message as read, sign out). */
export function write<T>(url: string, who: Who, method = 'POST', body?: object): Promise<Result<T>> {
  const headers = { Accept: 'application/json', 'X-CSRF-Token': who.csrfToken };
  if (!body) return request<T>(url, { method, headers });
  return request<T>(url, { method, headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}
