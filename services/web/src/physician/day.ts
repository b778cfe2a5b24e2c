/** What a day fact says, in words. The server judged; here only its codes become sentences. */
import { shanghai } from '../attendance/shanghai';
import { weekday } from '../attendance/dates';
import type { Day, HalfDay } from '../api/types';
import type { Glyph } from '../ui/glyph';
import { common, half as words, records, today } from '../words/zh';

export const sessionName = (session: string): string => (session === 'am' ? common.am : common.pm);

export const dayName = (date: string): string =>
  common.day(Number(date.slice(5, 7)), Number(date.slice(8)), common.weekdays[weekday(date)] as string);

export function halfState(half: HalfDay, day: Pick<Day, 'rest_day'>): string {
  const named = (words as Record<string, unknown>)[half.status];
  if (half.status && typeof named === 'string') return named;
  if (half.in_at) return half.out_at ? words.left : words.arrived;
  if (half.reason === 'future') return words.future;
  return day.rest_day ? words.rest : half.duty ? words.future : words.none;
}

export function halfGlyph(half: HalfDay): Glyph | null {
  if (half.status === 'A') return 'confirmed';
  if (half.status === 'X') return 'cross';
  if (half.status === 'P') return 'unsure';
  return null;
}

/** "07:52–11:58", "07:52 未签退" or nothing. */
export function halfTimes(half: HalfDay): string {
  if (!half.in_at) return '';
  const from = shanghai(Date.parse(half.in_at)).hm;
  return half.out_at ? words.span(from, shanghai(Date.parse(half.out_at)).hm) : `${from} ${words.noOut}`;
}

/** Why nothing is owed on this day, or null when something is (or was done all the same). */
export function noDuty(day: Day): string | null {
  if (day.halves.some((half) => half.duty || half.status === 'A')) return null;
  if (day.rest_day) return today.noDutyWhy.rest;
  return day.halves.some((half) => half.status === 'L') ? today.noDutyWhy.leave : today.noDutyWhy.none;
}

/** "23日" and "周一": the two lines that name a day in a list of a month. */
export const dayOfMonth = (date: string): string => records.dayOfMonth(Number(date.slice(8)));
export const weekdayName = (date: string): string => records.weekday(common.weekdays[weekday(date)] as string);

/** Whether a list of days needs this one: something was owed or done. */
export const worthShowing = (day: Day): boolean =>
  day.diary !== null || day.halves.some((half) => half.duty || half.status !== '' || half.in_at !== null || half.outpatient !== null);
