/**
 * One reading of the position at one tap (evidence.md §7): never an older fix, at most 5 s, ended at once when the page
 * is hidden. It gives a fix or a code why there is none; it never throws and nothing on the screen waits for it.
 */
import { base64url, fromBase64url } from '../canonical/base64url';
import { jcs } from '../canonical/jcs';
import { sha256 } from '../canonical/sha256';

export const LIMIT_MS = 5_000;

export type Failure = 'not_asked' | 'denied' | 'timeout' | 'unavailable' | 'page_hidden' | 'unsupported' | 'insecure' | 'no_consent' | 'invalid';

/** Degrees in 1e-6, lengths in decimetres (evidence.md §1.3); null when absent, never 0. */
export interface Fix {
  salt: string;
  lat_e6: number;
  lon_e6: number;
  crs: 'wgs84';
  accuracy_dm: number | null;
  altitude_dm: number | null;
  captured_at: string;
  source: 'browser';
}

const DENIED = 1; // GeolocationPositionError
const TIMEOUT = 3;
const whole = (value: number | null | undefined, times: number): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? Math.round(value * times) : null;

/** A reading as it is sent, or `invalid` for one that cannot be a place. */
export function asFix(position: GeolocationPosition): Fix | 'invalid' {
  const { latitude, longitude, accuracy, altitude } = position.coords;
  const [lat, lon] = [whole(latitude, 1e6), whole(longitude, 1e6)];
  if (lat === null || lon === null || (lat === 0 && lon === 0) || Math.abs(lat) > 90e6 || Math.abs(lon) > 180e6) return 'invalid';
  return {
    salt: base64url(crypto.getRandomValues(new Uint8Array(32))),
    lat_e6: lat,
    lon_e6: lon,
    crs: 'wgs84',
    accuracy_dm: whole(accuracy, 10),
    altitude_dm: whole(altitude, 10),
    captured_at: new Date(position.timestamp).toISOString(),
    source: 'browser',
  };
}

/** `loc` of a body: it says nothing about the place and is opened by the location beside it (evidence.md §4). */
export async function commitment(fix: Fix): Promise<string> {
  const { salt, ...rest } = fix;
  const encoder = new TextEncoder();
  return sha256(joined(encoder.encode('zhudian/v1/loc\n'), fromBase64url(salt), encoder.encode(jcs(rest))));
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

export function readFix(): Promise<Fix | Failure> {
  if (typeof isSecureContext !== 'undefined' && !isSecureContext) return Promise.resolve('insecure');
  if (!navigator.geolocation) return Promise.resolve('unsupported');
  return new Promise((resolve) => {
    const end = (result: Fix | Failure) => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', hidden);
      window.removeEventListener('pagehide', gone);
      resolve(result);
    };
    const gone = () => end('page_hidden');
    const hidden = () => document.visibilityState === 'hidden' && gone();
    const timer = setTimeout(() => end('timeout'), LIMIT_MS);
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('pagehide', gone);
    try {
      navigator.geolocation.getCurrentPosition(
        (position) => end(asFix(position)),
        (error) => end(error.code === DENIED ? 'denied' : error.code === TIMEOUT ? 'timeout' : 'unavailable'),
        { enableHighAccuracy: true, maximumAge: 0, timeout: LIMIT_MS },
      );
    } catch {
      end('unavailable');
    }
  });
}
