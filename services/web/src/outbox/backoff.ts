/** When the next attempt may be made: 5 s → 5 min, doubling; no maximum number (experience.md §3). */
export const FIRST_MS = 5_000;
export const LAST_MS = 300_000;

/** @param attempts made so far, ≥ 1 @param retryAfter the server's wish in milliseconds, which is never undercut */
export function waitMs(attempts: number, retryAfter: number | null = null): number {
  const doubled = FIRST_MS * 2 ** Math.min(Math.max(attempts, 1) - 1, 10);
  return Math.max(Math.min(doubled, LAST_MS), retryAfter ?? 0);
}

/** Retry-After in milliseconds: seconds or an HTTP date; null when absent or unreadable. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (!header) return null;
  if (/^\d+$/.test(header.trim())) return Number(header.trim()) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
