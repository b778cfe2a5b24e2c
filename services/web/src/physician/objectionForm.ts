/** What an objection of a physician may be about, and the reasons that go with it (evidence.md §2.1, §11). */
import type { AttendanceEvent, ObjectionReason, ObjectionTarget, SpotCheck } from '../api/types';
import { addDays } from '../attendance/dates';
import { shanghai } from '../attendance/shanghai';
import { objection as words } from '../words/objection';

/** "grade|<entry>", "flag|<entry>:<code>", "check|<id>", "month|2026-11": one value for one chip. */
export type Chosen = `${ObjectionTarget}|${string}` | '';

export interface Choice {
  value: Chosen;
  label: string;
}

const WINDOW_DAYS = 15;
const REASONS: Record<ObjectionTarget, ObjectionReason[]> = {
  entry: ['other'], grade: ['grade_low', 'other'], flag: ['flag_wrong', 'other'], check: ['check_wrong', 'other'], month: ['figure_wrong', 'other'],
};

export const kindOf = (chosen: Chosen): ObjectionTarget | null => (chosen ? (chosen.slice(0, chosen.indexOf('|')) as ObjectionTarget) : null);
export const targetOf = (chosen: Chosen): string => chosen.slice(chosen.indexOf('|') + 1);
export const reasonsFor = (chosen: Chosen): ObjectionReason[] => REASONS[kindOf(chosen) ?? 'entry'];

/** Fifteen days, that of the record not counted. */
export const inTime = (date: string, today: string): boolean => addDays(date, WINDOW_DAYS) >= today;
export const mayObject = (event: Pick<AttendanceEvent, 'received_at'>, today: string): boolean => inTime(shanghai(Date.parse(event.received_at)).date, today);

/** The address of the form about one thing. */
export const objectTo = (date: string, chosen: Chosen): string => `/app/objection?date=${date}&about=${encodeURIComponent(chosen)}`;

export function choices(events: readonly AttendanceEvent[], checks: readonly SpotCheck[], today: string): Choice[] {
  const open = events.filter((one) => mayObject(one, today)).map((one) => ({ one, at: shanghai(Date.parse(one.effective_at)).hm }));
  return [
    ...open.filter(({ one }) => one.grade).map(({ one, at }) => ({ value: `grade|${one.id}` as Chosen, label: words.grade(one.label, at, String(one.grade)) })),
    ...open.flatMap(({ one, at }) =>
      (one.marks ?? []).filter((mark) => mark.state === 'open').map((mark) => ({ value: `flag|${one.id}:${mark.flag}` as Chosen, label: words.flag(one.label, at, mark.text) })),
    ),
    ...checks.filter((one) => inTime(one.service_date, today) && one.issued_at)
      .map((one) => ({ value: `check|${one.id}` as Chosen, label: words.check(shanghai(Date.parse(String(one.issued_at))).hm) })),
  ];
}
