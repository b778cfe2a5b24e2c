// @vitest-environment node
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const WEB = join(import.meta.dirname, '..', '..', '..', 'services', 'web');
const KB = 1024;
type Chunk = { file: string; name?: string; isEntry?: boolean; isDynamicEntry?: boolean; imports?: string[]; css?: string[] };
let out = '';
let manifest: Record<string, Chunk> = {};

const zipped = (file: string) => gzipSync(readFileSync(join(out, file)), { level: 9 }).length;

/** Everything a page with this chunk loads, each file once. */
function needs(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key] as Chunk;
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const sheet of chunk.css ?? []) seen.add(sheet);
  for (const other of chunk.imports ?? []) needs(other, seen);
  return seen;
}
const weight = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + zipped(file), 0);

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'zhudian-pages-'));
  vi.stubEnv('NODE_ENV', 'production'); // the runner's own value would build for developers
  await build({ root: WEB, configFile: join(WEB, 'vite.config.ts'), logLevel: 'error', build: { outDir: out, emptyOutDir: true } });
  manifest = JSON.parse(readFileSync(join(out, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>;
}, 120_000);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(out, { recursive: true, force: true });
});

const critical = gzipSync(readFileSync(join(WEB, 'templates', 'critical.css')), { level: 9 }).length;

describe('first load, compressed (experience.md §4)', () => {
  it('the scan page is one script of at most 20 KB without imports', () => {
    const files = needs('src/entries/scan/main.ts');
    expect(files.size).toBe(1);
    expect(weight(files)).toBeLessThanOrEqual(20 * KB);
    expect(critical).toBeLessThanOrEqual(6 * KB);
  });

  it('the first physician page has at most 80 KB and each further one at most 20 KB more', () => {
    const shell = needs('src/entries/physician/main.ts');
    const today = needs('src/screens/physician/TodayScreen.vue', new Set(shell));
    expect(weight(today) + critical).toBeLessThanOrEqual(80 * KB);
    const screens = Object.keys(manifest).filter((key) => key.startsWith('src/screens/physician/'));
    expect(screens).toHaveLength(15);
    for (const screen of screens) {
      const more = [...needs(screen, new Set(shell))].filter((file) => !shell.has(file));
      expect(weight(more), screen).toBeLessThanOrEqual(20 * KB);
    }
  });

  it('the clinic screen is one script', () => {
    expect(needs('src/entries/screen/main.ts').size).toBe(1);
  });
});

describe('built files', () => {
  const files = () => readdirSync(join(out, 'assets'));
  it('carry a hash in their name and a compressed twin', () => {
    const plain = files().filter((name) => !name.endsWith('.gz'));
    for (const name of plain) {
      expect(name).toMatch(/-[\w-]{8}\.(js|css)$/);
      expect(files()).toContain(`${name}.gz`);
    }
  });

  it('never forbid zoom, load from elsewhere, or evaluate text', () => {
    for (const name of files().filter((one) => !one.endsWith('.gz'))) {
      const text = readFileSync(join(out, 'assets', name), 'utf8');
      expect(text, name).not.toMatch(/user-scalable|maximum-scale|setFontSizeCallback|text-size-adjust:\s*none/);
      const links = (text.match(/https?:\/\/[^\s"'`)]+/g) ?? []).filter((one) => !/^https?:\/\/www\.w3\.org\//.test(one) && !one.includes('vuejs.org'));
      expect(links, name).toEqual([]);
      expect(text, name).not.toMatch(/new Function\(|\beval\(/);
    }
  });

  it('stay within the syntax of the oldest web views', () => {
    for (const name of ['scan', 'screen'].map((entry) => files().find((one) => one.startsWith(`${entry}-`) && one.endsWith('.js')) as string)) {
      const code = readFileSync(join(out, 'assets', name), 'utf8').replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
      expect(code, name).not.toMatch(/\?\?|\?\.[A-Za-z_[(]|\?\?=|\|\|=|&&=|\.\.\.[a-z]\w*\}|catch\{|\bimport[ (]/);
    }
  });
});
