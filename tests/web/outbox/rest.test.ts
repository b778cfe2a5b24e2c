import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hangUp, phone } from '@/outbox/db';
import { all, forget, keep, keepPhoto, leavePhone, migrate, photoBytes, read, rememberPerson } from '@/outbox/queue';
import { fresh, type OutboxRecord } from '@/outbox/record';
import { lock, unlock } from '@/outbox/vault';

const NOW = Date.parse('2026-11-23T00:00:00Z');
const ID = 'a1'.repeat(16);
const SECRET = '上午坐诊,讨论疑难病例';
const record = (change: Partial<OutboxRecord> = {}): OutboxRecord => ({
  ...fresh({ clientEventId: ID, kind: 'diary', personId: 'person-1', personName: '林知远', date: '2026-11-23', session: null, label: SECRET, body: { text: SECRET } }, NOW),
  sealed: true,
  ...change,
});
/** Everything of the database as text, bytes of buffers included: what somebody finds who copies the phone's files. */
async function found(): Promise<string> {
  const db = await phone();
  const parts: string[] = [];
  for (const store of ['records', 'photos', 'drafts', 'facts'] as const)
    for (const value of await db.getAll(store))
      parts.push(JSON.stringify(value, (_key, one: unknown) => (one instanceof ArrayBuffer || ArrayBuffer.isView(one) ? new TextDecoder().decode(one as ArrayBuffer) : one)));
  return parts.join('\n');
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

describe('what rests on the phone', () => {
  it('shows only id, kind, date and state', async () => {
    await keep(record());
    const [raw] = await (await phone()).getAll('records');
    expect(Object.keys(raw ?? {}).sort()).toEqual(['clientEventId', 'date', 'kept', 'kind', 'schemaVersion', 'state']);
    const text = await found();
    expect(text).toContain(ID);
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain('林知远');
    expect(text).not.toContain('person-1');
    expect(await read(ID)).toEqual(record());
  });

  it('cannot be opened with the key of another person, and the key cannot be exported', async () => {
    const mine = await lock('person-1', SECRET);
    await lock('person-2', SECRET);
    const keys = (await (await phone()).getAll('keys')).filter((one) => one.use === 'rest');
    expect(keys.map((one) => one.owner).sort()).toEqual(['person-1', 'person-2']);
    const other = keys.find((one) => one.owner === 'person-2')?.id as string;
    expect(await unlock(mine)).toBe(SECRET);
    await expect(unlock({ ...mine, ref: other } as never)).rejects.toThrow();
    for (const one of keys) await expect(crypto.subtle.exportKey('raw', one.key)).rejects.toThrow();
  });

  it('holds photos the same way', async () => {
    const bytes = new TextEncoder().encode('JPEG of a ward').buffer as ArrayBuffer;
    await keepPhoto('person-1', { sha256: 'f'.repeat(64), bytes, type: 'image/jpeg' });
    expect(await found()).not.toContain('JPEG of a ward');
    const back = await photoBytes('f'.repeat(64));
    expect(new TextDecoder().decode(back?.bytes)).toBe('JPEG of a ward');
  });

  it('rests in clear where the page has no WebCrypto, and is read all the same', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    await keep(record());
    expect(await found()).toContain(SECRET);
    expect(await read(ID)).toEqual(record());
  });

  it('asks the person when its key is gone, and is neither sent nor lost', async () => {
    await keep(record());
    await (await phone()).clear('keys');
    expect(await read(ID)).toMatchObject({ clientEventId: ID, state: 'needs_you', reason: { type: 'local', code: 'unreadable' }, body: {} });
    expect(await (await phone()).get('records', ID)).toMatchObject({ state: 'saved' });
  });
});

describe('records of the first version', () => {
  it('are locked once, keep every member, and are sent as they were sealed', async () => {
    await rememberPerson('person-1');
    const { personName: _n, route: _r, waitsForFix: _w, location: _l, device: _d, ...rest } = record({ attempts: 3, label: SECRET });
    const db = await phone();
    await db.put('records', { ...rest, schemaVersion: 1 } as never);
    await db.put('drafts', { key: 'diary:person-1', savedAt: 5, value: { text: SECRET } });
    await db.put('photos', { sha256: 'e'.repeat(64), bytes: new TextEncoder().encode(SECRET).buffer as ArrayBuffer, type: 'image/jpeg' });
    expect(await found()).toContain(SECRET);

    await migrate();
    await migrate();

    expect(await found()).not.toContain(SECRET);
    expect(await read(ID)).toEqual(record({ attempts: 3, personName: null }));
    expect(new TextDecoder().decode((await photoBytes('e'.repeat(64)))?.bytes)).toBe(SECRET);
    const draft = await db.get('drafts', 'diary:person-1');
    expect(await unlock((draft as { kept: never }).kept)).toEqual({ text: SECRET });
  });
});

describe('signing out', () => {
  it('takes the key and what it locked when nothing waits, and leaves the other person alone', async () => {
    await keep(record({ state: 'confirmed', confirmedAt: NOW }));
    await keep(record({ clientEventId: 'b2'.repeat(16), personId: 'person-2' }));
    expect(await leavePhone('person-1')).toBe(true);
    expect((await all()).map((one) => one.personId)).toEqual(['person-2']);
    expect((await (await phone()).getAll('keys')).map((one) => one.owner)).toEqual(['person-2']);
  });

  it.each(['saved', 'sending', 'needs_you'] as const)('keeps both while a record is %s', async (state) => {
    await keep(record({ state }));
    expect(await leavePhone('person-1')).toBe(false);
    expect(await read(ID)).toMatchObject({ label: SECRET });
  });

  it('keeps both while something is half written', async () => {
    await (await phone()).put('drafts', { key: 'diary:person-1', savedAt: 1, kept: await lock('person-1', { text: SECRET }) });
    expect(await leavePhone('person-1')).toBe(false);
  });
});

describe('a deleted record', () => {
  it.each(['saved', 'needs_you'] as const)('in state %s cannot come back, whatever was under way (U35)', async (state) => {
    await keep(record({ state }));
    await forget(ID);
    expect(await keep(record({ state: 'sending' }))).toBe(false);
    expect(await read(ID)).toBeUndefined();
  });
});

it('a receipt one tab has kept is not lost to another tab that heard nothing', async () => {
  await keep(record({ state: 'confirmed', confirmedAt: NOW }));
  expect(await keep(record({ state: 'saved' }))).toBe(false);
  expect(await read(ID)).toMatchObject({ state: 'confirmed' });
});
