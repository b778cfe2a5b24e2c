import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jcs } from '@/canonical/jcs';
import { sha256OfText } from '@/canonical/sha256';
import { tapBody } from '@/outbox/bodies';
import { hangUp, phone } from '@/outbox/db';
import { all, clearOld, forget, keep, read, unsent } from '@/outbox/queue';
import { fresh, inOrder, isUnsent, type OutboxRecord } from '@/outbox/record';
import { selfTest } from '@/outbox/selftest';
import { fits, sendOne, type Server } from '@/outbox/sender';
import { startPump } from '@/outbox/pump';

const ID = 'a1'.repeat(16);
const NOW = Date.parse('2026-11-23T00:00:00Z');

function record(change: Partial<OutboxRecord> = {}): OutboxRecord {
  const personId = change.personId === undefined ? 'person-1' : change.personId;
  const clientEventId = change.clientEventId ?? ID;
  const body = tapBody({ clientEventId, personId, siteToken: 't', direction: 'in', ticket: null, typed: null, online: true, deviceTime: NOW });
  const made = fresh({ clientEventId, kind: 'attendance', personId, date: '2026-11-23', session: 'am', label: 'x', body }, NOW);
  return { ...made, ...change };
}

async function receiptFor(one: OutboxRecord, change: object = {}) {
  return { client: one.clientEventId, body_hash: await sha256OfText(jcs(one.body)), code: '8F3K-Q2WD', seq: 412, at: '2026-11-23T00:00:04.000Z', entry_hash: 'ab', ...change };
}

const reply = (status: number, body: unknown, type = 'application/json', headers = {}) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers: { 'content-type': type, ...headers } });
const problem = (status: number, slug: string, more: object = {}, headers = {}) =>
  reply(status, { type: `/problems/${slug}`, slug, title: '句子', status, ...more }, 'application/problem+json', headers);

function server(answer: (url: string, init: RequestInit) => Promise<Response> | Response, personId: string | null = 'person-1'): Server {
  return { personId, csrfToken: 'token', fetch: vi.fn((url, init) => Promise.resolve(answer(String(url), init as RequestInit))) as never, now: () => NOW };
}

beforeEach(async () => {
  const db = await phone();
  for (const store of ['records', 'photos', 'drafts', 'facts'] as const) await db.clear(store);
});
afterEach(hangUp);

describe('acknowledgement', () => {
  it('is a receipt with our id and our body hash', async () => {
    const one = record();
    await keep(one);
    const sent = await sendOne(ID, server(async () => reply(201, { receipt: await receiptFor(one), attendance: { session: 'am' } })));
    expect(sent).toMatchObject({ state: 'confirmed', receipt: { code: '8F3K-Q2WD' }, answer: { attendance: { session: 'am' } }, reason: null });
    expect((await read(ID))?.state).toBe('confirmed');
  });

  it.each([
    ['a captive portal page', () => reply(200, '<html>sign in to the wifi</html>', 'text/html')],
    ['an empty 200', () => reply(200, {})],
    ['a receipt of another record', async () => reply(200, { receipt: await receiptFor(record(), { client: 'b2'.repeat(16) }) })],
    ['a receipt of another body', async () => reply(200, { receipt: await receiptFor(record(), { body_hash: '00'.repeat(32) }) })],
  ])('is not %s (U07)', async (_name, answer) => {
    await keep(record());
    const sent = await sendOne(ID, server(answer));
    expect(sent).toMatchObject({ state: 'saved', receipt: null, reason: { type: 'local', code: 'not_ours' } });
    expect(isUnsent(sent as OutboxRecord)).toBe(true);
  });

  it('hashes the sealed body as the server does', async () => {
    const one = record();
    expect(await fits(await receiptFor(one), one)).toBe(true);
    expect(await fits(await receiptFor(one), { ...one, body: { ...one.body, direction: 'out' } })).toBe(false);
  });

  it('with 409 already-recorded keeps the earlier receipt', async () => {
    await keep(record());
    const receipt = await receiptFor(record(), { client: 'c3'.repeat(16), code: 'AAAA-BBBB' });
    const sent = await sendOne(ID, server(() => problem(409, 'already-recorded', { receipt, code: 'AAAA-BBBB' })));
    expect(sent).toMatchObject({ state: 'duplicate', receipt: { code: 'AAAA-BBBB' } });
  });
});

