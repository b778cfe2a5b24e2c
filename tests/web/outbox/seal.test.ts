import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { base64url, fromBase64url } from '@/canonical/base64url';
import { jcs, type Json } from '@/canonical/jcs';
import { commitment, type Fix, readFix } from '@/location/fix';
import { tapBody } from '@/outbox/bodies';
import { hangUp, phone } from '@/outbox/db';
import { deviceKey, makeDeviceKey, noKeyHere, setEnrolled } from '@/outbox/device';
import { all, forget, keep, read } from '@/outbox/queue';
import { fresh, type OutboxRecord } from '@/outbox/record';
import { seal, SEAL_WITHIN_MS, withFix } from '@/outbox/seal';
import { sendOne, type Server } from '@/outbox/sender';

const NOW = Date.parse('2026-11-23T00:00:00Z');
const id = (n: number) => n.toString(16).padStart(32, '0');
const record = (n: number, change: Partial<OutboxRecord> = {}): OutboxRecord => {
  const body = tapBody({ clientEventId: id(n), personId: 'person-1', siteToken: 't', direction: 'in', ticket: null, typed: null, online: true, deviceTime: NOW });
  return { ...fresh({ clientEventId: id(n), kind: 'attendance', personId: 'person-1', date: '2026-11-23', session: 'am', label: 'x', body }, NOW), ...change };
};
const hash = (value: Json) => createHash('sha256').update(jcs(value)).digest('hex');
const FIX: Fix = { salt: base64url(new Uint8Array(32).fill(7)), lat_e6: 36_620_000, lon_e6: 101_770_000, crs: 'wgs84', accuracy_dm: 150, altitude_dm: null, captured_at: '2026-11-23T00:00:01.000Z', source: 'browser' };

/** What a server checks, with nothing of ours but the public key. */
async function verified(one: OutboxRecord): Promise<boolean> {
  const { jwk } = (await deviceKey('person-1'))!;
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  const data = new TextEncoder().encode(`zhudian/v1/device\n${jcs(one.body)}`);
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, fromBase64url(one.device?.signature ?? '') as Uint8Array<ArrayBuffer>, data);
}

beforeEach(async () => {
  const db = await phone();
  for (const store of ['records', 'photos', 'drafts', 'facts', 'keys'] as const) await db.clear(store);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await hangUp();
});

describe('the device key', () => {
  it('stays in the browser, is made once per person, and is named by its RFC 7638 thumbprint', async () => {
    const key = await makeDeviceKey('person-1');
    await expect(crypto.subtle.exportKey('jwk', key.pair.privateKey)).rejects.toThrow();
    expect(await makeDeviceKey('person-1')).toMatchObject({ thumbprint: key.thumbprint });
    expect((await makeDeviceKey('person-2')).thumbprint).not.toBe(key.thumbprint);
    const text = `{"crv":"P-256","kty":"EC","x":"${key.jwk.x}","y":"${key.jwk.y}"}`;
    expect(key.thumbprint).toBe(createHash('sha256').update(text).digest('base64url'));
  });

  it('is said not to be there without WebCrypto', async () => {
    expect(noKeyHere()).toBeNull();
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    expect(noKeyHere()).toBe('unsupported');
    vi.stubGlobal('isSecureContext', false);
    expect(noKeyHere()).toBe('insecure');
    expect(await deviceKey('person-1')).toBeNull();
  });
});

