/** The phone's database: records, photos, drafts, keys and a few facts. Everything that waits for the server lies here. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Kind, OutboxRecord, State } from './record';
import type { Kept } from './vault';

export interface StoredPhoto {
  sha256: string;
  /** Bytes and not a Blob: Blobs in IndexedDB are lost by some web views. */
  bytes: ArrayBuffer;
  type: string;
}

/** A record at rest: id, kind, date and state in clear, everything else in `kept` (evidence.md §6.1). */
export interface RestingRecord {
  clientEventId: string;
  schemaVersion: 2;
  kind: Kind;
  date: string;
  state: State;
  kept: Kept;
}

export interface RestingPhoto {
  sha256: string;
  kept: Kept;
}

/** AES-256-GCM key of one person on this phone; `id` is random, so that what it locks names nobody. */
export interface RestKey {
  id: string;
  use: 'rest';
  owner: string;
  key: CryptoKey;
}

/** Device key of one person on this phone, and the end of the chain of bodies signed with it (evidence.md §6.1). */
export interface DeviceKey {
  id: string;
  use: 'device';
  owner: string;
  pair: CryptoKeyPair;
  jwk: { kty: 'EC'; crv: 'P-256'; x: string; y: string };
  thumbprint: string;
  /** device_seq and body hash of the last sealed body. */
  seq: number;
  last: string | null;
  enrolled: boolean;
}

type Later = 'schemaVersion' | 'personName' | 'route' | 'waitsForFix' | 'location' | 'device';

/** A record as the first version of these pages kept it: in clear, until `migrate` has locked it. */
export type FirstRecord = Omit<OutboxRecord, Later> & { schemaVersion: 1 };
export type StoredRecord = RestingRecord | FirstRecord;

interface Schema extends DBSchema {
  records: { key: string; value: StoredRecord };
  photos: { key: string; value: RestingPhoto | StoredPhoto };
  drafts: { key: string; value: { key: string; savedAt: number; kept: Kept } | { key: string; savedAt: number; value: unknown } };
  facts: { key: string; value: { key: string; value: unknown } };
  keys: { key: string; value: RestKey | DeviceKey };
}

export type Phone = IDBPDatabase<Schema>;

let opened: Promise<Phone> | null = null;

export function phone(): Promise<Phone> {
  opened ??= openDB<Schema>('zhudian', 2, {
    upgrade(db, before) {
      if (before < 1) {
        db.createObjectStore('records', { keyPath: 'clientEventId' });
        db.createObjectStore('photos', { keyPath: 'sha256' });
        db.createObjectStore('drafts', { keyPath: 'key' });
        db.createObjectStore('facts', { keyPath: 'key' });
      }
      db.createObjectStore('keys', { keyPath: 'id' });
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
