import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jcs, type Json } from '@/canonical/jcs';
import { sha256OfText } from '@/canonical/sha256';
import { hangUp, phone } from '@/outbox/db';
import { all, rememberPerson } from '@/outbox/queue';

const PAGE = `
<main id="scan" data-server-time="{time}" data-person="{person}">
  <time id="now"></time>
  <form method="post" id="tap">
    <input type="hidden" name="client_event_id" value="0"><input type="hidden" name="ticket" value="{ticket}"><input type="hidden" name="csrf_token" value="C">
    <div id="typed-area" hidden><input id="typed"><p id="typed-error" hidden></p></div><button type="submit" name="direction" value="in" data-action>签到(上午)</button>
    <label id="attach-row" class="zd-later"><input type="checkbox" id="attach"></label><button type="submit" name="direction" value="out" data-other>不是签到?改为签退</button>
  </form>
  <div id="steps"></div>
  <section id="done" hidden><dl><div><dd data-slot="seq"></dd></div><div><dd data-slot="hash"></dd></div><div><dd data-slot="evidence"></dd></div><div><dd data-slot="place"></dd></div></dl>
  <div id="types" hidden><div id="types-chips"></div></div><div id="typed-as"></div><a data-slot="work" href="/app/work"></a><button type="button" id="flip" hidden></button><p id="flip-said" hidden></p></section>
  <div id="consent" hidden><input type="checkbox" id="consent-tick"><p id="consent-error" hidden></p><button type="button" id="consent-yes"></button><button type="button" id="consent-no"></button></div>
  <p id="progress"></p><p id="phone" hidden></p><a id="pill" hidden></a>
</main>
<script type="application/json" id="windows">{"windows":{"am":["08:00","12:00"],"pm":["14:00","17:30"]},"open":false}</script>`;

const shown = (id: string) => document.getElementById(id)?.textContent ?? '';
const posts: { url: string; item: { body: { [key: string]: Json } } }[] = [];
let submitted: ReturnType<typeof vi.spyOn>;

async function open(person = 'person-1', answer?: (item: { body: { [key: string]: Json } }) => Promise<Response>, ticket = 'T'): Promise<void> {
  vi.resetModules();
  posts.length = 0;
  history.replaceState(null, '', '/c/TOKEN');
  document.body.innerHTML = PAGE.replace('{time}', String(Date.parse('2026-11-22T23:52:00Z'))).replace('{person}', person).replace('{ticket}', ticket);
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const item = JSON.parse(String(init.body)) as { body: { [key: string]: Json } };
    posts.push({ url, item });
    return answer ? answer(item) : Promise.reject(new TypeError('Failed to fetch'));
  });
  submitted = vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(() => undefined);
  await import('@/entries/scan/main');
  await vi.waitFor(() => expect(document.querySelector('#attach-row.zd-later')).toBeNull()); // the script is awake
  await new Promise((resolve) => setTimeout(resolve, 60));
}

const taken = async (item: { body: { [key: string]: Json } }) => {
  const receipt = { client: item.body.client_event_id, body_hash: await sha256OfText(jcs(item.body)), code: '8F3K-Q2WD', seq: 412, at: '2026-11-22T23:52:04.000Z', entry_hash: '9f2c41d07ab3ffff' };
  const attendance = { id: 'event-1', direction: item.body.direction, evidence_line: '证据较充分', session: 'am', service_date: '2026-11-23' };
  return new Response(JSON.stringify({ receipt, attendance, progress: { line: '本周门诊 1/3' } }), { status: 201, headers: { 'content-type': 'application/json' } });
};

const tap = (which = '[data-action]') => document.querySelector<HTMLButtonElement>(which)?.click();

beforeEach(async () => {
  const db = await phone();
  for (const store of ['records', 'facts', 'keys'] as const) await db.clear(store);
});
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 60)); // what is under way must not end in the next page
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await hangUp();
});

