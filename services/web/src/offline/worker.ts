/** Registers the service worker where there is one; nothing depends on it. */
const AFTER_MS = 2_000; // never beside the first paint or the first tap

export const canReopen = (): boolean => typeof navigator !== 'undefined' && 'serviceWorker' in navigator && typeof caches !== 'undefined';

/** @param keep path of a clinic page to keep, or nothing */
export function registerWorker(keep?: string): void {
  if (!canReopen()) return;
  setTimeout(() => {
    navigator.serviceWorker.register('/sw.js').catch(() => undefined);
    if (keep) navigator.serviceWorker.ready.then((found) => found.active?.postMessage({ keep })).catch(() => undefined);
  }, AFTER_MS);
}

/** Whether pages will open without a network. */
export async function reopens(): Promise<boolean> {
  if (!canReopen()) return false;
  return Boolean((await navigator.serviceWorker.getRegistration().catch(() => undefined))?.active);
}
