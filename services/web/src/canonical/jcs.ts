/**
 * RFC 8785 in the restricted profile of evidence.md §1.3: objects, arrays, strings, booleans, null and integers within
 * ±(2^53−1). The server refuses anything else, so it is refused here first, before a record is sealed.
 */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export class ProfileError extends Error {}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:[^\uD800-\uDBFF]|^)[\uDC00-\uDFFF]/;

function text(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new ProfileError('lone surrogate');
  if (value.normalize('NFC') !== value) throw new ProfileError('not in NFC');
  return JSON.stringify(value);
}

/** The same value with every text in NFC and without broken characters: what a person typed, made fit to be sealed. */
export function normal<T extends Json>(value: T): T {
  if (typeof value === 'string') return value.replace(new RegExp(LONE_SURROGATE, 'g'), '\ufffd').normalize('NFC') as T;
  if (Array.isArray(value)) return value.map(normal) as Json as T;
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.keys(value).map((key) => [key, normal((value as { [key: string]: Json })[key] as Json)] as const);
  return entries.reduce<{ [key: string]: Json }>((made, [key, one]) => ({ ...made, [key]: one }), {}) as T;
}

/** Canonical text of a value of the profile; throws ProfileError for any other. */
export function jcs(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new ProfileError(`not an integer of the profile: ${value}`);
    return String(value === 0 ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`;
  const keys = Object.keys(value).sort(); // by UTF-16 code units, as RFC 8785 §3.2.3 asks
  return `{${keys.map((key) => `${text(key)}:${jcs(value[key] as Json)}`).join(',')}}`;
}
