/** Vite plugin: `weui/dist/style/weui.css` becomes only the rules that templates, components and scripts use. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { classesIn, purge } from './purge.ts';

const WEB = join(dirname(fileURLToPath(import.meta.url)), '..');

function textsUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return textsUnder(path);
    return /\.(vue|ts|html|css)$/.test(entry.name) && entry.name !== 'critical.css' ? [readFileSync(path, 'utf8')] : [];
  });
}

export function purged(): Plugin {
  return {
    name: 'zhudian-purged-weui',
    enforce: 'pre',
    transform(css, id) {
      if (!/weui\.css(\?|$)/.test(id)) return null;
      const texts = [...textsUnder(join(WEB, 'src')), ...textsUnder(join(WEB, 'templates'))];
      return { code: purge(css, classesIn(texts), texts.join('\n')), map: null };
    },
  };
}
