/**
 * One thing a person did, as the phone keeps it until the server has given a receipt (experience.md §3).
 *
 * `body` is what is hashed: once `sealed` it never changes under this id. Photos lie in their own store, keyed by the
 * hash of their bytes, and are sent after the text.
 */
import { type Json, normal } from '../canonical/jcs';

export type Kind = 'attendance' | 'half_day' | 'diary';
export type State = 'saved' | 'sending' | 'confirmed' | 'needs_you' | 'duplicate';

/** Why the last attempt failed: a code of words/reasons.ts, or a problem of the server. */
export type Reason =
  | { type: 'local'; code: 'offline' | 'timeout' | 'unavailable' | 'not_ours' | 'signed_out' | 'other_person' | 'page_old' }
  | { type: 'problem'; problem: ProblemBody };

export interface ProblemBody {
  status: number;
  slug: string;
  title?: string;
  [member: string]: unknown;
}

/** Acceptance receipt (evidence.md §3); the signature is kept, not checked here. */
export interface Receipt {
  client: string;
  body_hash: string;
  code: string;
  seq: number;
  at: string;
  entry_hash: string;
  [member: string]: unknown;
}

export interface PhotoPart {
  sha256: string;
  sent: boolean;
  reason: Reason | null;
}

export interface OutboxRecord {
  clientEventId: string;
  schemaVersion: 1;
  kind: Kind;
  /** Person who made it; null = nobody was ever signed in on this phone, so it belongs to whoever signs in next. */
  personId: string | null;
  /** Shanghai date and, where there is one, session it is about. */
  date: string;
  session: 'am' | 'pm' | null;
  /** What it was, in words, for the list of unsent records. */
  label: string;
  savedAt: number;
  body: { [key: string]: Json };
  sealed: boolean;
  state: State;
  attempts: number;
  /** Earliest next attempt, milliseconds since 1970; null = at once. */
  nextAt: number | null;
  reason: Reason | null;
  receipt: Receipt | null;
  /** What else the server said when it took the record (evidence line, progress …). */
  answer: { [member: string]: unknown } | null;
  photos: PhotoPart[];
  confirmedAt: number | null;
}

export type NewRecord = Pick<OutboxRecord, 'clientEventId' | 'kind' | 'personId' | 'date' | 'session' | 'label' | 'body'> &
  Partial<Pick<OutboxRecord, 'photos'>>;

export function fresh(record: NewRecord, now: number): OutboxRecord {
  return {
    photos: [],
    ...record,
    body: normal(record.body),
    schemaVersion: 1,
    savedAt: now,
    sealed: record.personId !== null,
    state: 'saved',
    attempts: 0,
    nextAt: null,
    reason: null,
    receipt: null,
    answer: null,
    confirmedAt: null,
  };
}

export const isTaken = (record: OutboxRecord): boolean => record.state === 'confirmed' || record.state === 'duplicate';

/** Still owed to the server: the body, or a photo after it. */
export function isUnsent(record: OutboxRecord): boolean {
  if (record.state === 'saved' || record.state === 'sending') return true;
  return isTaken(record) && record.photos.some((photo) => !photo.sent && photo.reason?.type !== 'problem');
}

const RANK: Record<Kind, number> = { attendance: 0, half_day: 1, diary: 2 };

/** Order of sending: check-ins, then text; the oldest first. */
export function inOrder(records: OutboxRecord[]): OutboxRecord[] {
  return [...records].sort((a, b) => RANK[a.kind] - RANK[b.kind] || a.savedAt - b.savedAt);
}
