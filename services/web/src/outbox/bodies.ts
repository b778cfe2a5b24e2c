/** The bodies that are hashed and kept (evidence.md §4): built once per gesture, never changed under their id. */
import type {
  ActivityKind, CorrectionBody, CorrectionReason, CorrectionWhat, DiaryBody, HalfDayBody, HandoverBody, LeaveBody, LeaveReturnBody, LeaveType, ObjectionBody,
  ObjectionReason, ObjectionTarget, SignatureBody, SpotBody, SpotBusyBody, TapBody,
} from '../api/types';
import type { Json } from '../canonical/jcs';
import type { Failure } from '../location/fix';
import type { BeaconClaim } from './beacon';

export type Body = { [key: string]: Json };

/** Before anybody signed in on this phone the person is still open. */
type Open<T> = Omit<T, 'person'> & { person: string | null };

export interface TapInput {
  clientEventId: string;
  personId: string | null;
  /** The clinic of the scanned code; without a scan it is named by `clinicId`. */
  siteToken: string | null;
  clinicId?: string;
  direction: 'in' | 'out';
  ticket: string | null;
  /** The 8 digits read from the clinic's screen. */
  typed: string | null;
  online: boolean;
  deviceTime: number;
  /** What is said of the newest beacon (outbox/beacon.ts). */
  beacon?: BeaconClaim;
  /** Why there is no position; null while it is being asked for. */
  failure?: Failure | null;
}

export function tapBody(tap: TapInput): Body {
  return {
    client_event_id: tap.clientEventId,
    kind: 'attendance',
    person: tap.personId,
    ...(tap.siteToken === null ? { clinic_id: tap.clinicId ?? null } : { site_token: tap.siteToken }),
    direction: tap.direction,
    ticket: tap.ticket,
    typed: tap.typed,
    online: tap.online,
    device_time: new Date(tap.deviceTime).toISOString(),
    ...(tap.beacon ?? { beacon_id: null, beacon_age_ms: null, mono_ms: null }),
    loc: null,
    loc_failure: tap.failure === undefined ? 'not_asked' : tap.failure,
  } satisfies Open<TapBody>;
}

export type WorkType = NonNullable<HalfDayBody['type']>;

export interface HalfDayInput {
  clientEventId: string;
  personId: string;
  date: string;
  session: 'am' | 'pm';
  type: WorkType;
  department: string;
  /** Visits of an outpatient half-day, times of any other; null = 未报, never 0 in its place. */
  count: number | null;
  refs: string[];
  notes: string;
}

export function halfDayBody(half: HalfDayInput): Body {
  return {
    client_event_id: half.clientEventId,
    kind: 'half_day',
    person: half.personId,
    type: half.type,
    service_date: half.date,
    session: half.session,
    department: half.department.trim() || null,
    visits: half.type === 'outpatient' ? half.count : null,
    times: half.type === 'outpatient' ? null : half.count,
    record_ref: half.refs,
    notes: half.notes.trim() || null,
  } satisfies HalfDayBody;
}

export interface ActivityInput {
  kind: ActivityKind;
  count: number;
  people: number | null;
}

export interface DiaryInput {
  clientEventId: string;
  personId: string;
  date: string;
  text: string;
  activities: ActivityInput[];
  photos: string[];
  declaration: boolean;
}

export function diaryBody(diary: DiaryInput): Body {
  return {
    client_event_id: diary.clientEventId,
    kind: 'diary',
    person: diary.personId,
    service_date: diary.date,
    text: diary.text.trim(),
    activities: diary.activities.map((one) => ({ kind: one.kind, count: one.count, people: one.people, record_ref: [] })),
    photo_sha256: diary.photos,
    declaration: diary.declaration,
  } satisfies DiaryBody;
}

interface Phone {
  clientEventId: string;
  personId: string;
}

export interface CorrectionInput extends Phone {
  date: string;
  sessions: ('am' | 'pm')[];
  clinicId: string;
  what: CorrectionWhat;
  /** "HH:MM" of the Shanghai date, or ''. */
  claimedIn: string;
  claimedOut: string;
  reason: CorrectionReason;
  text: string;
  /** Taps that are wrong, or the own returned request. */
  supersedes: string[];
}

const instant = (date: string, time: string): string | null => (/^\d{2}:\d{2}/.test(time) ? `${date}T${time.slice(0, 5)}:00+08:00` : null);

