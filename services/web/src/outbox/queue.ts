/** Records on the phone: put, list, change, forget. Nothing is forgotten before its receipt (experience.md §3). */
import { type FirstRecord, getFact, phone, type RestingPhoto, type RestingRecord, setFact, type StoredPhoto, type StoredRecord } from './db';
import { fresh, inOrder, isOwed, isTaken, isUnsent, type OutboxRecord, type Reason } from './record';
import { lock, lockBytes, NOBODY, ownedBy, Unreadable, unlock, unlockedBytes } from './vault';

const KEEP_MS = 14 * 24 * 3600 * 1000;
export const tomb = (clientEventId: string) => `tombstone:${clientEventId}`;

export async function rest(record: OutboxRecord): Promise<RestingRecord> {
  const { clientEventId, kind, date, state } = record;
  return { clientEventId, schemaVersion: 2, kind, date, state, kept: await lock(record.personId, record) };
}

export async function opened(resting: StoredRecord): Promise<OutboxRecord> {
  if (!('kept' in resting)) return upgraded(resting);
  try {
    return await unlock<OutboxRecord>(resting.kept);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return unreadable(resting);
  }
}
/** A record of schemaVersion 1: it was sealed by its person alone and carries no signature. */
function upgraded(old: FirstRecord): OutboxRecord {
  return { ...old, schemaVersion: 2, personName: null, route: null, waitsForFix: false, location: null, device: null };
}

/** Its key is gone: it can be neither read nor sent, and only the person may delete it. */
function unreadable({ clientEventId, kind, date, state }: RestingRecord): OutboxRecord {
  const none = fresh({ clientEventId, kind, personId: null, date, session: null, label: date, body: {} }, Date.parse(date));
  const reason: Reason = { type: 'local', code: 'unreadable' };
  return { ...none, sealed: true, state: isTaken({ state }) ? state : 'needs_you', reason };
}

/**
 * Record and photos in one transaction: both are there afterwards, or neither. A deleted record does not come back, and
 * a receipt that another tab has kept is never lost again; false = nothing was written for such a reason.
 */
export async function keep(record: OutboxRecord, photos: StoredPhoto[] = []): Promise<boolean> {
  const resting = await rest(record);
  const locked = await Promise.all(photos.map((photo) => lockPhoto(record.personId, photo)));
  const tx = (await phone()).transaction(['records', 'photos', 'facts'], 'readwrite');
  const ended = tx.done;
  ended.catch(() => undefined); // the error of the write itself is the one to tell
  try {
    const there = await tx.objectStore('records').get(record.clientEventId);
    if ((await tx.objectStore('facts').get(tomb(record.clientEventId))) || (there && isTaken(there) && !isTaken(record))) return false;
    for (const photo of locked) await tx.objectStore('photos').put(photo);
    await tx.objectStore('records').put(resting);
  } catch (error) {
    abort(tx); // a value that cannot be stored does not end the transaction by itself
    throw error;
  }
  await ended;
  return true;
}

export function abort(tx: { abort: () => void }): void {
  try {
    tx.abort();
  } catch {
    // it has ended already
  }
}

export async function read(clientEventId: string): Promise<OutboxRecord | undefined> {
  const found = await (await phone()).get('records', clientEventId);
  return found && opened(found);
}

export async function all(): Promise<OutboxRecord[]> {
  return inOrder(await Promise.all((await (await phone()).getAll('records')).map(opened)));
}

export async function unsent(): Promise<OutboxRecord[]> {
  return (await all()).filter(isUnsent);
}

export const lockPhoto = async (owner: string | null, photo: StoredPhoto): Promise<RestingPhoto> => ({
  sha256: photo.sha256,
  kept: await lockBytes(owner, photo.bytes),
});

export async function keepPhoto(owner: string, photo: StoredPhoto): Promise<void> {
  const locked = await lockPhoto(owner, photo);
  await (await phone()).put('photos', locked);
}

/** All photos are JPEGs made on the phone. */
export async function photoBytes(sha256: string): Promise<StoredPhoto | undefined> {
  const found = await (await phone()).get('photos', sha256);
  if (!found) return undefined;
  if (!('kept' in found)) return found;
  return { sha256, bytes: await unlockedBytes(found.kept), type: 'image/jpeg' };
}

/** Remove what the server has had for 14 days, with photos no other record needs. */
export async function clearOld(now: number): Promise<number> {
  const records = await all();
  const old = records.filter((one) => isTaken(one) && !isUnsent(one) && (one.confirmedAt ?? now) < now - KEEP_MS);
  for (const record of old) await forget(record.clientEventId);
  return old.length;
}

/** Delete a record by the person's own wish or after its time; the id stays as a tombstone, so it cannot come back. */
export async function forget(clientEventId: string): Promise<void> {
  const record = await read(clientEventId);
  if (!record) return;
  const others = (await all()).filter((one) => one.clientEventId !== clientEventId);
  const needed = new Set(others.flatMap((one) => one.photos.map((photo) => photo.sha256)));
  const tx = (await phone()).transaction(['records', 'photos', 'facts'], 'readwrite');
  for (const photo of record.photos) if (!needed.has(photo.sha256)) await tx.objectStore('photos').delete(photo.sha256);
  await tx.objectStore('records').delete(clientEventId);
  if (isOwed(record)) await tx.objectStore('facts').put({ key: tomb(clientEventId), value: Date.now() });
  await tx.done;
}

/** Lock what an earlier version of these pages left in clear; what another tab changed meanwhile is left to it. */
export async function migrate(): Promise<void> {
  const db = await phone();
  for (const old of await db.getAll('records')) {
    if ('kept' in old) continue;
    const resting = await rest(upgraded(old));
    const tx = db.transaction('records', 'readwrite');
    const now = await tx.store.get(old.clientEventId);
    if (now && !('kept' in now) && now.state === old.state) await tx.store.put(resting);
    await tx.done;
  }
  const owner = (await lastPerson()) ?? NOBODY;
  for (const old of await db.getAll('photos')) if (!('kept' in old)) await keepPhoto(owner, old);
  for (const old of await db.getAll('drafts'))
    if (!('kept' in old)) await db.put('drafts', { key: old.key, savedAt: old.savedAt, kept: await lock(owner, old.value) });
}

/**
 * At sign-out: once nothing of this person waits, the key and all that it locked go. Records, photos, drafts and copies
 * of another person stay. Gives whether the key went.
 */
export async function leavePhone(owner: string): Promise<boolean> {
  const mine = (await all()).filter((one) => one.personId === owner);
  const db = await phone();
  const ours = await ownedBy(owner);
  const drafts = await db.getAll('drafts');
  if (mine.some(isOwed) || drafts.some((one) => 'kept' in one && ours(one.kept))) return false;
  const tx = db.transaction(['records', 'photos', 'facts', 'keys'], 'readwrite');
  for (const store of ['records', 'photos', 'facts'] as const)
    for (let cursor = await tx.objectStore(store).openCursor(); cursor; cursor = await cursor.continue()) {
      const value = (store === 'facts' ? (cursor.value as { value: unknown }).value : cursor.value) as { kept?: never } | null;
      if (value && typeof value === 'object' && value.kept && ours(value.kept)) await cursor.delete();
    }
  for (const key of await tx.objectStore('keys').getAll())
    if (key.use === 'rest' && key.owner === owner) await tx.objectStore('keys').delete(key.id);
  await tx.done;
  return true;
}

export const lastPerson = (): Promise<string | null> => getFact<string>('last-person');
export const rememberPerson = (personId: string): Promise<void> => setFact('last-person', personId);
