/**
 * Cuts WeUI down to what our pages use and makes it obey experience.md §5.
 *
 * Kept: rules whose classes all occur in our sources, light and dark of the care palette. Rewritten: text colours
 * that WeUI takes from FG-2 (too pale to read) come from FG-1; text sizes below 18 px become 18 px and follow the root
 * size. Dropped: palettes we never show, mini-program selectors, prefixes older than our targets, fallbacks that a
 * variable follows.
 */
import postcss, { type AtRule, type Declaration, type Root, type Rule } from 'postcss';

const ROOT_PX = 17; // 1rem in our pages; WeUI's own body size
const LEAST_PX = 18;
const DEAD_PREFIX = /^-webkit-(box|flex|align|justify|order|transform|transition|animation|hyphens)/;
const DEAD_VALUE = /^-webkit-(inline-)?(box|flex)$|constant\(|-webkit-linear-gradient|^-webkit-fit-content$/;
const TAG = /(^|[\s>+~,(])(page|navigator|image)\b(?!-)/;

/** Class names as they may be written in templates, components and scripts. */
export function classesIn(sources: string[]): Set<string> {
  const found = new Set<string>();
  for (const source of sources) for (const word of source.match(/(?:weui|zd)-[\w-]+/g) ?? []) found.add(word);
  return found;
}

/** The selector as we need it, or null when it can never match in our pages. */
export function usable(selector: string, used: Set<string>): string | null {
  const plain = selector.trim().replace(/:not\(\[data-weui-theme=['"]light['"]\]\)/g, '');
  if (/\.wx-root|\[data-weui-theme|^:host/.test(plain) || TAG.test(plain)) return null;
  const classes = [...plain.matchAll(/\.(-?[A-Za-z_][\w-]*)/g)].map((match) => match[1] as string);
  if (classes.some((name) => !used.has(name))) return null;
  const parts = [...plain.matchAll(/\[class[*^]=["']([^"']+)["']\]/g)].map((match) => match[1] as string);
  if (parts.some((part) => ![...used].some((name) => name.includes(part)))) return null;
  return plain;
}

function readable(declaration: Declaration): void {
  if (/^(color|-webkit-text-fill-color)$/.test(declaration.prop))
    declaration.value = declaration.value.replace('--weui-FG-2', '--weui-FG-1');
  const size = declaration.prop === 'font-size' ? /^(\d+(?:\.\d+)?)px$/.exec(declaration.value) : null;
  if (size && Number(size[1]) > 0)
    declaration.value = `${+(Math.max(LEAST_PX, Number(size[1])) / ROOT_PX).toFixed(3)}rem`;
}

function tidy(rule: Rule): void {
  const seen = new Map<string, Declaration>();
  rule.walkDecls((declaration) => {
    const { prop, value } = declaration;
    if (DEAD_PREFIX.test(prop) || DEAD_VALUE.test(value) || (prop === 'outline' && value === '0')) {
      declaration.remove();
      return;
    }
    const before = seen.get(prop);
    if (before && !/env\(/.test(value)) before.remove(); // env() keeps its fallback
    seen.set(prop, declaration);
    readable(declaration);
  });
  if (rule.nodes.length === 0) rule.remove();
}

const isPalette = (rule: Rule) => rule.selector.startsWith('body') && !/[ .:+>]/.test(rule.selector);
const scheme = (rule: Rule) =>
  rule.parent?.type === 'atrule' && /dark/.test((rule.parent as AtRule).params) ? 'dark' : 'light';

/** Keep each variable once per scheme (the care palette wins) and only when something reads it. */
function thinVariables(root: Root, alsoRead: string): void {
  const last = new Map<string, Declaration>();
  root.walkRules((rule) => {
    if (!isPalette(rule)) return;
    const care = rule.selector.includes('care');
    rule.walkDecls(/^--/, (declaration) => {
      const key = `${scheme(rule)} ${declaration.prop}`;
      const before = last.get(key);
      if (before && (care || !before.parent || !(before.parent as Rule).selector.includes('care'))) before.remove();
      else if (before) return void declaration.remove();
      last.set(key, declaration);
    });
  });
  for (let changed = true; changed; ) {
    changed = false;
    const read = new Set([...`${root.toString()}${alsoRead}`.matchAll(/var\((--[\w-]+)/g)].map((match) => match[1]));
    root.walkDecls(/^--weui/, (declaration) => {
      if (read.has(declaration.prop)) return;
      declaration.remove();
      changed = true;
    });
  }
}

function dropEmpty(root: Root): void {
  root.walkRules((rule) => void (rule.nodes.length === 0 && rule.remove()));
  root.walkAtRules((at) => void (at.nodes?.length === 0 && at.remove()));
}

/** @param alsoRead other style sheets of the page, whose var() uses keep their variables alive */
export function purge(css: string, used: Set<string>, alsoRead = ''): string {
  const root = postcss.parse(css);
  root.walkComments((comment) => void comment.remove());
  root.walkAtRules(/^-webkit-keyframes$/, (at) => void at.remove());
  root.walkRules((rule) => {
    if (rule.parent?.type === 'atrule' && /keyframes/.test((rule.parent as AtRule).name)) return;
    const kept = rule.selectors.map((one) => usable(one, used)).filter((one) => one !== null);
    if (kept.length === 0) return void rule.remove();
    rule.selectors = [...new Set(kept)];
    tidy(rule);
  });
  dropEmpty(root);
  const alive = root.toString();
  root.walkAtRules(/keyframes$/, (at) => void (new RegExp(`animation[^;]*\\b${at.params}\\b`).test(alive) || at.remove()));
  thinVariables(root, alsoRead);
  dropEmpty(root);
  return root.toString();
}
