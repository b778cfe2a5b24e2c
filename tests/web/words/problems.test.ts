import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBLEMS, sentence } from '@/words/problems';
import { loadingWords, reasonWords } from '@/words/reasons';

const REPO = join(import.meta.dirname, '..', '..', '..');

function pythonFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', '__pycache__'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pythonFiles(path) : entry.name.endsWith('.py') ? [path] : [];
  });
}

/** experience.md §6.5: required at least. */
const REQUIRED = [
  'idempotency-conflict', 'not-your-record', 'code-locked', 'code-wrong', 'already-recorded', 'flip-over', 'no-open-posting', 'erased',
  'unknown-code', 'photo-unreadable', 'photo-too-large', 'text-empty', 'month-not-begun', 'not-found', 'workbook-invalid',
  'second-factor-required', 'correction-window-over', 'correction-quota-used', 'month-locked', 'self-approval', 'leave-level',
  'not-independent', 'already-decided', 'spot-closed', 'rate-limited', 'unavailable', 'invalid-body', 'not-signed-in', 'forbidden',
];

describe('every problem has one sentence', () => {
  it.each(REQUIRED)('%s', (slug) => expect(PROBLEMS[slug]).toMatch(/[\u4e00-\u9fff]/));

  it('also those that the services define', () => {
    const slugs = new Set<string>();
    for (const folder of ['shared', 'services', 'checkin', 'notifier'])
      for (const path of pythonFiles(join(REPO, folder)))
        for (const match of readFileSync(path, 'utf8').matchAll(/^\s+status, slug, title = \d+, "([a-z-]+)"/gm)) slugs.add(match[1] as string);
    expect(slugs.size).toBeGreaterThan(15);
    expect([...slugs].filter((slug) => !PROBLEMS[slug])).toEqual([]);
  });
});

describe('a sentence', () => {
  it.each([
    [{ slug: 'already-recorded', status: 409, receipt: { code: '8F3K-Q2WD' } }, '这次签到之前已收到,回执 8F3K-Q2WD'],
    [{ slug: 'rate-limited', status: 429, n: 12 }, '操作太快了,12 秒后再试'],
    [{ slug: 'invalid-body', status: 422, field: 'body.visits' }, '有一项填写不对:人次'],
    [{ slug: 'invalid-body', status: 422, field: 'body.activities.0.count' }, '有一项填写不对:次数'],
    [{ slug: 'invalid-body', status: 422, field: 'body.secret_name' }, '有一项填写不对'],
    [{ slug: 'month-locked', status: 409, title: 'x' }, '本月已锁定,更正会以新版本出具'],
    [{ slug: 'new-one', status: 409, title: '服务器的句子' }, '服务器的句子'],
    [{ slug: 'new-one', status: 409, title: 'English only' }, '服务出了问题,请稍后再试'],
  ])('of %j', (problem, expected) => expect(sentence(problem)).toBe(expected));

  it('never shows a placeholder or English', () => {
    for (const slug of Object.keys(PROBLEMS)) {
      const words = sentence({ slug, status: 409 });
      expect(words, slug).not.toMatch(/[{}]|[A-Za-z]{3}/);
      expect(words.length, slug).toBeGreaterThan(3);
    }
  });

  it('says why a record still waits', () => {
    expect(reasonWords({ type: 'local', code: 'offline' })).toBe('没有网络,连上后自动发送');
    expect(loadingWords({ type: 'local', code: 'offline' })).toBe('没有网络');
    expect(loadingWords({ type: 'problem', problem: { slug: 'unavailable', status: 503 } })).toBe('服务暂时不可用');
    expect(loadingWords({ type: 'problem', problem: { slug: 'forbidden', status: 403 } })).toBe('您没有这项权限');
    expect(reasonWords({ type: 'problem', problem: { slug: 'forbidden', status: 403 } })).toBe('您没有这项权限');
  });
});
