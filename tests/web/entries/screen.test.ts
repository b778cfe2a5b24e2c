import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { qrPath } from '@/ui/qr';

const PAGE = `<main id="screen" data-code-url="/screen/S/code" data-server-time="{time}">
<div id="qr"></div><p id="typed"></p><p id="left"></p><p id="clock"></p><p id="note" hidden></p></main>`;
const shown = (id: string) => document.getElementById(id)?.textContent ?? '';
const NOW = Date.parse('2026-11-22T23:52:00Z');
const code = (n: number, more: object = {}) => ({ url: `https://example.test/c/T?k=${n}`, typed: '12345678', expires_in_ms: 15_000, server_time: new Date(Date.now()).toISOString(), ...more });
let answer: () => Promise<Response>;
let asked = 0;

async function open(): Promise<void> {
  vi.resetModules();
  asked = 0;
  document.body.innerHTML = PAGE.replace('{time}', String(Date.now()));
  vi.stubGlobal('fetch', () => {
    asked += 1;
    return answer();
  });
  await import('@/entries/screen/main');
  await vi.advanceTimersByTimeAsync(50);
}

beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('draws the code, groups the digits, counts down and asks again when the slot ends', async () => {
  answer = async () => Response.json(code(asked));
  await open();
  expect(document.querySelector('#qr svg path')?.getAttribute('d')).toBe(qrPath('https://example.test/c/T?k=1').path);
  expect(shown('typed')).toBe('1234 5678');
  await vi.advanceTimersByTimeAsync(5000);
  expect(shown('left')).toMatch(/^(9|10) 秒后更新$/);
  expect(shown('clock')).toBe('2026-11-23 07:52:05');
  await vi.advanceTimersByTimeAsync(11_000);
  expect(asked).toBe(2);
  expect(document.querySelector('#qr svg path')?.getAttribute('d')).toBe(qrPath('https://example.test/c/T?k=2').path);
});

it('says how far the machine clock is off and shows the server clock', async () => {
  answer = async () => Response.json(code(1, { server_time: new Date(NOW + 90_000).toISOString() }));
  await open();
  await vi.advanceTimersByTimeAsync(300);
  expect(shown('note')).toBe('屏幕时间偏差 90 秒,已按服务器校正');
  expect(shown('clock')).toMatch(/^2026-11-23 07:53:30$/);
});

it('never leaves an old code on the screen when the network is away', async () => {
  answer = async () => (asked === 1 ? Response.json(code(1)) : Promise.reject(new TypeError('Failed to fetch')));
  await open();
  await vi.advanceTimersByTimeAsync(16_000);
  expect(shown('note')).toContain('没有网络');
  expect(document.querySelector('#qr svg')).not.toBeNull();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(document.querySelector('#qr svg')).toBeNull();
  expect(shown('typed')).toBe('');
});

it('says so when its address was revoked', async () => {
  answer = async () => Response.json({ slug: 'not-found' }, { status: 404 });
  await open();
  expect(shown('note')).toContain('已停用');
  expect(document.querySelector('#qr svg')).toBeNull();
});
