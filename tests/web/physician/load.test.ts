import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, defineComponent, h, ref } from 'vue';
import { read } from '@/api/client';
import { hangUp, phone } from '@/outbox/db';
import { type Loaded, useLoad } from '@/physician/load';

const WHO = { personId: 'person-1', csrfToken: 'c' };
const answers: Record<string, () => Promise<Response>> = {};
const json = (data: unknown, status = 200) => Promise.resolve(Response.json(data, { status }));
const away = () => Promise.reject(new TypeError('Failed to fetch'));

beforeEach(async () => {
  for (const key of Object.keys(answers)) delete answers[key];
  await (await phone()).clear('facts');
  vi.stubGlobal('fetch', (url: string) => (answers[url] ?? (() => json({ slug: 'not-found', title: 'x', status: 404 }, 404)))());
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await hangUp();
});

it('shows the last copy of the same person when the network is away, and says from when', async () => {
  answers['/a'] = () => json({ n: 1 });
  const first = await read('/a', WHO);
  expect(first).toMatchObject({ ok: true, stale: false, data: { n: 1 } });
  answers['/a'] = away;
  expect(await read('/a', WHO)).toMatchObject({ ok: true, stale: true, data: { n: 1 }, at: first.ok && first.at });
  expect(await read('/a', { ...WHO, personId: 'person-2' })).toMatchObject({ ok: false, reason: { code: 'offline' } });
});

it.each([
  [() => json({ slug: 'forbidden', title: 'x', status: 403 }, 403), { type: 'problem', problem: { slug: 'forbidden' } }],
  [() => json({ slug: 'not-signed-in', title: 'x', status: 401 }, 401), { type: 'local', code: 'signed_out' }],
  [() => Promise.resolve(new Response('<html>', { headers: { 'content-type': 'text/html' } })), { type: 'local', code: 'not_ours' }],
  [() => Promise.resolve(new Response('bad gateway', { status: 502 })), { type: 'local', code: 'unavailable' }],
])('gives a reason and never throws (%#)', async (answer, reason) => {
  answers['/a'] = answer;
  expect(await read('/a', WHO)).toMatchObject({ ok: false, reason });
});

it('never shows one address under the name of another', async () => {
  answers['/week/1'] = () => json({ week: 1 });
  answers['/week/2'] = away;
  const week = ref(1);
  let loaded: Loaded<{ week: number }> | undefined;
  const app = createApp(defineComponent({
    setup() {
      loaded = useLoad({ url: () => `/week/${week.value}` });
      return () => h('p');
    },
  }));
  app.mount(document.createElement('div'));
  await vi.waitFor(() => expect(loaded?.data.value).toEqual({ week: 1 }));
  week.value = 2;
  await loaded?.reload();
  expect(loaded?.data.value).toBeNull();
  expect(loaded?.reason.value).toEqual({ type: 'local', code: 'offline' });
  week.value = 1;
  answers['/week/1'] = () => json({ slug: 'unavailable', title: 'x', status: 503 }, 503);
  await loaded?.reload();
  expect(loaded?.data.value).toEqual({ week: 1 });
  expect(loaded?.stale.value).toBe(true);
  app.unmount();
});
