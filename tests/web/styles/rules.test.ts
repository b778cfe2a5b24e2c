import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import postcss from 'postcss';
import { describe, expect, it } from 'vitest';
import { critical, CRITICAL } from '../../../services/web/build/critical';
import { classesIn, purge, usable } from '../../../services/web/build/purge';

const WEB = join(import.meta.dirname, '..', '..', '..', 'services', 'web');

function filesUnder(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path, ending) : ending.test(entry.name) ? [path] : [];
  });
}

const sources = [...filesUnder(join(WEB, 'src'), /\.(vue|ts|css)$/), ...filesUnder(join(WEB, 'templates'), /\.(html|css)$/)];
const text = (path: string) => readFileSync(path, 'utf8');
const withoutComments = (code: string) => code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1').replace(/<!--[\s\S]*?-->/g, '').replace(/\{#[\s\S]*?#\}/g, '');
const weui = text(join(WEB, 'node_modules', 'weui', 'dist', 'style', 'weui.css'));
const sheets = { critical: text(CRITICAL), app: purge(weui, classesIn(sources.map(text)), text(join(WEB, 'src/styles/app.css'))), base: text(join(WEB, 'src/styles/base.css')), own: text(join(WEB, 'src/styles/app.css')) };

describe('pages keep zoom and large text (experience.md §5)', () => {
  it.each(sources.map((path) => [path.slice(WEB.length + 1), path]))('%s', (_name, path) => {
    expect(text(path)).not.toMatch(/user-scalable|maximum-scale|setFontSizeCallback|text-size-adjust:\s*none/);
  });
});

describe.each(Object.entries(sheets))('style sheet %s', (_name, css) => {
  it('never colours text with FG-2', () => {
    const found: string[] = [];
    postcss.parse(css).walkDecls(/^(color|-webkit-text-fill-color)$/, (one) => {
      if (/--weui-FG-2|--weui-FG-3|--weui-FG-4/.test(one.value)) found.push(`${(one.parent as { selector?: string }).selector} ${one}`);
    });
    // lines drawn by ::before/::after and disabled buttons take these on purpose; nothing is read there
    expect(found.filter((one) => !/:(before|after)|disabled/.test(one))).toEqual([]);
  });

  it('has no text smaller than 18 px at a 17 px root', () => {
    const small: string[] = [];
    postcss.parse(css).walkDecls('font-size', (one) => {
      const rem = /^([\d.]+)rem$/.exec(one.value);
      const px = /^([\d.]+)px$/.exec(one.value);
      if ((rem && Number(rem[1]) * 17 < 17.99) || (px && Number(px[1]) > 0)) small.push(String(one));
    });
    expect(small).toEqual([]);
  });

  it('loads nothing from elsewhere', () => expect(css).not.toMatch(/url\(["']?(https?:)?\/\/|@import/));
});

describe('words', () => {
  const components = sources.filter((path) => /\.(vue|ts)$/.test(path) && !path.includes('/words/'));
  it.each(components.map((path) => [path.slice(WEB.length + 1), path]))('no Chinese in %s', (_name, path) => {
    expect(withoutComments(text(path))).not.toMatch(/[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/);
  });

  it.each(sources.filter((path) => /words|templates.*html/.test(path)).map((path) => [path.slice(WEB.length + 1), path]))('no exclamation mark in %s', (_name, path) => {
    expect(text(path)).not.toContain('\uff01');
  });
});

describe('components', () => {
  it.each(sources.filter((path) => path.endsWith('.vue')).map((path) => [path.slice(WEB.length + 1), path]))('%s has at most 200 lines', (_name, path) => {
    expect(text(path).split('\n').length).toBeLessThanOrEqual(200);
  });
});

describe('WeUI cut down', () => {
  it('is the file in templates', () => expect(critical()).toBe(text(CRITICAL)));

  it('is safe inside a Jinja template and a style element', () => expect(text(CRITICAL)).not.toMatch(/\{[{%#]|<\//));

  it.each([
    ['.weui-btn_primary', '.weui-btn_primary'],
    ['.weui-btn_mini', null],
    [".wx-root[data-weui-theme='dark'] .weui-btn", null],
    ["body:not([data-weui-theme='light'])", 'body'],
    ['page', null],
    ['a:hover', 'a:hover'],
  ])('%s becomes %s', (selector, expected) => expect(usable(selector, new Set(['weui-btn', 'weui-btn_primary']))).toBe(expected));

  it('keeps the care palette of both schemes and only what is read', () => {
    const css = purge(weui, new Set(['weui-btn', 'weui-btn_primary']));
    expect(css).toContain('--weui-BRAND: #018942');
    expect(css).not.toContain('--weui-PURPLE');
    expect(css.match(/--weui-BRAND:/g)).toHaveLength(2);
  });
});
