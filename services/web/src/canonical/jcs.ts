/**
 * RFC 8785 in the restricted profile of evidence.md §1.3: objects, arrays, strings, booleans, null and integers within
 * ±(2^53−1). The server refuses anything else, so it is refused here first, before a record is sealed.
 */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export class ProfileError extends Error {}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:[^\uD800-\uDBFF]|^)[\uDC00-\uDFFF]/;

function text(value: string): string {
  const normal = value.normalize('NFC');
  if (LONE_SURROGATE.test(normal)) throw new ProfileError('lone surrogate');
  return JSON.stringify(normal);
}

/** Canonical text of a value; strings come out in NFC. */
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
