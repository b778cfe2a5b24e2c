/**
 * What rests on the phone is locked with an AES-256-GCM key of its owner that cannot leave the browser (evidence.md
 * §6.1). Without WebCrypto (an insecure address, an old web view) things rest as they are, and 我的 says so.
 */
import { newEventId } from '../canonical/sha256';
import { phone, type RestKey } from './db';

export type Kept = { ref: string; iv: ArrayBuffer; box: ArrayBuffer } | { plain: unknown };

/** The key is gone: what it locked cannot be read any more. */
export class Unreadable extends Error {}

/** Whoever was never signed in on this phone. */
export const NOBODY = '';

export const canLock = (): boolean => typeof crypto !== 'undefined' && typeof crypto.subtle !== 'undefined';

let cannotKeepKeys = false;

async function keyOf(owner: string): Promise<RestKey | null> {
  if (!canLock() || cannotKeepKeys) return null;
  const db = await phone();
  const mine = (keys: unknown[]) => (keys as RestKey[]).find((one) => one.use === 'rest' && one.owner === owner);
  const found = mine(await db.getAll('keys'));
  if (found) return found;
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const made: RestKey = { id: newEventId(), use: 'rest', owner, key };
  const tx = db.transaction('keys', 'readwrite');
  const first = mine(await tx.store.getAll()); // another tab may have been quicker
  try {
    if (!first) await tx.store.put(made);
  } catch {
    cannotKeepKeys = true; // some web views cannot store a key
    return null;
  }
  await tx.done;
  return first ?? made;
}

async function locked(owner: string | null, bytes: BufferSource, plain: unknown): Promise<Kept> {
  const rest = await keyOf(owner ?? NOBODY);
  if (!rest) return { plain };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, rest.key, bytes);
  return { ref: rest.id, iv: iv.buffer as ArrayBuffer, box };
}

/** Lock a JSON value for its owner. */
export function lock(owner: string | null, value: unknown): Promise<Kept> {
  const text = JSON.stringify(value);
  return locked(owner, new TextEncoder().encode(text), JSON.parse(text));
}

export const lockBytes = (owner: string | null, bytes: ArrayBuffer): Promise<Kept> => locked(owner, bytes, bytes);

async function unlockBytes(kept: Exclude<Kept, { plain: unknown }>): Promise<ArrayBuffer> {
  const rest = (await (await phone()).get('keys', kept.ref)) as RestKey | undefined;
  if (!rest || !canLock()) throw new Unreadable(kept.ref);
  try {
    return await crypto.subtle.decrypt({ name: 'AES-GCM', iv: kept.iv }, rest.key, kept.box);
  } catch {
    throw new Unreadable(kept.ref);
  }
}

/** What was locked as JSON. Throws Unreadable. */
export async function unlock<T>(kept: Kept): Promise<T> {
  if ('plain' in kept) return kept.plain as T;
  return JSON.parse(new TextDecoder().decode(await unlockBytes(kept))) as T;
}

/** What was locked as bytes. Throws Unreadable. */
export async function unlockedBytes(kept: Kept): Promise<ArrayBuffer> {
  return 'plain' in kept ? (kept.plain as ArrayBuffer) : unlockBytes(kept);
}

/** Whether a resting thing belongs to this owner; null when it lies there in clear. */
export async function ownedBy(owner: string): Promise<(kept: Kept) => boolean> {
  const refs = (await (await phone()).getAll('keys')).filter((one) => one.use === 'rest' && one.owner === owner).map((one) => one.id);
  return (kept) => 'ref' in kept && refs.includes(kept.ref);
}
