/**
 * The phone's signing key: ECDSA P-256, made here, never leaving the browser, one per person (evidence.md §6.1). It is
 * made when the person ties this phone to the account (consent screen D); without it everything goes on unsigned.
 */
import { base64url } from '../canonical/base64url';
import { jcs, type Json } from '../canonical/jcs';
import { type DeviceKey, phone } from './db';
import { canLock } from './vault';

const PREFIX = 'zhudian/v1/device\n';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const keyId = (owner: string) => `device:${owner}`;

/** Why this phone can hold no key; null when it can. */
export function noKeyHere(): 'insecure' | 'unsupported' | null {
  if (canLock()) return null;
  return typeof isSecureContext !== 'undefined' && !isSecureContext ? 'insecure' : 'unsupported';
}

export async function deviceKey(owner: string | null): Promise<DeviceKey | null> {
  if (!owner || !canLock()) return null;
  return ((await (await phone()).get('keys', keyId(owner))) as DeviceKey | undefined) ?? null;
}

/** RFC 7638 thumbprint: SHA-256 over the members in their order, base64url. */
export async function thumbprint(jwk: DeviceKey['jwk']): Promise<string> {
  const text = JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y });
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

/** The key of this person, made when there is none. Rejects when the browser cannot keep one. */
export async function makeDeviceKey(owner: string): Promise<DeviceKey> {
  const found = await deviceKey(owner);
  if (found) return found;
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const { x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const jwk = { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) } as const;
  const made: DeviceKey = { id: keyId(owner), use: 'device', owner, pair, jwk, thumbprint: await thumbprint(jwk), seq: 0, last: null, enrolled: false };
  const tx = (await phone()).transaction('keys', 'readwrite');
  const first = (await tx.store.get(made.id)) as DeviceKey | undefined;
  if (!first) await tx.store.put(made);
  await tx.done;
  return first ?? made;
}

/** Signature over a body: 64 bytes r‖s as base64url. */
export async function sign(key: DeviceKey, body: Json): Promise<string> {
  const data = new TextEncoder().encode(PREFIX + jcs(body));
  return base64url(new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.pair.privateKey, data)));
}

/** Remember that the server has taken the key (or has it no longer). */
export async function setEnrolled(owner: string, enrolled: boolean): Promise<void> {
  const tx = (await phone()).transaction('keys', 'readwrite');
  const key = (await tx.store.get(keyId(owner))) as DeviceKey | undefined;
  if (key && key.enrolled !== enrolled) await tx.store.put({ ...key, enrolled });
  await tx.done;
}

/** A key the server will never take (revoked, or another person's before): the next one is made anew. */
export async function dropDeviceKey(owner: string): Promise<void> {
  await (await phone()).delete('keys', keyId(owner));
}
