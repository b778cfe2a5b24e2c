import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { beaconClaim, keepBeacon } from '@/outbox/beacon';
import { contact, enrol, platform, settleIn } from '@/outbox/contact';
import { hangUp, phone } from '@/outbox/db';
import { deviceKey, makeDeviceKey } from '@/outbox/device';
import { exported, forQr, MOST_QR_BYTES } from '@/outbox/export';
import { keep } from '@/outbox/queue';
import { fresh, type OutboxRecord } from '@/outbox/record';
import type { Server } from '@/outbox/sender';

const NOW = Date.parse('2026-11-23T00:00:00Z');
const record = (change: Partial<OutboxRecord> = {}): OutboxRecord => ({
  ...fresh({ clientEventId: 'a1'.repeat(16), kind: 'attendance', personId: 'person-1', date: '2026-11-23', session: 'am', label: 'x', body: { kind: 'attendance', loc: 'c'.repeat(64) } }, NOW),
  sealed: true,
  ...change,
});
const posts: { url: string; body: { [member: string]: unknown } }[] = [];
const server = (status: number, answer: object): Server => ({
  personId: 'person-1', csrfToken: 'c', now: () => NOW,
  fetch: vi.fn(async (url: string, init: RequestInit) => {
    posts.push({ url, body: JSON.parse(String(init.body)) as { [member: string]: unknown } });
    return Response.json(answer, { status });
  }) as never,
});
const entry = (id: string) => ({ client_event_id: id, seq: 7, at: '2026-11-22T23:52:04.000Z' });

beforeEach(async () => {
  posts.length = 0;
  const db = await phone();
  for (const store of ['records', 'photos', 'drafts', 'facts', 'keys'] as const) await db.clear(store);
});
afterEach(hangUp);

describe('a contact', () => {
  it('reports number, oldest time and sessions of what waits, and nothing of another person', async () => {
    await keep(record());
    await keep(record({ clientEventId: 'b2'.repeat(16), savedAt: NOW - 60_000, date: '2026-11-22', session: 'pm' }));
    await keep(record({ clientEventId: 'c3'.repeat(16), personId: 'person-2', savedAt: 1 }));
    await contact(server(200, { known: [], beacon: null }));
    expect(posts[0]).toMatchObject({ url: '/api/checkin/contact', body: { device: null } });
    expect(posts[0]?.body.unsent).toEqual({ count: 2, oldest_at: new Date(NOW - 60_000).toISOString(), sessions: ['2026-11-22 pm', '2026-11-23 am'] });
  });

  it('tells a wiped phone what the server last has, until the person has read it (U13)', async () => {
    const answer = { known: [entry('d4'.repeat(16))], beacon: null };
    expect(await contact(server(200, answer))).toMatchObject({ wiped: true, known: [{ seq: 7 }] });
    await settleIn('person-1');
    expect(await contact(server(200, answer))).toMatchObject({ wiped: false });
  });

  it('says nothing of the kind on a phone that has the records', async () => {
    await keep(record({ state: 'confirmed' }));
    expect(await contact(server(200, { known: [entry('a1'.repeat(16))], beacon: null }))).toMatchObject({ wiped: false });
  });

  it('that fails changes nothing', async () => {
    expect(await contact(server(503, {}))).toBeNull();
  });
});

describe('a beacon', () => {
  const beacon = (id: string, server_time: string) => ({ id, server_time });
  it('is the newest one of this person, with its age on this page', async () => {
    await keepBeacon(beacon('new', '2026-11-23T00:00:00.000Z'), 'person-1');
    await keepBeacon(beacon('old', '2026-11-22T00:00:00.000Z'), 'person-1');
    const claim = await beaconClaim('person-1');
    expect(claim.beacon_id).toBe('new');
    expect(Number.isInteger(claim.beacon_age_ms) && Number.isInteger(claim.mono_ms)).toBe(true);
    expect(await beaconClaim('person-2')).toMatchObject({ beacon_id: null, beacon_age_ms: null });
  });

  it('that is none is not kept', async () => {
    await keepBeacon(null, 'person-1');
    await keepBeacon({ id: 5 }, 'person-1');
    expect(await beaconClaim('person-1')).toMatchObject({ beacon_id: null });
  });
});

describe('enrolment', () => {
  it.each([
    [201, { id: 'x' }, 'enrolled', true],
    [200, { id: 'x' }, 'enrolled', true],
    [404, { slug: 'not-found' }, 'away', false],
    [503, { slug: 'unavailable' }, 'away', false],
    [409, { slug: 'sign-in-again' }, { status: 409, slug: 'sign-in-again' }, false],
  ])('answered with %i', async (status, answer, expected, enrolled) => {
    const key = await makeDeviceKey('person-1');
    expect(await enrol(server(status, answer))).toEqual(expected);
    expect(posts[0]).toMatchObject({ url: '/api/identity/devices', body: { jwk: key.jwk } });
    expect((await deviceKey('person-1'))?.enrolled).toBe(enrolled);
  });

  it.each([
    ['Mozilla/5.0 (Linux; Android 10) MicroMessenger/8.0 wxwork/4.1', 'wecom-android'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 16_0) MicroMessenger/8.0', 'wechat-ios'],
    ['Mozilla/5.0 (X11; Linux x86_64) Chrome/120', 'browser-other'],
  ])('names the class of %s', (agent, expected) => expect(platform(agent)).toBe(expected));
});

describe('an export', () => {
  const fix = { salt: 's', lat_e6: 36_620_000, lon_e6: 101_770_000, crs: 'wgs84' as const, accuracy_dm: 1, altitude_dm: null, captured_at: 'x', source: 'browser' as const };
  it('holds body and signature and never a coordinate', () => {
    const text = exported(record({ location: fix, device: { thumbprint: 't', signature: 'z' } }));
    expect(JSON.parse(text)).toEqual({ body: { kind: 'attendance', loc: 'c'.repeat(64) }, device: { thumbprint: 't', signature: 'z' } });
    expect(text).not.toMatch(/36620000|101770000|salt/);
  });

  it('has a code only while it can be read from a screen', () => {
    expect(forQr(record())).toBe(exported(record()));
    expect(forQr(record({ body: { text: '字'.repeat(MOST_QR_BYTES / 3) } }))).toBeNull();
  });
});