describe('one tap', () => {
  it('is on the phone first, then sent, and received only with the receipt', async () => {
    let answerNow: () => void = () => undefined;
    await open('person-1', (item) => new Promise((resolve) => (answerNow = () => void taken(item).then(resolve))));
    tap();
    await vi.waitFor(() => expect(shown('steps')).toContain('已存手机'));
    await vi.waitFor(() => expect(shown('steps')).toContain('发送中'));
    expect(shown('steps')).not.toContain('已收到');
    answerNow();
    await vi.waitFor(() => expect(shown('steps')).toContain('已收到 07:52:04 回执 8F3K-Q2WD'));
    expect(document.querySelector('[data-slot="seq"]')?.textContent).toBe('第 412 条');
    expect(document.querySelector('[data-slot="evidence"]')?.textContent).toBe('证据较充分');
    expect(shown('progress')).toBe('本周门诊 1/3');
    expect(document.querySelector<HTMLAnchorElement>('[data-slot="work"]')?.getAttribute('href')).toBe('/app/work?date=2026-11-23&session=am');
    expect(submitted).not.toHaveBeenCalled();
  });


  it('ten times over makes one record and one post (U05)', async () => {
    await open('person-1', taken);
    for (let n = 0; n < 10; n += 1) tap();
    await vi.waitFor(() => expect(shown('steps')).toContain('已收到'));
    for (let n = 0; n < 10; n += 1) tap();
    expect(posts).toHaveLength(1);
    expect(await all()).toHaveLength(1);
    expect(document.getElementById('tap')?.hidden).toBe(true);
  });

  it('carries token, ticket, direction and person', async () => {
    await open('person-1', taken);
    tap('[data-other]');
    await vi.waitFor(() => expect(posts).toHaveLength(1));
    expect(posts[0]?.url).toBe('/api/checkin/events');
    expect(posts[0]?.item.body).toMatchObject({ site_token: 'TOKEN', ticket: 'T', direction: 'out', person: 'person-1', loc: null, loc_failure: 'not_asked' });
    await vi.waitFor(() => expect(shown('steps')).toContain('已收到'));
  });

  it('sends the 8 digits of the screen where the code earned no ticket', async () => {
    await open('person-1', taken, '');
    expect(document.getElementById('typed-area')?.hidden).toBe(false);
    const field = document.getElementById('typed') as HTMLInputElement;
    field.value = '1234 567';
    tap();
    expect(shown('typed-error')).toBe('请输入屏幕上的 8 位数字,或清空后直接签到');
    expect(await all()).toHaveLength(0);
    field.value = '1234 5678';
    tap();
    await vi.waitFor(() => expect(posts).toHaveLength(1));
    expect(posts[0]?.item.body).toMatchObject({ typed: '12345678', ticket: null });
    expect(shown('typed-error')).toBe('');
  });

  it('does not ask for digits when the scan was fresh', async () => {
    await open('person-1', taken);
    expect(document.getElementById('typed-area')?.hidden).toBe(true);
  });

  it('without network stays on the phone and says why (U14)', async () => {
    await open();
    tap();
    await vi.waitFor(() => expect(shown('steps')).toContain('还没有发出:没有网络'));
    expect(shown('steps')).toContain('已存手机');
    expect(shown('pill')).toBe('1 条未发送');
    expect((await all())[0]).toMatchObject({ state: 'saved', attempts: 1 });
    expect([...document.querySelectorAll<HTMLButtonElement>('#tap button')].every((button) => button.disabled)).toBe(true);
    document.querySelector<HTMLButtonElement>('#steps button')?.click();
    await vi.waitFor(() => expect(posts).toHaveLength(2));
  });

  it('offers the other direction after a minute, without the used ticket, on a page that stays open', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'Date'], shouldAdvanceTime: true, now: Date.parse('2026-11-22T23:52:00Z') });
    await open('person-1', taken);
    tap();
    await vi.waitFor(() => expect(shown('steps')).toContain('已收到'));
    vi.setSystemTime(Date.parse('2026-11-23T03:58:00Z')); // 11:58
    await vi.advanceTimersByTimeAsync(61_000);
    expect(document.getElementById('tap')?.hidden).toBe(false);
    expect(document.querySelector('[data-action]')?.textContent).toBe('签退(上午)');
    expect(document.querySelector('[data-other]')?.textContent).toBe('不是签退?改为签到');
    tap();
    await vi.waitFor(() => expect(posts).toHaveLength(2));
    expect(posts[1]?.item.body).toMatchObject({ direction: 'out', ticket: null });
    expect(posts[1]?.item.body.client_event_id).not.toBe(posts[0]?.item.body.client_event_id);
    await vi.waitFor(async () => expect((await all()).filter((one) => one.state === 'confirmed')).toHaveLength(2));
    vi.useRealTimers();
  });

  it('is sent when the page opens again', async () => {
    await open();
    tap();
    await vi.waitFor(() => expect(shown('steps')).toContain('还没有发出'));
    await open('person-1', taken);
    await vi.waitFor(() => expect(shown('steps')).toContain('已收到 07:52:04'));
    expect(await all()).toHaveLength(1);
  });

  it('without sign-in is kept for the person last signed in, who then signs in', async () => {
    await rememberPerson('person-7');
    await open('', taken);
    const assign = vi.spyOn(window.location, 'assign').mockImplementation(() => undefined);
    tap();
    await vi.waitFor(() => expect(shown('steps')).toContain('已存手机'));
    await vi.waitFor(() => expect(assign).toHaveBeenCalledWith('/login?next=%2Fc%2FTOKEN'), { timeout: 3000 });
    expect(posts).toHaveLength(0);
    expect((await all())[0]).toMatchObject({ personId: 'person-7', body: { person: 'person-7' } });
  });

  it('goes to the plain form when the phone cannot keep it (U02)', async () => {
    await open('person-1', taken);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    tap();
    await vi.waitFor(() => expect(submitted).toHaveBeenCalledTimes(1));
    expect(put).toHaveBeenCalled();
    expect(document.querySelector<HTMLInputElement>('input[type="hidden"][name="direction"]')?.value).toBe('in');
    expect(posts).toHaveLength(0);
  });

  it('refused by the server is kept and shown in words', async () => {
    await open('person-1', async () =>
      new Response(JSON.stringify({ slug: 'no-open-posting', status: 409, title: 'x' }), { status: 409, headers: { 'content-type': 'application/problem+json' } }));
    tap();
    await vi.waitFor(() => expect(shown('steps')).toContain('需要处理:您当前没有派驻任务,未能签到(已留下扫码记录)'));
    expect(await all()).toHaveLength(1);
  });
});

