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
