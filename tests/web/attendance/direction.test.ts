import { describe, expect, it } from 'vitest';
import { addDays, addMonths, holdsWeek, isoWeek, monday } from '@/attendance/dates';
import { offered, turningPoints } from '@/attendance/direction';
import { shanghai } from '@/attendance/shanghai';

const WINDOWS = { am: ['08:00', '12:00'], pm: ['14:00', '17:30'] } as const;
const at = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

describe('in or out (evidence.md §6.4)', () => {
  it('turns at 10:00, 13:00 and 15:45 for the sample windows', () => {
    expect(turningPoints(WINDOWS)).toEqual([at('10:00'), at('13:00'), at('15:45')]);
  });
  it.each([
    // time, open, direction, session
    ['06:00', false, 'in', 'am'],
    ['07:52', false, 'in', 'am'],
    ['09:59', true, 'out', 'am'],
    ['10:00', false, 'in', 'am'],
    ['11:55', true, 'out', 'am'],
    ['12:59', true, 'out', 'am'],
    ['13:00', false, 'in', 'pm'],
    ['13:00', true, 'in', 'pm'],
    ['15:44', true, 'in', 'pm'],
    ['15:45', false, 'out', 'pm'],
    ['17:31', true, 'out', 'pm'],
    ['23:59', false, 'out', 'pm'],
  ] as const)('at %s with open=%s offers %s (%s)', (clock, open, direction, session) => {
    expect(offered(WINDOWS, open, at(clock))).toEqual({ direction, session });
  });
});

describe('Shanghai dates', () => {
  it('keeps 00:00 to 08:00 on the Shanghai date', () => {
    expect(shanghai(Date.parse('2026-11-22T16:00:00Z'))).toMatchObject({ date: '2026-11-23', hm: '00:00', weekday: 1 });
  });
  it.each([['2026-11-23', '2026-W48'], ['2027-01-02', '2026-W53'], ['2026-01-01', '2026-W01'], ['2024-12-30', '2025-W01']])(
    'names the ISO week of %s %s',
    (date, week) => expect(isoWeek(date)).toBe(week),
  );
  it('knows which two-week window holds a week', () => {
    expect(['2026-11-09', '2026-11-16', '2026-11-23', '2026-11-30'].map((day) => holdsWeek('2026-11-16/2w', day))).toEqual([false, true, true, false]);
    expect(holdsWeek('2026-W47', '2026-11-16')).toBe(false);
  });
  it('walks over month and year ends', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(addMonths('2026-12', 1)).toBe('2027-01');
    expect(monday('2026-11-29')).toBe('2026-11-23');
  });
});