describe('what is sent', () => {
  it('carries body, CSRF value, and what else waits', async () => {
    await keep(record());
    await keep(record({ clientEventId: 'd4'.repeat(16), savedAt: NOW - 5000 }));
    const to = server(() => problem(503, 'unavailable'));
    await sendOne(ID, to);
    const [url, init] = (to.fetch as ReturnType<typeof vi.fn>).mock.calls[0] as [string, RequestInit];
    expect(url).toBe('/api/checkin/events');
    expect(init).toMatchObject({ method: 'POST', keepalive: true, headers: { 'X-CSRF-Token': 'token' } });
    const item = JSON.parse(String(init.body)) as { body: object; sent: object };
    expect(item.body).toEqual(record().body);
    expect(item.sent).toEqual({
      sent_at: '2026-11-23T00:00:00.000Z', attempt: 1,
      unsent: { count: 1, oldest_at: '2026-11-22T23:59:55.000Z', sessions: ['2026-11-23 am'] },
    });
  });

  it('is the same body at every attempt', async () => {
    await keep(record());
    const to = server(() => problem(503, 'unavailable'));
    for (let n = 0; n < 3; n += 1) await sendOne(ID, to);
    const bodies = (to.fetch as ReturnType<typeof vi.fn>).mock.calls.map((call) => JSON.stringify((JSON.parse(String((call[1] as RequestInit).body)) as { body: object }).body));
    expect(new Set(bodies).size).toBe(1);
    expect((await read(ID))?.attempts).toBe(3);
  });

  it('waits for its own physician (U17)', async () => {
    await keep(record());
    const to = server(() => reply(201, {}), 'person-2');
    expect(await sendOne(ID, to)).toMatchObject({ state: 'saved', reason: { code: 'other_person' } });
    expect(to.fetch).not.toHaveBeenCalled();
  });

  it('waits for sign-in', async () => {
    await keep(record());
    const to = server(() => reply(201, {}), null);
    expect(await sendOne(ID, to)).toMatchObject({ state: 'saved', reason: { code: 'signed_out' } });
    expect(to.fetch).not.toHaveBeenCalled();
  });

  it('belongs to whoever signs in next when nobody ever was', async () => {
    await keep(record({ personId: null, sealed: false }));
    const to = server(() => problem(503, 'unavailable'), 'person-9');
    expect(await sendOne(ID, to)).toMatchObject({ personId: 'person-9', sealed: true, body: { person: 'person-9' } });
  });
});

describe('a failed send', () => {
  it.each([400, 403, 404, 409, 413, 422])('with %i asks the person and stays on the phone', async (status) => {
    await keep(record());
    const sent = await sendOne(ID, server(() => problem(status, 'no-open-posting')));
    expect(sent).toMatchObject({ state: 'needs_you', reason: { type: 'problem', problem: { slug: 'no-open-posting' } } });
    expect(await read(ID)).toBeDefined();
    expect(await unsent()).toEqual([]);
  });

  it('with 503 waits as long as the server wishes', async () => {
    await keep(record());
    const sent = await sendOne(ID, server(() => problem(503, 'unavailable', {}, { 'Retry-After': '120' })));
    expect(sent).toMatchObject({ state: 'saved', nextAt: NOW + 120_000, reason: { type: 'problem' } });
  });

  it('without network says so and tries again', async () => {
    await keep(record());
    const sent = await sendOne(ID, server(() => Promise.reject(new TypeError('Failed to fetch'))));
    expect(sent).toMatchObject({ state: 'saved', nextAt: NOW + 5000, reason: { type: 'local', code: 'offline' } });
  });

  it('with an expired session keeps the record for its owner', async () => {
    await keep(record());
    expect(await sendOne(ID, server(() => problem(401, 'not-signed-in')))).toMatchObject({ state: 'saved', reason: { code: 'signed_out' } });
  });

  it('with an old page is no refusal of the record', async () => {
    await keep(record());
    expect(await sendOne(ID, server(() => problem(403, 'form-expired')))).toMatchObject({ state: 'saved', reason: { code: 'page_old' } });
  });
});

