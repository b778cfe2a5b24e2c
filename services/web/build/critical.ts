/**
 * templates/critical.css: the style that stands inline in every server-rendered page.
 *
 * It is kept in the repository so that pages render before anything was built; `npm run critical` writes it and a test
 * compares it. Source: weui.css cut down to the classes of the templates, then src/styles/base.css.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Features, transform } from 'lightningcss';
import { classesIn, purge } from './purge.ts';

export const WEB = join(dirname(fileURLToPath(import.meta.url)), '..');
export const CRITICAL = join(WEB, 'templates', 'critical.css');
export const TARGETS = { chrome: 61 << 16, safari: 12 << 16, ios_saf: 12 << 16 };

/** Style sheet text, minified, no comments except the licence line. */
export function critical(): string {
  const folder = join(WEB, 'templates');
  const pages = readdirSync(folder).filter((name) => name.endsWith('.html')).map((name) => readFileSync(join(folder, name), 'utf8'));
  const own = readFileSync(join(WEB, 'src', 'styles', 'base.css'), 'utf8');
  const weui = readFileSync(join(WEB, 'node_modules', 'weui', 'dist', 'style', 'weui.css'), 'utf8');
  const css = `${purge(weui, classesIn(pages), own)}\n${own}`;
  const { code } = transform({ filename: 'critical.css', code: Buffer.from(css), minify: true, targets: TARGETS, exclude: Features.LightDark });
  return `/*! parts of WeUI 2.6.26, MIT, Tencent */${code.toString()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(CRITICAL, critical());