/** evidence.md §2.2 correction.requested. */
export function correctionBody(asked: CorrectionInput): Body {
  return {
    client_event_id: asked.clientEventId,
    kind: 'correction',
    person: asked.personId,
    service_date: asked.date,
    sessions: asked.sessions,
    clinic_id: asked.clinicId,
    what: asked.what,
    claimed_in: instant(asked.date, asked.claimedIn),
    claimed_out: instant(asked.date, asked.claimedOut),
    reason_code: asked.reason,
    text: asked.text.trim() || null,
    supersedes: asked.supersedes,
  } satisfies CorrectionBody;
}

export interface LeaveInput extends Phone {
  type: LeaveType;
  from: string;
  fromSession: 'am' | 'pm';
  to: string;
  toSession: 'am' | 'pm';
  text: string;
}

/** evidence.md §2.2 leave.requested. */
export function leaveBody(asked: LeaveInput): Body {
  return {
    client_event_id: asked.clientEventId,
    kind: 'leave',
    person: asked.personId,
    type: asked.type,
    from: asked.from,
    from_session: asked.fromSession,
    to: asked.to,
    to_session: asked.toSession,
    text: asked.text.trim() || null,
  } satisfies LeaveBody;
}

/** evidence.md §2.2 leave.returned (销假). */
export const leaveReturnBody = (who: Phone): Body => ({
  client_event_id: who.clientEventId, kind: 'leave_return', person: who.personId, returned_at: null,
} satisfies LeaveReturnBody);

export interface SpotInput extends Phone {
  checkId: string;
  clinicId: string | null;
  /** What the page behind the clinic's code has handed over, where one was scanned. */
  scanned: Scanned | null;
  typed: string | null;
  online: boolean;
  deviceTime: number;
  beacon: BeaconClaim;
  failure: Failure | null;
  photos: string[];
  declaration: boolean;
}

export interface Scanned {
  siteToken: string;
  ticket: string;
}

/** evidence.md §2.3 spotcheck.answered: the proof fields of a tap. */
export function spotBody(answer: SpotInput): Body {
  return {
    client_event_id: answer.clientEventId,
    kind: 'spot',
    person: answer.personId,
    check_id: answer.checkId,
    ...(answer.scanned ? { site_token: answer.scanned.siteToken, ticket: answer.scanned.ticket } : { clinic_id: answer.clinicId }),
    typed: answer.typed,
    online: answer.online,
    device_time: new Date(answer.deviceTime).toISOString(),
    ...answer.beacon,
    loc: null,
    loc_failure: answer.failure,
    ...(answer.photos.length ? { photo_sha256: answer.photos, declaration: answer.declaration } : {}),
  } satisfies SpotBody;
}

/** evidence.md §2.3 spotcheck.busy: one tap, no detail of any patient. */
export const spotBusyBody = (who: Phone & { checkId: string; saidAt: number }): Body => ({
  client_event_id: who.clientEventId, person: who.personId, check_id: who.checkId, said_at: new Date(who.saidAt).toISOString(),
} satisfies SpotBusyBody);

export interface ObjectionInput extends Phone {
  postingId: string;
  about: ObjectionTarget;
  /** An entry, "entry:flag", a check or a month, as `about` says. */
  target: string;
  reason: ObjectionReason;
  text: string;
}

/** evidence.md §2.1 objection.filed. */
export const objectionBody = (said: ObjectionInput): Body => ({
  client_event_id: said.clientEventId, kind: 'objection', person: said.personId, posting_id: said.postingId, target_kind: said.about,
  target: said.target, reason_code: said.reason, text: said.text.trim(),
} satisfies ObjectionBody);

export interface HandoverInput extends Phone {
  postingId: string;
  inPostingId: string;
  items: string[];
}

/** evidence.md §2.4 handover.signed, step out. */
export const handoverBody = (given: HandoverInput): Body => ({
  client_event_id: given.clientEventId, kind: 'handover', person: given.personId, posting_id: given.postingId,
  in_posting_id: given.inPostingId, items: given.items,
} satisfies HandoverBody);

/** The signature under the items that were read. */
export const signatureBody = (who: Phone & { itemsSha256: string }): Body => ({
  client_event_id: who.clientEventId, kind: 'handover_signature', person: who.personId, items_sha256: who.itemsSha256,
} satisfies SignatureBody);
