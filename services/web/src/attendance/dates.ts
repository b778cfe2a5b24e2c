/** Shanghai dates as "YYYY-MM-DD" text, ISO weeks and months: names only, no rule. */
const DAY = 86_400_000;

const at = (date: string) => Date.parse(`${date}T00:00:00Z`);
const text = (ms: number) => new Date(ms).toISOString().slice(0, 10);

export const addDays = (date: string, days: number): string => text(at(date) + days * DAY);

/** 0 = Sunday … 6 = Saturday. */
export const weekday = (date: string): number => new Date(at(date)).getUTCDay();

export const monday = (date: string): string => addDays(date, -((weekday(date) + 6) % 7));

/** "2026-W47" of a date: the week belongs to the year of its Thursday (ISO 8601). */
export function isoWeek(date: string): string {
  const thursday = addDays(monday(date), 3);
  const year = thursday.slice(0, 4);
  const first = monday(`${year}-01-04`);
  const week = Math.round((at(monday(date)) - at(first)) / (7 * DAY)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

export function addMonths(month: string, count: number): string {
  const whole = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count;
  return `${Math.floor(whole / 12)}-${String((whole % 12) + 1).padStart(2, '0')}`;
}

/** Whether the window "2026-11-16/2w" holds the week of this Monday. */
export function holdsWeek(window: string, first: string): boolean {
  const start = window.slice(0, 10);
  return window.endsWith('/2w') && (start === first || addDays(start, 7) === first);
}
