import { describe, expect, it } from 'vitest';
import { jcs, normal, ProfileError } from '@/canonical/jcs';
import { newEventId, sha256, sha256OfText, sha256Plain } from '@/canonical/sha256';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('canonical JSON', () => {
  it('sorts keys by UTF-16 code units and writes no blanks', () => {
    expect(jcs({ b: 1, a: [true, null, 'x'], '\u{1F600}': 1, '\uFFE5': 2 })).toBe('{"a":[true,null,"x"],"b":1,"😀":1,"\uFFE5":2}');
  });
  it('escapes as RFC 8785 §3.2.2.2 does', () => {
    expect(jcs('\u20ac$\u000f\nA\'B"\\/')).toBe('"€$\\u000f\\nA\'B\\"\\\\/"');
  });
  it('makes typed text fit: NFC, no half characters', () => {
    expect(normal({ text: ['e\u0301', 'a\ud800b', '\u{1F600}'], n: null })).toEqual({ text: ['é', 'a\ufffdb', '\u{1F600}'], n: null });
    expect(() => jcs('e\u0301')).toThrow(ProfileError);
  });
  it.each([[1.5], [2 ** 53], [Number.NaN], ['\ud800']])('refuses %s, which is outside the profile', (value) => {
    expect(() => jcs(value)).toThrow(ProfileError);
  });
});

describe('SHA-256', () => {
  // FIPS 180-4 examples, and lengths around the block border
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  ])('gives the published digest of %j', (text, digest) => {
    expect(sha256Plain(bytes(text))).toBe(digest);
  });
  it.each([55, 56, 63, 64, 65, 119, 1000])('agrees with WebCrypto at %i bytes', async (length) => {
    const data = new Uint8Array(length).map((_, index) => index * 7);
    expect(sha256Plain(data)).toBe(await sha256(data));
  });
  it('hashes text as UTF-8', async () => {
    expect(await sha256OfText('签到')).toBe(sha256Plain(bytes('签到')));
  });
});

it('makes a new client_event_id of 32 lower-case hex digits each time', () => {
  const made = new Set(Array.from({ length: 50 }, newEventId));
  expect(made.size).toBe(50);
  for (const id of made) expect(id).toMatch(/^[0-9a-f]{32}$/);
});
