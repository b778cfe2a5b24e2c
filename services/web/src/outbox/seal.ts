/**
 * A body is sealed once: it gets its place in the device's chain and its signature, and never changes again under its id
 * (evidence.md §4, §6.1). Chain and record change in one transaction, so that a killed page leaves both or neither, and
 * two tabs never give one place twice.
 */
import { jcs, type Json } from '../canonical/jcs';
import { sha256OfText } from '../canonical/sha256';
import { commitment, type Failure, type Fix } from '../location/fix';
import { type DeviceKey, phone, type RestingPhoto, type RestingRecord, type StoredPhoto, type StoredRecord } from './db';
import { deviceKey, sign } from './device';
import { abort, keep, lockPhoto, opened, rest, tomb } from './queue';
import type { OutboxRecord } from './record';

/** A page that lives seals within this time; an older record was left by a page that died. */
export const SEAL_WITHIN_MS = 6_000;

/** The record with its position, or with the reason why there is none. */
export async function withFix(record: OutboxRecord, found: Fix | Failure): Promise<OutboxRecord> {
  const given = typeof found === 'object';
  const body = { ...record.body, loc: given ? await commitment(found) : null, loc_failure: given ? null : found };
  return { ...record, body, location: given ? found : null, waitsForFix: false };
}

async function signed(record: OutboxRecord, key: DeviceKey | null): Promise<{ record: OutboxRecord; key: DeviceKey | null }> {
  if (!key) return { record: { ...record, sealed: true }, key };
  const body: { [member: string]: Json } = { ...record.body, device_seq: key.seq + 1, device_prev: key.last };
  const device = { thumbprint: key.thumbprint, signature: await sign(key, body) };
  return { record: { ...record, body, device, sealed: true }, key: { ...key, seq: key.seq + 1, last: await sha256OfText(jcs(body)) } };
}

/**
 * Seal a record that is new or was kept unsealed; gives what is on the phone afterwards. Rejects when the phone cannot
 * keep it. Sealing twice gives the first seal; a deleted record stays deleted.
 */
export async function seal(record: OutboxRecord, photos: StoredPhoto[] = []): Promise<OutboxRecord> {
  if (record.personId === null) {
    await keep(record); // whose it is shows at the next sign-in; it is sealed then
    return record;
  }
  const locked = await Promise.all(photos.map((photo) => lockPhoto(record.personId, photo)));
  for (;;) {
    const there = await (await phone()).get('records', record.clientEventId);
    const before = there && (await opened(there));
    if (before?.sealed) return before;
    const key = await deviceKey(record.personId);
    const made = await signed(record, key);
    if (await put(await rest(made.record), locked, there, key, made.key)) return made.record;
  }
}

const same = (a: StoredRecord | undefined, b: StoredRecord | undefined): boolean => {
  if (!a || !b) return a === b;
  if (!('kept' in a) || !('kept' in b)) return 'kept' in a === 'kept' in b;
  if ('plain' in a.kept || 'plain' in b.kept) return JSON.stringify(a.kept) === JSON.stringify(b.kept);
  return [...new Uint8Array(a.kept.iv)].join() === [...new Uint8Array(b.kept.iv)].join(); // a new one for each writing
};

/** Chain, record and photos together, unless record or chain moved on meanwhile; then false, and nothing was written. */
async function put(
  resting: RestingRecord, photos: RestingPhoto[], before: StoredRecord | undefined, key: DeviceKey | null, moved: DeviceKey | null,
): Promise<boolean> {
  const tx = (await phone()).transaction(['records', 'photos', 'facts', 'keys'], 'readwrite');
  const ended = tx.done;
  ended.catch(() => undefined); // the error of the write itself is the one to tell
  try {
    if (await tx.objectStore('facts').get(tomb(resting.clientEventId))) return true;
    if (!same(await tx.objectStore('records').get(resting.clientEventId), before)) return false;
    const now = key && ((await tx.objectStore('keys').get(key.id)) as DeviceKey | undefined);
    if (key && (now?.seq !== key.seq || now.last !== key.last)) return false;
    if (now && moved) await tx.objectStore('keys').put({ ...now, seq: moved.seq, last: moved.last });
    for (const photo of photos) await tx.objectStore('photos').put(photo);
    await tx.objectStore('records').put(resting);
  } catch (error) {
    abort(tx);
    throw error;
  }
  await ended;
  return true;
}
