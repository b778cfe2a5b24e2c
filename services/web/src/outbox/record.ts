/**
 * One thing a person did, as the phone keeps it until the server has given a receipt (experience.md §3).
 *
 * `body` is what is signed and hashed: once `sealed` it never changes under this id. Coordinates are no part of it, only
 * their commitment (evidence.md §4). Photos lie in their own store, keyed by the hash of their bytes, and are sent after
 * the text.
 */
import { type Json, normal } from '../canonical/jcs';
import type { Fix } from '../location/fix';

export type Kind = 'attendance' | 'half_day' | 'diary' | 'correction' | 'leave' | 'spot' | 'objection' | 'handover';
export type State = 'saved' | 'sending' | 'confirmed' | 'needs_you' | 'duplicate';

/** Why the last attempt failed: a code of words/reasons.ts, or a problem of the server. */
export type Reason = { type: 'local'; code: LocalCode; name?: string } | { type: 'problem'; problem: ProblemBody };
export type LocalCode =
  | 'offline' | 'timeout' | 'unavailable' | 'not_ours' | 'signed_out' | 'other_person' | 'page_old' | 'unreadable';

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
  schemaVersion: 2;
  kind: Kind;
  /** Person who made it; null = nobody was ever signed in on this phone, so it belongs to whoever signs in next. */
  personId: string | null;
  /** Name of that person as this phone knows it; never sent. */
  personName: string | null;
  /** Where it is sent, when the kind alone does not say it (a spot check has its own address). */
  route: string | null;
  /** Shanghai date and, where there is one, session it is about. */
  date: string;
  session: 'am' | 'pm' | null;
  /** What it was, in words, for the list of unsent records. */
  label: string;
  savedAt: number;
  body: { [key: string]: Json };
  sealed: boolean;
  /** The position is still being asked for; sealed at most 5 s after the tap, or at the next opening without one. */
  waitsForFix: boolean;
  /** What opens `body.loc`; sent beside the body. */
  location: Fix | null;
  device: { thumbprint: string; signature: string } | null;
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
  Partial<Pick<OutboxRecord, 'photos' | 'personName' | 'route' | 'waitsForFix'>>;

export function fresh(record: NewRecord, now: number): OutboxRecord {
  return {
    photos: [],
    personName: null,
    route: null,
    waitsForFix: false,
    ...record,
    body: normal(record.body),
    schemaVersion: 2,
    savedAt: now,
    sealed: false,
    location: null,
    device: null,
    state: 'saved',
    attempts: 0,
    nextAt: null,
    reason: null,
    receipt: null,
    answer: null,
    confirmedAt: null,
  };
}

export const isTaken = (record: Pick<OutboxRecord, 'state'>): boolean => record.state === 'confirmed' || record.state === 'duplicate';

const photosOwed = (record: OutboxRecord) => record.photos.some((photo) => !photo.sent && photo.reason?.type !== 'problem');

/** Still owed to the server: the body, or a photo after it. */
export function isUnsent(record: OutboxRecord): boolean {
  if (record.state === 'saved' || record.state === 'sending') return true;
  return isTaken(record) && photosOwed(record);
}

/** What the pill counts: unsent, or kept because a person has to do something. */
export const isOwed = (record: OutboxRecord): boolean => isUnsent(record) || record.state === 'needs_you';

const RANK: Record<Kind, number> = { attendance: 0, spot: 1, leave: 2, correction: 2, objection: 2, handover: 2, half_day: 3, diary: 4 };

/** Order of sending: check-ins, then text; the oldest first. */
export function inOrder(records: OutboxRecord[]): OutboxRecord[] {
  return [...records].sort((a, b) => RANK[a.kind] - RANK[b.kind] || a.savedAt - b.savedAt);
}
