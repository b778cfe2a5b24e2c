/**
 * In or out: the table of evidence.md §6.4, the same that the server runs at page load. It only labels the button; the
 * server judges. It looks at this date and this clinic, never at "the last record".
 */
export type Direction = 'in' | 'out';
export type Session = 'am' | 'pm';

/** Wall-clock start and end of the sessions, "HH:MM". */
export interface Windows {
  am: readonly [string, string];
  pm: readonly [string, string];
}

export interface Offer {
  direction: Direction;
  session: Session;
}

function minutes(clock: string): number {
  const [hours, rest] = clock.split(':');
  return Number(hours) * 60 + Number(rest);
}

/** Middle of the morning, of the noon gap and of the afternoon, in minutes of the day. */
export function turningPoints(windows: Windows): [number, number, number] {
  const [am, noon, pm] = [windows.am, [windows.am[1], windows.pm[0]], windows.pm].map(
    (span) => (minutes(span[0] as string) + minutes(span[1] as string)) / 2,
  );
  return [am as number, noon as number, pm as number];
}

/** @param open an `in` of this date at this clinic without a later `out` @param minute of the day in Shanghai */
export function offered(windows: Windows, open: boolean, minute: number): Offer {
  const [, noon, pm] = turningPoints(windows);
  if (minute < noon) return { direction: open ? 'out' : 'in', session: 'am' };
  if (minute < pm) return { direction: 'in', session: 'pm' };
  return { direction: 'out', session: 'pm' };
}
