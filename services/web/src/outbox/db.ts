/** The phone's database: records, photos, drafts and a few facts. Everything that waits for the server lies here. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { OutboxRecord } from './record';

export interface StoredPhoto {
  sha256: string;
  /** Bytes and not a Blob: Blobs in IndexedDB are lost by some web views. */
  bytes: ArrayBuffer;
  type: string;
}

interface Schema extends DBSchema {
  records: { key: string; value: OutboxRecord };
  photos: { key: string; value: StoredPhoto };
  drafts: { key: string; value: { key: string; savedAt: number; value: unknown } };
  facts: { key: string; value: { key: string; value: unknown } };
}

export type Phone = IDBPDatabase<Schema>;

let opened: Promise<Phone> | null = null;

export function phone(): Promise<Phone> {
  opened ??= openDB<Schema>('zhudian', 1, {
    upgrade(db) {
      db.createObjectStore('records', { keyPath: 'clientEventId' });
      db.createObjectStore('photos', { keyPath: 'sha256' });
      db.createObjectStore('drafts', { keyPath: 'key' });
      db.createObjectStore('facts', { keyPath: 'key' });
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      opened = null;
    },
    terminated() {
      opened = null;
    },
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** Forget the open connection (tests, and after the browser closed it). */
export async function hangUp(): Promise<void> {
  const connection = opened;
  opened = null;
  if (connection) (await connection.catch(() => null))?.close();
}

export async function getFact<T>(key: string): Promise<T | null> {
  return ((await (await phone()).get('facts', key))?.value as T | undefined) ?? null;
}

export async function setFact(key: string, value: unknown): Promise<void> {
  await (await phone()).put('facts', { key, value });
}