describe('a sealed body', () => {
  it('is signed, numbered, and names the body before it', async () => {
    await makeDeviceKey('person-1');
    const first = await seal(record(1));
    const second = await seal(record(2));
    expect(first.body).toMatchObject({ device_seq: 1, device_prev: null });
    expect(second.body).toMatchObject({ device_seq: 2, device_prev: hash(first.body) });
    expect(first.device?.signature).toMatch(/^[\w-]{86}$/);
    expect(await verified(first)).toBe(true);
    expect(await verified({ ...first, body: { ...first.body, direction: 'out' } })).toBe(false);
  });

  it('never changes: sealing again gives the first seal and moves no chain', async () => {
    await makeDeviceKey('person-1');
    const first = await seal(record(1));
    expect(await seal(record(1, { label: 'other' }))).toEqual(first);
    expect(await deviceKey('person-1')).toMatchObject({ seq: 1, last: hash(first.body) });
  });

  it('of thirty taps at once makes one chain without gap or fork', async () => {
    await makeDeviceKey('person-1');
    await Promise.all(Array.from({ length: 30 }, (_all, n) => seal(record(n + 1))));
    const chain = (await all()).sort((a, b) => Number(a.body.device_seq) - Number(b.body.device_seq));
    expect(chain.map((one) => one.body.device_seq)).toEqual(Array.from({ length: 30 }, (_all, n) => n + 1));
    chain.reduce<string | null>((before, one) => {
      expect(one.body.device_prev).toBe(before);
      return hash(one.body);
    }, null);
  });

  it('leaves the chain where it was when the phone cannot keep it', async () => {
    await makeDeviceKey('person-1');
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given: [unknown]) {
      if (this.name === 'records') throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, given);
    });
    await expect(seal(record(1))).rejects.toThrow('full');
    expect(await deviceKey('person-1')).toMatchObject({ seq: 0, last: null });
    expect(await read(id(1))).toBeUndefined();
  });

  it('is not made of a record that was deleted meanwhile', async () => {
    await makeDeviceKey('person-1');
    await keep(record(1, { waitsForFix: true }));
    await forget(id(1));
    await seal(await withFix(record(1), 'timeout'));
    expect(await read(id(1))).toBeUndefined();
    expect(await deviceKey('person-1')).toMatchObject({ seq: 0 });
  });

  it('has no device without a key', async () => {
    const one = await seal(record(1));
    expect(one).toMatchObject({ sealed: true, device: null });
    expect(Object.keys(one.body)).not.toContain('device_seq');
  });
});

describe('the position', () => {
  it('is in the body as a commitment only, which the location opens (evidence.md §4)', async () => {
    const one = await withFix(record(1, { waitsForFix: true }), FIX);
    const { salt, ...rest } = FIX;
    const opened = createHash('sha256').update('zhudian/v1/loc\n').update(Buffer.from(salt, 'base64url')).update(jcs(rest)).digest('hex');
    expect(one.body).toMatchObject({ loc: opened, loc_failure: null });
    expect(await commitment(FIX)).toBe(opened);
    expect(JSON.stringify(one.body)).not.toContain('36620000');
    expect(await commitment({ ...FIX, salt: base64url(new Uint8Array(32).fill(8)) })).not.toBe(opened);
  });

  it('that is missing leaves null and its reason, nothing else (U04)', async () => {
    expect(await withFix(record(1, { waitsForFix: true }), 'denied')).toMatchObject({ location: null, waitsForFix: false, body: { loc: null, loc_failure: 'denied' } });
  });

  const position = (latitude: number, longitude: number, accuracy: number) => ({ coords: { latitude, longitude, accuracy, altitude: null }, timestamp: NOW });
  it.each([
    ['a place', (ok: (p: unknown) => void) => ok(position(36.62, 101.77, 15)), { lat_e6: 36_620_000, lon_e6: 101_770_000, accuracy_dm: 150, altitude_dm: null }],
    ['accuracy 0 as it came', (ok: (p: unknown) => void) => ok(position(36.62, 101.77, 0)), { accuracy_dm: 0 }],
    ['null island', (ok: (p: unknown) => void) => ok(position(0, 0, 15)), 'invalid'],
    ['out of range', (ok: (p: unknown) => void) => ok(position(91, 0, 15)), 'invalid'],
    ['refused', (_ok: unknown, no: (e: unknown) => void) => no({ code: 1 }), 'denied'],
    ['not available', (_ok: unknown, no: (e: unknown) => void) => no({ code: 2 }), 'unavailable'],
    ['too slow', (_ok: unknown, no: (e: unknown) => void) => no({ code: 3 }), 'timeout'],
  ])('asked once: %s', async (_name, answer, expected) => {
    vi.stubGlobal('isSecureContext', true);
    const asked = vi.fn(answer as never);
    vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: asked } });
    const found = await readFix();
    if (typeof expected === 'string') expect(found).toBe(expected);
    else expect(found).toMatchObject(expected);
    expect(asked).toHaveBeenCalledTimes(1);
    expect((asked.mock.calls[0] as unknown[])[2]).toMatchObject({ maximumAge: 0, timeout: 5000 });
  });

  it('ends after 5 s by itself, and at once when the page is hidden', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('isSecureContext', true);
    vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: () => undefined } });
    const slow = readFix();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await slow).toBe('timeout');
    const hidden = readFix();
    window.dispatchEvent(new Event('pagehide'));
    expect(await hidden).toBe('page_hidden');
    vi.useRealTimers();
  });

  it('is not asked for on an insecure or an old page', async () => {
    vi.stubGlobal('isSecureContext', false);
    expect(await readFix()).toBe('insecure');
    vi.stubGlobal('isSecureContext', true);
    vi.stubGlobal('navigator', {});
    expect(await readFix()).toBe('unsupported');
  });
});

