/** Records on the phone: put, list, change, forget. Nothing is forgotten before its receipt (experience.md §3). */
import { getFact, phone, setFact, type StoredPhoto } from './db';
import { inOrder, isTaken, isUnsent, type OutboxRecord } from './record';

const KEEP_MS = 14 * 24 * 3600 * 1000;

/** Record and photos in one transaction: both are there afterwards, or neither. */
export async function keep(record: OutboxRecord, photos: StoredPhoto[] = []): Promise<void> {
  const tx = (await phone()).transaction(['records', 'photos'], 'readwrite');
  const ended = tx.done;
  ended.catch(() => undefined); // the error of the write itself is the one to tell
  try {
    for (const photo of photos) await tx.objectStore('photos').put(photo);
    await tx.objectStore('records').put(record);
  } catch (error) {
    abort(tx); // a value that cannot be stored does not end the transaction by itself
    throw error;
  }
  await ended;
}

function abort(tx: { abort: () => void }): void {
  try {
    tx.abort();
  } catch {
    // it has ended already
  }
}

export async function read(clientEventId: string): Promise<OutboxRecord | undefined> {
  return (await phone()).get('records', clientEventId);
}

export async function all(): Promise<OutboxRecord[]> {
  return inOrder(await (await phone()).getAll('records'));
}

export async function unsent(): Promise<OutboxRecord[]> {
  return (await all()).filter(isUnsent);
}

export async function photoBytes(sha256: string): Promise<StoredPhoto | undefined> {
  return (await phone()).get('photos', sha256);
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
  const db = await phone();
  for (const photo of record.photos) if (!needed.has(photo.sha256)) await db.delete('photos', photo.sha256);
  await db.delete('records', clientEventId);
  if (isUnsent(record)) await setFact(`tombstone:${clientEventId}`, Date.now());
}

export const lastPerson = (): Promise<string | null> => getFact<string>('last-person');
export const rememberPerson = (personId: string): Promise<void> => setFact('last-person', personId);
