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

/** A correction request as its person reads it (experience.md PH-09, evidence.md §11). */
export interface CorrectionRequest {
  id: string;
  service_date: string;
  sessions: Session[];
  clinic: { id: string; name: string };
  what: CorrectionWhat;
  reason_code: CorrectionReason;
  text: string;
  filed_at: string;
  state: string;
  state_label: string;
  decision: RequestDecision | null;
}

export interface RequestDecision {
  label: string;
  note: string;
  by: string;
  role_label: string;
  at: string;
}

export type CorrectionWhat = 'missing_in' | 'missing_out' | 'wrong_time' | 'wrong_clinic' | 'wrong_direction';
export type CorrectionReason =
  | 'forgot' | 'device_dead' | 'no_network' | 'system_outage' | 'code_display_down' | 'fence_wrong' | 'rescue'
  | 'outreach_other_site' | 'administrative' | 'other';

/** Whether a date may be corrected, until which date 24:00, how many requests of its month are left. */
export interface CorrectionAllowance {
  date: string;
  until: string;
  limit: number;
  left: number;
  open: boolean;
  outage: boolean;
}

export type LeaveType = 'sick' | 'personal' | 'emergency' | 'annual' | 'marriage' | 'maternity' | 'bereavement' | 'other';

/** A leave request as its person reads it (experience.md PH-10). */
export interface LeaveRequest {
  id: string;
  type: LeaveType;
  from: string;
  from_session: Session;
  to: string;
  to_session: Session;
  half_days: number;
  filed_late: boolean;
  state: string;
  state_label: string;
  decision: RequestDecision | null;
}

/** What a leave would do, before it is sent; `leave_half_days` used with it against `cap_workdays`. */
export interface LeaveEffect {
  half_days: number;
  approver: string;
  filed_late: boolean;
  leave_half_days: number | null;
  cap_workdays: number;
  earliest: string | null;
  earliest_without: string | null;
  breaks_on: string | null;
  text: string;
  overlap: { date: string; session: Session }[];
}

/** A spot check as its physician sees it (evidence.md §10.2, experience.md PH-15); times are instants. */
export interface SpotCheck {
  id: string;
  state: string;
  state_words: string;
  origin_words: string;
  why: string;
  clinic: { id: string; name: string };
  deadline: string | null;
  busy_until: string | null;
  met_until: string | null;
  answerable: boolean;
  may_say_busy: boolean;
  busy: boolean;
}
