/** What the screens read, by the names the API gives (src/api/schema.d.ts is made from the API document). */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface HalfDay {
  session: 'am' | 'pm';
  duty: boolean;
  status: string;
  reason: string | null;
  minutes: number;
  late: boolean;
  clinic: string | null;
  in_at: string | null;
  out_at: string | null;
  outpatient: { visits: number | null } | null;
}

export interface Day {
  date: string;
  rest_day: boolean;
  halves: HalfDay[];
  ward_rounds: number;
  diary: { chars?: number; photos?: number; late?: boolean } | null;
}

export interface PostingInfo {
  id: string;
  recipient: { id: string; name: string };
  clinics: { id: string; name: string }[];
  mode: string;
  mode_label: string;
  department: string | null;
  start: string;
  end: string | null;
}

export interface Today {
  date: string;
  posting: PostingInfo | null;
  day: Day | null;
  week: string;
  line: string;
}

export interface Obligation {
  rule_id: string;
  period_kind: string;
  period: string;
  value: string;
  label: string;
  number: number | null;
  threshold: number;
  effective_threshold: number;
  unit: string;
  metric: string;
  title: string;
  quote: string;
  explanation: string;
  provisional: boolean;
  groups: { clinic: string; number: number }[];
  local_settings: string[];
}

export interface Period {
  period: string;
  posting: PostingInfo;
  days: Day[];
  obligations: Obligation[];
}

export interface AttendanceEvent {
  id: string;
  direction: 'in' | 'out';
  session: 'am' | 'pm';
  label: string;
  clinic: { id: string; name: string };
  service_date: string;
  effective_at: string;
  received_at: string;
  evidence_line: string;
  seq: number;
}

export interface HalfDayLog {
  id: string;
  service_date: string;
  session: 'am' | 'pm';
  type: string;
  department: string | null;
  visits: number | null;
  times: number | null;
  record_ref: string[];
  notes: string;
  unattended: boolean;
}

export interface DiaryEntry {
  id: string;
  service_date: string;
  text: string;
  activities: { kind: string; count: number; people: number | null }[];
  photo_sha256: string[];
}

export interface Message {
  id: string;
  title: string;
  text: string;
  why?: string | null;
  url?: string | null;
  at?: string;
  created_at?: string;
  read_at: string | null;
}