describe('a record whose page died before it was sealed', () => {
  const posts: { body: { [key: string]: Json }; device?: object; location?: object }[] = [];
  const server = (now: number): Server => ({
    personId: 'person-1', csrfToken: 'c', now: () => now,
    fetch: vi.fn(async (_url, init) => {
      posts.push(JSON.parse(String((init as RequestInit).body)) as (typeof posts)[0]);
      return Response.json({ slug: 'unavailable', status: 503 }, { status: 503 });
    }) as never,
  });
  beforeEach(() => void (posts.length = 0));

  it('waits while the page may still live, then is sealed and sent without a fix', async () => {
    await makeDeviceKey('person-1');
    await keep(record(1, { waitsForFix: true }));
    await sendOne(id(1), server(NOW + 1_000));
    expect(posts).toEqual([]);
    expect(await read(id(1))).toMatchObject({ sealed: false, nextAt: NOW + SEAL_WITHIN_MS });
    await sendOne(id(1), server(NOW + SEAL_WITHIN_MS));
    expect(posts).toHaveLength(1);
    expect(posts[0]).toMatchObject({ body: { loc: null, loc_failure: 'page_hidden', device_seq: 1 } });
    expect(await read(id(1))).toMatchObject({ sealed: true, waitsForFix: false });
  });

  it('names its key only once the server knows the key, and sends the location beside the body', async () => {
    await makeDeviceKey('person-1');
    const kept = await seal(await withFix(record(1), FIX));
    await sendOne(id(1), server(NOW));
    expect(posts[0]).not.toHaveProperty('device');
    expect(posts[0]?.location).toEqual(FIX);
    await setEnrolled('person-1', true);
    await sendOne(id(1), server(NOW));
    expect(posts[1]?.device).toEqual(kept.device);
    expect(posts[1]?.body).toEqual(posts[0]?.body);
  });
});

describe('a record of somebody else (U17)', () => {
  it('is never sent, says whose it is, and goes out when its person is back', async () => {
    const posts: string[] = [];
    const as = (personId: string): Server => ({
      personId, csrfToken: 'c', now: () => NOW,
      fetch: vi.fn(async (url: string) => {
        posts.push(url);
        return Response.json({ slug: 'unavailable', status: 503 }, { status: 503 });
      }) as never,
    });
    await seal(record(1, { personName: '林知远' }));
    expect(await sendOne(id(1), as('person-2'))).toMatchObject({ state: 'saved', reason: { type: 'local', code: 'other_person', name: '林知远' } });
    expect(posts).toEqual([]);
    await sendOne(id(1), as('person-1'));
    expect(posts).toEqual(['/api/checkin/events']);
  });

  it('waits for its person also when only the server noticed', async () => {
    await seal(record(1));
    const stale: Server = { personId: 'person-1', csrfToken: 'c', now: () => NOW, fetch: (async () => Response.json({ slug: 'not-your-record', status: 409 }, { status: 409 })) as never };
    expect(await sendOne(id(1), stale)).toMatchObject({ state: 'saved', reason: { code: 'other_person' } });
  });
});

describe('a record made before anybody was ever signed in', () => {
  it('is sealed and signed by whoever signs in next', async () => {
    await makeDeviceKey('person-9');
    const open = await seal(record(1, { personId: null, body: { ...record(1).body, person: null } }));
    expect(open).toMatchObject({ sealed: false, device: null });
    const answer = async () => Response.json({ slug: 'unavailable', status: 503 }, { status: 503 });
    await sendOne(id(1), { personId: 'person-9', personName: '苏文简', csrfToken: 'c', now: () => NOW, fetch: answer as never });
    expect(await read(id(1))).toMatchObject({ sealed: true, personId: 'person-9', personName: '苏文简', body: { person: 'person-9', device_seq: 1 } });
  });
});