describe('the position', () => {
  const agree = async () => {
    const box = document.getElementById('attach') as HTMLInputElement;
    box.click();
    expect(document.getElementById('consent')?.hidden).toBe(false);
    expect(box.checked).toBe(false);
    (document.getElementById('consent-tick') as HTMLInputElement).checked = true;
    document.getElementById('consent-yes')?.click();
    await vi.waitFor(() => expect(box.checked).toBe(true));
  };
  const geolocation = (ask: (ok: (p: object) => void, no: (e: object) => void) => void) => {
    vi.stubGlobal('isSecureContext', true);
    Object.defineProperty(navigator, 'geolocation', { value: { getCurrentPosition: vi.fn(ask) }, configurable: true });
    return navigator.geolocation.getCurrentPosition as unknown as ReturnType<typeof vi.fn>;
  };
  const here = { coords: { latitude: 36.62, longitude: 101.77, accuracy: 15, altitude: null }, timestamp: Date.parse('2026-11-22T23:52:00Z') };

  it('is not asked for before anybody agreed, and the sheet wants its own tick (S-37)', async () => {
    const asked = geolocation((ok) => ok(here));
    await open('person-1', taken);
    document.getElementById('attach')?.click();
    document.getElementById('consent-yes')?.click();
    expect(document.getElementById('consent-error')?.hidden).toBe(false);
    expect(document.getElementById('consent')?.hidden).toBe(false);
    document.getElementById('consent-no')?.click();
    tap();
    await vi.waitFor(() => expect(shown('steps')).toContain('已收到'));
    expect(asked).not.toHaveBeenCalled();
    expect(posts[0]?.item.body).toMatchObject({ loc: null, loc_failure: 'no_consent' });
  });

  it('follows the words, lies beside the body, and is remembered as wanted', async () => {
    let give: () => void = () => undefined;
    geolocation((ok) => (give = () => ok(here)));
    await open('person-1', taken);
    await agree();
    tap();
    await vi.waitFor(() => expect(shown('steps')).toContain('已存手机'));
    expect(posts).toHaveLength(0);
    give();
    await vi.waitFor(() => expect(shown('steps')).toContain('已收到'));
    expect(posts[0]?.item).toMatchObject({ body: { loc_failure: null }, location: { lat_e6: 36_620_000, accuracy_dm: 150, source: 'browser' } });
    expect(posts[0]?.item.body.loc).toMatch(/^[0-9a-f]{64}$/);
    await open('person-1', taken);
    expect((document.getElementById('attach') as HTMLInputElement).checked).toBe(true);
  });

  it('that never comes delays nothing and leaves its reason (U03)', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'Date'], shouldAdvanceTime: true, now: Date.parse('2026-11-22T23:52:00Z') });
    geolocation(() => undefined);
    await open('person-1', taken);
    await agree();
    tap();
    await vi.waitFor(() => expect(shown('steps')).toContain('已存手机'));
    expect((await all())[0]).toMatchObject({ sealed: false, waitsForFix: true });
    await vi.advanceTimersByTimeAsync(5_100);
    await vi.waitFor(() => expect(shown('steps')).toContain('已收到'));
    expect(posts[0]?.item.body).toMatchObject({ loc: null, loc_failure: 'timeout' });
    expect(document.querySelector('[data-slot="place"]')?.textContent).toBe('已签到,未取得位置(定位超时)');
    vi.useRealTimers();
  });
});

