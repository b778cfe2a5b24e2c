import { expect, it } from 'vitest';
import { retryAfterMs, waitMs } from '@/outbox/backoff';

it('doubles from 5 s to 5 min and stays there', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 1000].map((n) => waitMs(n) / 1000)).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
});

it('never undercuts the wish of the server', () => {
  expect(waitMs(1, 600_000)).toBe(600_000);
  expect(waitMs(8, 1000)).toBe(300_000);
});

it.each([
  ['120', 120_000],
  ['Mon, 23 Nov 2026 00:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 00:00:00 GMT', 0],
  ['soon', null],
  [null, null],
])('reads Retry-After %s', (header, expected) => {
  expect(retryAfterMs(header, Date.parse('2026-11-23T00:00:00Z'))).toBe(expected);
});
