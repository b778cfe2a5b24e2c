/** The newest beacon of the server: it bounds from below when a later tap can have happened (evidence.md §6.2). */
import { getFact, setFact } from './db';

export interface Beacon {
  id: string;
  server_time: string;
  [member: string]: unknown;
}

interface KeptBeacon {
  person: string;
  beacon: Beacon;
  /** performance.now() at its receipt, and which page that clock belongs to. */
  mono: number;
  page: number;
}

/** Differs from page to page: a reload starts the monotonic clock anew. */
const PAGE = typeof performance === 'undefined' ? 0 : performance.timeOrigin || Math.random();

const isBeacon = (value: unknown): value is Beacon =>
  typeof value === 'object' && value !== null && typeof (value as Beacon).id === 'string' && typeof (value as Beacon).server_time === 'string';

/** Keep a beacon that came with an answer or with the page, unless a newer one is there. */
export async function keepBeacon(value: unknown, person: string | null): Promise<void> {
  if (!isBeacon(value) || !person) return;
  const kept = await getFact<KeptBeacon>('beacon');
  if (kept?.person === person && Date.parse(kept.beacon.server_time) > Date.parse(value.server_time)) return;
  await setFact('beacon', { person, beacon: value, mono: performance.now(), page: PAGE } satisfies KeptBeacon);
}

/** What a body says of it: id, and milliseconds since its receipt if this page has not been reloaded since. */
export interface BeaconClaim {
  beacon_id: string | null;
  beacon_age_ms: number | null;
  mono_ms: number;
}

export async function beaconClaim(person: string | null): Promise<BeaconClaim> {
  const kept = await getFact<KeptBeacon>('beacon').catch(() => null);
  const mono_ms = Math.round(performance.now());
  if (!kept || kept.person !== person) return { beacon_id: null, beacon_age_ms: null, mono_ms };
  const age = kept.page === PAGE ? Math.max(0, Math.round(performance.now() - kept.mono)) : null;
  return { beacon_id: kept.beacon.id, beacon_age_ms: age, mono_ms };
}