describe('photos', () => {
  const photo = (n: number) => ({ sha256: `${n}`.repeat(64), bytes: new ArrayBuffer(8), type: 'image/jpeg' });
  const diary = async () => {
    const one = record({ kind: 'diary', photos: [1, 2].map((n) => ({ sha256: photo(n).sha256, sent: false, reason: null })) });
    await keep(one, [photo(1), photo(2)]);
    return one;
  };

  it('follow the text one by one, and a refused one holds no other', async () => {
    const one = await diary();
    const urls: string[] = [];
    const sent = await sendOne(ID, server(async (url) => {
      urls.push(url);
      if (url === '/api/worklog/diaries') return reply(201, { receipt: await receiptFor(one) });
      return url.endsWith('1') ? problem(422, 'photo-unreadable') : reply(201, { sha256: photo(2).sha256 });
    }));
    expect(urls).toEqual(['/api/worklog/diaries', `/api/worklog/photos/${photo(1).sha256}`, `/api/worklog/photos/${photo(2).sha256}`]);
    expect(sent?.photos).toMatchObject([{ sent: false, reason: { problem: { slug: 'photo-unreadable' } } }, { sent: true, reason: null }]);
    expect(isUnsent(sent as OutboxRecord)).toBe(false);
  });

  it('are tried again after a lost connection, the text is not sent twice', async () => {
    const one = await diary();
    let away = true;
    const to = server(async (url) => {
      if (url === '/api/worklog/diaries') return reply(201, { receipt: await receiptFor(one) });
      if (away) return Promise.reject(new TypeError('Failed to fetch'));
      return reply(201, { sha256: url.slice(-64) });
    });
    const first = await sendOne(ID, to);
    expect(first).toMatchObject({ state: 'confirmed' });
    expect(isUnsent(first as OutboxRecord)).toBe(true);
    away = false;
    const second = await sendOne(ID, to);
    expect(second?.photos.every((part) => part.sent)).toBe(true);
    const posts = (to.fetch as ReturnType<typeof vi.fn>).mock.calls.filter((call) => call[0] === '/api/worklog/diaries');
    expect(posts).toHaveLength(1);
  });
});

describe('the phone', () => {
  it('passes the self-test', async () => {
    expect(await selfTest()).toBe(true);
  });

  it('sends check-ins before text, oldest first', () => {
    const made = [record({ clientEventId: '1', kind: 'diary', savedAt: 1 }), record({ clientEventId: '2', savedAt: 9 }), record({ clientEventId: '3', savedAt: 5 })];
    expect(inOrder(made).map((one) => one.clientEventId)).toEqual(['3', '2', '1']);
  });

  it('keeps confirmed records 14 days and unsent ones for ever', async () => {
    const old = NOW - 15 * 86_400_000;
    await keep(record({ clientEventId: 'old', state: 'confirmed', confirmedAt: old }));
    await keep(record({ clientEventId: 'new', state: 'confirmed', confirmedAt: NOW }));
    await keep(record({ clientEventId: 'waits', savedAt: old }));
    await keep(record({ clientEventId: 'refused', state: 'needs_you', savedAt: old }));
    expect(await clearOld(NOW)).toBe(1);
    expect((await all()).map((one) => one.clientEventId).sort()).toEqual(['new', 'refused', 'waits']);
  });

  it('does not lose a photo another record needs', async () => {
    const part = { sha256: 'f'.repeat(64), sent: false, reason: null };
    await keep(record({ clientEventId: 'x', photos: [part] }), [{ sha256: part.sha256, bytes: new ArrayBuffer(1), type: 'image/jpeg' }]);
    await keep(record({ clientEventId: 'y', photos: [part] }));
    await forget('x');
    expect(await (await phone()).get('photos', part.sha256)).toBeDefined();
    await forget('y');
    expect(await (await phone()).get('photos', part.sha256)).toBeUndefined();
  });

  it('stores record and photos together or not at all (U12)', async () => {
    const broken = { sha256: 'e'.repeat(64), bytes: (() => 0) as never, type: 'image/jpeg' };
    await expect(keep(record(), [broken])).rejects.toThrow();
    expect(await read(ID)).toBeUndefined();
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given: [unknown]) {
      if (this.name === 'photos') throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, given);
    });
    await expect(keep(record(), [{ ...broken, bytes: new ArrayBuffer(4) }])).rejects.toThrow('full');
    vi.restoreAllMocks();
    expect(await read(ID)).toBeUndefined();
  });
});

describe('the pump', () => {
  it('sends what is due, leaves what waits, and sends that too when forced', async () => {
    await keep(record({ clientEventId: '1'.repeat(32) }));
    await keep(record({ clientEventId: '2'.repeat(32), nextAt: NOW + 60_000 }));
    const to = server(() => problem(503, 'unavailable'));
    const told: string[] = [];
    const pump = startPump(to, (one) => void (one.state === 'sending' || told.push(one.clientEventId)));
    await pump.push();
    expect(told).toEqual(['1'.repeat(32)]);
    await pump.push(true);
    pump.stop();
    expect(told.slice(1).sort()).toEqual(['1'.repeat(32), '2'.repeat(32)]);
  });

  it('starts again when the phone is online', async () => {
    const to = server(() => problem(503, 'unavailable'));
    const pump = startPump(to, () => undefined);
    await keep(record());
    window.dispatchEvent(new Event('online'));
    await vi.waitFor(() => expect(to.fetch).toHaveBeenCalledTimes(1));
    pump.stop();
  });
});