describe('after the receipt', () => {
  it('of a check-out one tap says what was done, and further taps change nothing', async () => {
    await open('person-1', taken);
    tap('[data-other]');
    await vi.waitFor(() => expect(document.getElementById('types')?.hidden).toBe(false));
    const chips = [...document.querySelectorAll<HTMLButtonElement>('#types-chips button')];
    expect(chips.map((one) => one.textContent)).toEqual(['门诊', '查房', '教学', '手术', '会诊', '义诊', '其他']);
    chips[1]?.click();
    chips[0]?.click();
    await vi.waitFor(() => expect(shown('typed-as')).toContain('已收到'));
    const logs = posts.filter((one) => one.url === '/api/worklog/half-days');
    expect(logs).toHaveLength(1);
    expect(logs[0]?.item.body).toMatchObject({ kind: 'half_day', type: 'ward_round', session: 'am', service_date: '2026-11-23', visits: null, times: null });
  });

  it('of a check-in no type is asked for, and the direction can be turned round', async () => {
    await open('person-1', async (item) => (item.body ? taken(item) : Response.json({ id: 'event-1', direction: 'out', direction_source: 'flipped' }, { status: 201 })));
    vi.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-11-22T23:55:00Z'));
    tap();
    await vi.waitFor(() => expect(document.getElementById('flip')?.hidden).toBe(false));
    expect(document.getElementById('types')?.hidden).toBe(true);
    expect(shown('flip')).toBe('方向不对?改为签退');
    document.getElementById('flip')?.click();
    await vi.waitFor(() => expect(shown('flip-said')).toBe('已改为签退'));
    expect(posts[posts.length - 1]).toMatchObject({ url: '/api/checkin/events/event-1/direction', item: { direction: 'out', client_event_id: expect.stringMatching(/^[0-9a-f]{32}$/) } });
    expect(document.getElementById('types')?.hidden).toBe(false);
  });
});

it('the test page has the hooks of the template', () => {
  const template = readFileSync(join(import.meta.dirname, '../../../services/web/templates/scan.html'), 'utf8');
  for (const hook of ['id="scan"', 'id="tap"', 'id="steps"', 'id="done"', 'id="now"', 'id="progress"', 'id="phone"', 'id="pill"', 'id="windows"', 'data-action', 'data-other', 'data-slot="seq"', 'data-slot="hash"', 'data-slot="evidence"', 'data-slot="work"', 'data-person', 'data-server-time', 'id="typed-area"', 'id="typed"', 'id="typed-error"',
    'id="attach-row"', 'id="attach"', 'id="consent"', 'id="consent-tick"', 'id="consent-error"', 'id="consent-yes"', 'id="consent-no"', 'data-slot="place"', 'id="types"', 'id="types-chips"', 'id="typed-as"', 'id="flip"', 'id="flip-said"'])
    expect(template).toContain(hook);
});
