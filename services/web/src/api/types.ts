/**
 * What the screens read. Every name is checked against src/api/schema.d.ts, which is made from the API document
 * (`zhudian openapi > var/openapi.json && npm run api`); only what the document leaves open is said here.
 */
import type { components } from './schema';

type Schemas = components['schemas'];
type Given<T, K extends keyof T> = { [Name in K]-?: Exclude<T[Name], undefined> };
type Session = 'am' | 'pm';

export type TapBody = Schemas['CheckinTap'];
export type HalfDayBody = Schemas['WorklogHalfDay'];
export type DiaryBody = Schemas['WorklogDiary'];
export type ActivityKind = Schemas['WorklogActivity']['kind'];
export type Message = Schemas['NotifierMessage'];
export type Preference = Schemas['NotifierPreference'];
export type Preferences = Schemas['NotifierPreferences'];
export type AttendanceEvent = Schemas['CheckinAttendance'];
export type HalfDayLog = Schemas['WorklogHalfDayView'];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export type DiaryEntry = Omit<Schemas['WorklogDiaryView'], 'activities'> & {
  activities: { kind: string; count: number; people: number | null }[];
};

export type HalfDay = Given<Schemas['ProgressHalf'], 'duty' | 'status' | 'reason' | 'minutes' | 'late' | 'clinic' | 'in_at' | 'out_at'> & {
  session: Session;
  outpatient: { visits: number | null } | null;
};

export type Day = Given<Schemas['ProgressDay'], 'date' | 'rest_day' | 'ward_rounds'> & {
  halves: HalfDay[];
  diary: { chars?: number; photos?: number; late?: boolean } | null;
};

export type PostingInfo = Given<Schemas['ProgressPosting'], 'id' | 'mode' | 'mode_label' | 'department' | 'start' | 'end'> & {
  recipient: { id: string; name: string };
  clinics: { id: string; name: string }[];
};

export type Today = Given<Schemas['ProgressToday'], 'date' | 'week' | 'line'> & { posting: PostingInfo | null; day: Day | null };

export type Standing = Schemas['ProgressStanding'];

export type Obligation = Given<
  Schemas['ProgressObligation'],
  | 'rule_id' | 'period_kind' | 'period' | 'value' | 'label' | 'number' | 'effective_threshold' | 'unit' | 'title' | 'quote'
  | 'explanation' | 'provisional' | 'local_settings'
> & { groups: { clinic: string; number: number }[]; standing: Standing | null };

export type Period = Given<Schemas['ProgressPeriod'], 'period'> & { posting: PostingInfo; days: Day[]; obligations: Obligation[] };

export type CorrectionBody = Schemas['CheckinCorrectionBody'];
export type CorrectionWhat = CorrectionBody['what'];
export type CorrectionReason = CorrectionBody['reason_code'];
export type RequestDecision = Given<Schemas['CheckinDecisionView'], 'label' | 'note' | 'by' | 'role_label' | 'at'>;

/** A correction request as its person reads it (experience.md PH-09, evidence.md §11). */
export type CorrectionRequest = Given<
  Schemas['CheckinCorrection'], 'id' | 'service_date' | 'clinic' | 'text' | 'filed_at' | 'state' | 'state_label'
> & { sessions: Session[]; what: CorrectionWhat; reason_code: CorrectionReason; decision: RequestDecision | null };

/** Whether a date may be corrected, until which date 24:00, how many requests of its month are left. */
export type CorrectionAllowance = Schemas['CheckinAllowance'];

export type LeaveBody = Schemas['CheckinLeaveBody'];
export type LeaveReturnBody = Schemas['CheckinReturnBody'];
export type LeaveType = LeaveBody['type'];

/** A leave request as its person reads it (experience.md PH-10). */
export type LeaveRequest = Given<
  Schemas['CheckinLeave'], 'id' | 'from' | 'to' | 'half_days' | 'filed_late' | 'state' | 'state_label'
> & { type: LeaveType; from_session: Session; to_session: Session; decision: RequestDecision | null };

/** What a leave would do, before it is sent; `leave_half_days` used with it against `cap_workdays`. */
export type LeaveEffect = Given<
  Schemas['CheckinEffect'],
  'half_days' | 'approver' | 'filed_late' | 'leave_half_days' | 'cap_workdays' | 'earliest' | 'earliest_without' | 'breaks_on' | 'text'
> & { overlap: { date: string; session: Session }[] };

export type SpotBody = Schemas['CheckinSpotAnswer'];
export type SpotBusyBody = Schemas['CheckinSpotBusy'];

/** A spot check as its physician sees it (evidence.md §10.2, experience.md PH-15); times are instants. */
export type SpotCheck = Given<
  Schemas['CheckinSpotView'],
  | 'id' | 'service_date' | 'state' | 'state_words' | 'origin_words' | 'why' | 'clinic' | 'issued_at' | 'deadline' | 'busy_until' | 'met_until'
  | 'answerable' | 'may_say_busy' | 'busy' | 'reason' | 'outside'
> & { decision: { note?: string; result?: string } | null };

export type ObjectionBody = Schemas['CheckinNewObjection'];
export type ObjectionTarget = ObjectionBody['target_kind'];
export type ObjectionReason = ObjectionBody['reason_code'];

/** An objection with its state (evidence.md §11). */
export type Objection = Omit<Schemas['CheckinObjectionView'], 'decision'> & { decision: { role_words: string; note: string; at: string } | null };

export type HandoverBody = Schemas['CheckinHandoverBody'];
export type SignatureBody = Schemas['CheckinSignature'];
export type Handover = Omit<Schemas['CheckinHandover'], 'signatures'> & { signatures: { step: string; role_label: string; at: string }[] };
export type Successor = Schemas['CheckinSuccessor'];
export type Order = Omit<Schemas['CheckinOrder'], 'decision'> & { decision: RequestDecision | null };

/** Everything about an own date beside its taps (experience.md PH-06). */
export type OwnDay = Given<Schemas['CheckinOwnDay'], 'date' | 'posting_id' | 'notes' | 'substitutions'> & {
  corrections: CorrectionRequest[];
  leaves: LeaveRequest[];
  orders: Order[];
  checks: SpotCheck[];
  objections: Objection[];
  handovers: Handover[];
};
